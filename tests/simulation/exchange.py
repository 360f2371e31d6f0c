"""Where boto3's real clients meet a world's wire.

botocore calls `before-call` once a request is checked and written; what a handler gives back
stands for the answer. So parameters, errors and their classes are botocore's own, and HTTP and
its signatures are left out.
"""

import base64
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from botocore.exceptions import ReadTimeoutError

from functions.shared.aws import mail, secrets, signing, table
from tests.simulation.values import DynamoError, Json
from tests.simulation.wire import BROKEN, Request, Wire

HTTP_OK, HTTP_REFUSED, HTTP_BROKEN = 200, 400, 500
API_PATIENCE_MS = 8_000
URL = "https://aws.example"


@dataclass(frozen=True, slots=True)
class Http:
    """As much of an HTTP answer as botocore looks at."""

    status_code: int
    headers: ClassVar[dict[str, str]] = {}


class _Exchange:
    """Which wire is in use: one world at a time in a process."""

    wire: Wire | None = None


def plug(wire: Wire | None) -> None:
    """Let all calls of this process go over a wire."""
    _Exchange.wire = wire


def posted(_: object, document: bytes) -> bytes:
    """Stand for the HTTP of CMI's XML API: over the same wire, with its faults."""
    assert _Exchange.wire is not None
    request = Request("cmi", "Post", {"document": document.decode()}, 1, API_PATIENCE_MS)
    try:
        return str(_Exchange.wire.call(request)["document"]).encode()
    except (ReadTimeoutError, DynamoError):
        return b""


def _request(service: str, operation: str, params: Json, config: Any) -> Request:  # noqa: ANN401 - botocore's
    retries = config.retries or {}
    tries = int(retries.get("total_max_attempts", 5))
    return Request(service, operation, params, tries, int(config.read_timeout * 1000))


def _exchanged(request: Request) -> tuple[Http, Json]:
    if _Exchange.wire is None:
        raise AssertionError("a call to AWS outside any world")
    try:
        return Http(HTTP_OK), _Exchange.wire.call(request) | {"ResponseMetadata": {}}
    except DynamoError as error:
        told = {"Code": error.code, "Message": error.message}
        status = HTTP_BROKEN if error.code == BROKEN else HTTP_REFUSED
        answered = {"Error": told, "ResponseMetadata": {"HTTPStatusCode": status}}
        return Http(status), answered | error.facts


def _answer(model: Any, params: Json, context: Json, **_: object) -> tuple[Http, Json]:  # noqa: ANN401 - botocore's
    service, config = model.service_model.service_name, context["client_config"]
    return _exchanged(_request(service, model.name, json.loads(params["body"]), config))


def attach(client: Any) -> None:  # noqa: ANN401 - a boto3 client
    """Let a real client's calls go over the wire. Who it is and where it calls does not matter."""
    client.meta.events.register_first("before-call", _answer)
    client._user_agent_creator.to_string = lambda: "simulation"
    client._resolve_endpoint_ruleset = lambda *_: (URL, {}, {})


CLIENTS: tuple[Any, ...] = (table.client, secrets.client, mail.client, signing.client)


def attach_all() -> None:
    """Let every client of the functions' code go over the wire."""
    for made in CLIENTS:
        made.cache_clear()
        attach(made())


def through_botocore(*, on: bool) -> None:
    """Let botocore check and write each request, as in life, or leave it out: it takes its time."""
    for made in CLIENTS:
        client = made()
        client.__dict__.pop("_make_api_call", None)
        if not on:
            client._make_api_call = partial(_straight, client)


def _straight(client: Any, operation: str, params: Json) -> Json:  # noqa: ANN401 - a boto3 client
    """Do a call of a client as botocore does it where nothing is wrong with its parameters."""
    service = client.meta.service_model.service_name
    # DynamoDB's parameters are texts already, and nobody changes them on the way.
    if service != "dynamodb":
        params = json.loads(json.dumps(params, default=_base64))
    http, answer = _exchanged(_request(service, operation, params, client.meta.config))
    if http.status_code != HTTP_OK:
        raise client.exceptions.from_code(answer["Error"]["Code"])(answer, operation)
    return answer


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def blob(text: str) -> bytes:
    """Read binary content as it goes over the wire."""
    return base64.b64decode(text)
