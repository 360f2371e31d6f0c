"""What a function is told by its environment, checked before its first event."""

import os
from functools import cache
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from functions.shared.rules.fees import Tariffs, tariffs

Fees = Annotated[Tariffs, BeforeValidator(tariffs)]


class Settings(BaseModel):
    """What every function is told. Field names are the variables' names in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    stage: Literal["local", "dev", "staging", "production"]
    table: str
    token_secret: str


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
