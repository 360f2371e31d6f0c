"""What goes over the wire to AWS: counted, lost on the way, or answered into the void."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ReadTimeoutError

from functions.shared.aws import mail, secrets, signing, table
from functions.shared.rules.orders import Due
from tests.portal import ACCOUNT, NUMBER, Json

CLIENTS = (table.client, secrets.client, mail.client, signing.client)


def quarters(count: int, amount_centimes: int = 100_000) -> list[Due]:
    """Give a number's dues for `count` quarters from 2018 on, oldest first."""
    return [
        Due(NUMBER, 2018 + n // 4, n % 4 + 1, amount_centimes + n, f"BPC{n:04d}", ACCOUNT)
        for n in range(count)
    ]


@contextmanager
def calls() -> Iterator[list[str]]:
    """List the AWS calls made meanwhile, by the names of their operations."""
    made: list[str] = []

    def note(event_name: str, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        made.append(event_name.rpartition(".")[2])

    with registered("before-call", note, first=True):
        yield made


@contextmanager
def sent() -> Iterator[list[Json]]:
    """List the parameters of the AWS calls made meanwhile."""
    made: list[Json] = []

    def note(params: Json, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        made.append(dict(params))

    with registered("provide-client-params", note, first=True):
        yield made


@contextmanager
def lost(operation: str, *, times: int = 99, applied: bool) -> Iterator[list[str]]:
    """Let the first `times` answers of an operation never come; `applied`: it was done.

    Lists what was lost. botocore's own pauses are left out.
    """
    gone: list[str] = []

    def drop(event_name: str, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        if event_name.endswith(f".{operation}") and len(gone) < times:
            gone.append(event_name)
            raise ReadTimeoutError(endpoint_url="https://aws.example")

    # moto answers in the middle of this event: who comes last comes after the fact.
    with (
        patch("botocore.endpoint.time.sleep"),
        registered("before-send", drop, first=not applied),
    ):
        yield gone


@contextmanager
def registered(event: str, handler: Any, *, first: bool = True) -> Iterator[None]:  # noqa: ANN401 - likewise
    """Have every AWS client of the functions tell `handler` of an event, before others or after."""
    emitters = [client().meta.events for client in CLIENTS]
    for emitter in emitters:
        (emitter.register_first if first else emitter.register_last)(event, handler)
    try:
        yield
    finally:
        for emitter in emitters:
            emitter.unregister(event, handler)
