"""Records what a function says to AWS during an event, and what it hears, to play it again."""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.httpsession import URLLib3Session

from bench.figures import Json
from tests.handlers.wire import CLIENTS
from tests.portal import TEMPLATE, Portal, forget_facts

EVENT = "provide-client-params"


@contextmanager
def recorded(clients: Sequence[Any] = ()) -> Iterator[list[Json]]:
    """List the calls made meanwhile by some clients, or by the functions'.

    Of each its service, operation and parameters, and the answer's status and bytes.
    """
    made: list[Json] = []
    really_send = URLLib3Session.send

    def note(params: Json, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
        service = model.service_model.service_name
        made.append({"service": service, "operation": model.name, "params": dict(params)})

    def send(session: URLLib3Session, request: Any) -> Any:  # noqa: ANN401 - botocore's
        answer = really_send(session, request)
        made[-1] |= {
            "status": answer.status_code,
            "body": base64.b64encode(answer.content).decode(),
        }
        return answer

    with listening(clients, note), patch.object(URLLib3Session, "send", send):
        yield made


@contextmanager
def listening(clients: Sequence[Any], told: Callable[..., Json | None]) -> Iterator[None]:
    """Have clients, or the functions', tell of the parameters of each call; the last come last."""
    emitters = [client.meta.events for client in clients or [make() for make in CLIENTS]]
    for emitter in emitters:
        emitter.register_last(EVENT, told)
    try:
        yield
    finally:
        for emitter in emitters:
            emitter.unregister(EVENT, told)


def of_event(portal: Portal, event: Json) -> Json:
    """Run an event's function as a container's first; give the event with what AWS said.

    `first`: every call; `calls`: those of any event after it, when secrets and settings are known.
    """
    forget_facts()
    function = function_of(event)
    with recorded() as made:
        portal.invoke(function, event)
    once = {"GetSecretValue", "GetItem"} if function == "LookupFunction" else {"GetSecretValue"}
    calls = [call for call in made if call["operation"] not in once]
    return {"handler": portal.functions[function], "event": event, "first": made, "calls": calls}


def function_of(event: Json) -> str:
    """Name the function that an event of the API, the stream or the schedule goes to."""
    if "requestContext" in event:
        request = event["requestContext"]["http"]
        return TEMPLATE.routes()[request["method"], request["path"]]
    scheduled = event.get("sweep") or event.get("forget")
    return "SettlementFunction" if scheduled else "LetterFunction"


def plain(value: object) -> Json:
    """Write bytes in JSON."""
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(type(value))
