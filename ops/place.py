"""Which portal the commands work on: the one that TABLE names, or the stack on this machine."""

import os
from datetime import UTC, datetime

from functions.shared import outside
from functions.shared.aws import table
from functions.shared.rules.errors import Unavailable

AWS_PORT = "8002"
# Keys of nobody's: without TABLE no command can reach a real account.
_LOCAL = {
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


class NowhereError(Exception):
    """No portal to work on; the message says what to set."""


def find() -> None:
    """Turn the commands to the local stack where TABLE is not set; raise NowhereError."""
    if os.environ.get("TABLE"):
        return
    url = f"http://127.0.0.1:{os.environ.get('AWS_PORT') or AWS_PORT}"
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL_DYNAMODB"):
        os.environ.pop(name, None)
    os.environ.update(_LOCAL | {"AWS_ENDPOINT_URL": url})
    os.environ["TABLE"] = _only_table(url)
    if started := os.environ.get("PORTAL_NOW"):
        _set_clock(started)


def _only_table(url: str) -> str:
    try:
        with table.translated():
            names = table.client().list_tables()["TableNames"]
    except Unavailable:
        names = []
    if len(names) != 1:
        table.client.cache_clear()
        raise NowhereError(
            f"TABLE is not set, and no local stack answers at {url}: start it by `make run` "
            "(AWS_PORT says where it listens), or set TABLE, AWS_REGION and your credentials."
        )
    return names[0]


def _set_clock(instant: str) -> None:
    """Let it be `instant`, as `make run` was told."""
    try:
        begun = datetime.fromisoformat(instant)
    except ValueError:
        begun = None
    if begun is None or begun.tzinfo is None:
        raise NowhereError(f"PORTAL_NOW is {instant!r}: give one like 2020-05-05T21:50:51+00:00.")
    ahead = begun - datetime.now(UTC)
    outside.now = lambda: datetime.now(UTC) + ahead
