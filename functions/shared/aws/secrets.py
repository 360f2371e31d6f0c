"""Secrets: read when first needed, kept for five minutes (`reliability.md` §6.3)."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.aws import clients
from functions.shared.rules import keys
from functions.shared.rules.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_FRESH = timedelta(minutes=5)
# In doubt, or while the store is silent, it is asked once a minute: whoever sends forged
# messages decides neither how often nor how long a callback waits for it.
_PAUSE = timedelta(minutes=1)
_USABLE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Keys, when they were read, and when the store was last asked for them."""

    keys: keys.Keys
    read_at: datetime
    asked_at: datetime


_kept: dict[str, _Kept] = {}


@cache
def client() -> "SecretsManagerClient":
    """Give the container's Secrets Manager client."""
    config = Config(connect_timeout=1, read_timeout=1.5, retries={"total_max_attempts": 2})
    made: SecretsManagerClient = clients.make("secretsmanager", config)
    return made


def read(name: str, now: datetime, *, doubted: bool = False) -> keys.Keys:
    """Give a secret's keys. If the store is silent, those read in the last 15 minutes serve.

    `doubted`: something did not match them; they may have been rotated, and are read again, at
    most once a minute. Raise Unavailable where there are none (a check is never skipped, event
    57), and ValueError for a key that must not be used here.
    """
    kept = _kept.get(name)
    if kept and _stands(kept, now, doubted=doubted):
        return kept.keys
    try:
        text = client().get_secret_value(SecretId=name)["SecretString"]
    except (BotoCoreError, ClientError) as error:
        if kept and now - kept.read_at < _USABLE:
            _kept[name] = replace(kept, asked_at=now)
            return kept.keys
        raise Unavailable from error
    # Whoever does not say where it runs is not believed to run on a developer's machine.
    read_keys = keys.read(text, local=os.environ.get("STAGE") == "local")
    _kept[name] = _Kept(read_keys, now, now)
    return read_keys


def check(name: str, now: datetime) -> None:
    """Refuse to start with keys that must not be used here: raise ValueError.

    A store that is silent is no reason not to start: it is asked again by whoever needs a key.
    """
    with suppress(Unavailable):
        read(name, now)


def _stands(kept: _Kept, now: datetime, *, doubted: bool) -> bool:
    """Say whether kept keys serve without asking the store."""
    age = now - kept.read_at
    if age < _FRESH and not doubted:
        return True
    return age < _USABLE and now - kept.asked_at < _PAUSE
