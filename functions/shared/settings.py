"""What a function is told by its environment, checked before its first event."""

import os
from functools import cache
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from functions.shared.rules import origin
from functions.shared.rules.fees import Tariffs, tariffs
from functions.shared.rules.languages import offered

Fees = Annotated[Tariffs, BeforeValidator(tariffs)]
Languages = Annotated[tuple[str, ...], BeforeValidator(offered)]


class Settings(BaseModel):
    """What every function is told. Field names are the variables' names in lower case.

    `payments`: `closed` begins no new ones. `frozen`: the table was restored from a backup and
    lacks what happened since, so nothing is captured, settled, sent or told on its word.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    stage: Literal["local", "dev", "staging", "production"]
    table: str
    token_secret: str
    payments: Literal["open", "closed", "frozen"]


class Serving(Settings):
    """What functions behind CloudFront are told; `origin_digests`: by what they know it."""

    origin_digests: Annotated[tuple[str, ...], BeforeValidator(origin.digests)]


class Offering(Serving):
    """What functions are told that take a payer's language: those this deployment offers."""

    languages: Languages


S = TypeVar("S", bound=Settings)


class SettingsError(Exception):
    """The environment lacks a setting or holds a wrong one; the message names each."""


@cache
def read(model: type[S]) -> S:
    """Give a function's settings, read once a container; raise SettingsError."""
    given = {name: os.environ[name.upper()] for name in model.model_fields if _set(name)}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = [f"{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise SettingsError("; ".join(wrong)) from None


def _set(name: str) -> bool:
    return name.upper() in os.environ
