"""Secrets: read when first needed, kept for five minutes (`reliability.md` §6.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.rules import keys
from functions.shared.rules.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_FRESH = timedelta(minutes=5)
_FRESH_IN_DOUBT = timedelta(minutes=1)
_USABLE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: keys.Keys
    read_at: datetime


_kept: dict[str, _Kept] = {}


@cache
def _client() -> "SecretsManagerClient":
    config = Config(connect_timeout=1, read_timeout=1.5, retries={"total_max_attempts": 2})
    return boto3.client("secretsmanager", config=config)


def read(name: str, now: datetime, *, doubted: bool = False) -> keys.Keys:
    """Give a secret's keys. If the store is silent, those read in the last 15 minutes serve.

    `doubted`: something did not match them; they may have been rotated, and are read again, at
    most once a minute. Raise Unavailable where there are none: a check is never skipped (event 57).
    """
    kept = _kept.get(name)
    if kept and now - kept.read_at < (_FRESH_IN_DOUBT if doubted else _FRESH):
        return kept.keys
    try:
        text = _client().get_secret_value(SecretId=name)["SecretString"]
    except (BotoCoreError, ClientError) as error:
        if kept and now - kept.read_at < _USABLE:
            return kept.keys
        raise Unavailable from error
    _kept[name] = _Kept(keys.read(text), now)
    return _kept[name].keys
