"""The worlds' deployment is the template's, and its events are those of API Gateway."""

from datetime import UTC, datetime

import pytest
from werkzeug.test import EnvironBuilder

from local import edge, events
from tests.simulation import deployment
from tests.simulation.browser import FORM, event

# What a browser of the worlds leaves out, for no function reads it.
LEFT_OUT = {"accountId", "apiId", "domainName", "domainPrefix", "time"}


@pytest.mark.parametrize(("kind", "body"), [("application/json", "{}"), (FORM, "oid=1&HASH=x")])
def test_events(kind: str, body: str) -> None:
    """A request of a world reaches a function as one of the local gateway does."""
    builder = EnvironBuilder(
        "/cmi/return", method="POST", query_string="l=fr", data=body, content_type=kind
    )
    now = datetime.now(UTC)
    forwarded = edge.forwarding(deployment.described()).apply(builder.get_request())
    theirs = events.event_of(forwarded, now)
    ours = event("/cmi/return", body, kind, "192.0.2.1", now, "l=fr")
    for name in ("version", "routeKey", "rawPath", "rawQueryString", "body", "isBase64Encoded"):
        assert ours[name] == theirs[name]
    assert ours["queryStringParameters"] == theirs["queryStringParameters"]
    assert ours["requestContext"]["timeEpoch"] == theirs["requestContext"]["timeEpoch"]
    assert set(theirs["requestContext"]) - set(ours["requestContext"]) == LEFT_OUT
    assert set(ours["headers"]) <= set(theirs["headers"])


def test_environment() -> None:
    """Every function gets all that the template tells it, with nothing left unresolved."""
    told = deployment.environment()
    for function in deployment.described().functions():
        assert set(function.environment) <= set(told)
    assert not [name for name, value in told.items() if "${" in value or "{'" in value]
