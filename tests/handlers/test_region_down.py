"""DynamoDB failing for everybody, or for one key: plain answers, and nothing false said."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.handlers.test_receipt import handle
from tests.handlers.wire import lost, registered
from tests.portal import GOLDEN, NUMBER, Json, Portal, copied, signed

OTHER = "222222222"
CALLS = ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems")
THROTTLED = (
    b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",'
    b' "message": "too much for this key"}'
)


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


@contextmanager
def down() -> Iterator[None]:
    """Let no call to DynamoDB be answered."""
    with ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(lost(name, applied=False))
        yield


def test_region_down(portal: Portal, order: Json) -> None:
    """With DynamoDB down no payment begins or is called anything, and nothing is captured (event 105)."""
    shown, wanted = portal.post("/api/control-code").json, portal.wanted()
    opened, before = handle(portal, order), portal.rows()
    by_number = {"reference": order["reference"], "registration_number": NUMBER}
    with down():
        asked = [
            portal.post("/api/control-code"),
            portal.post("/api/lookup", copied(shown, NUMBER)),
            portal.post("/api/lookup", {"session": wanted["session"]}),
            portal.post("/api/checkout", wanted),
            portal.post("/api/receipt", by_number),
            portal.post("/api/receipt", {"handle": opened}),
            portal.post("/api/receipt/letter", by_number),
            portal.post("/api/receipt/pdf", by_number),
        ]
        assert {(answer.status, answer.code) for answer in asked} == {(503, "unavailable")}
        assert portal.verdict(order).text == "FAILURE"
        back = portal.call("POST", "/cmi/return", form=signed(order), query="l=fr")
        assert back.headers["location"].startswith("/fr/assure/recu/#h=")
    assert portal.rows() == before


def test_region_back(portal: Portal, order: Json) -> None:
    """Once it is back the same requests do what they would have done (event 105)."""
    wanted = portal.wanted()
    with down():
        assert portal.post("/api/checkout", wanted).code == "unavailable"
        assert portal.verdict(order).text == "FAILURE"
    assert portal.post("/api/checkout", wanted).status == 201
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.receipt(order).json["state"] == "paid"


@contextmanager
def throttled(pk: str) -> Iterator[list[str]]:
    """Let DynamoDB refuse what touches a partition as too much; list what it refused."""
    refused: list[str] = []

    def refuse(request: Any, event_name: str, **_: Any) -> AWSResponse | None:  # noqa: ANN401 - botocore's shape
        if pk.encode() not in request.body:
            return None
        refused.append(event_name)
        return AWSResponse(request.url, 400, HTTPHeaders(), _Raw())

    with registered("before-send", refuse):
        yield refused


class _Raw:
    """A body on its way."""

    def stream(self, **_: Any) -> Iterator[bytes]:  # noqa: ANN401 - urllib3's shape
        """Give the whole of it."""
        yield THROTTLED


def test_hammered_number(portal: Portal) -> None:
    """A number that is hammered is refused for a while, and no other is (event 106)."""
    portal.load(replace(GOLDEN, registration_number=OTHER))
    mine = portal.first_lookup().json["session"]
    theirs = portal.first_lookup(OTHER).json
    order = portal.checkout(theirs).json
    with throttled(f"REG#{NUMBER}") as refused:
        answer = portal.post("/api/lookup", {"session": mine})
        assert (answer.status, answer.code) == (503, "unavailable")
        assert portal.first_lookup(OTHER).json["unpaid_count"] == 1
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert refused
    assert portal.post("/api/lookup", {"session": mine}).status == 200


def test_no_shared_item(portal: Portal) -> None:
    """Two payments write no row in common: none is a partition that all of them heat (event 106)."""
    portal.load(replace(GOLDEN, registration_number=OTHER))
    written = []
    for number, address in ((NUMBER, "192.0.2.1"), (OTHER, "192.0.2.2")):
        before = {(row["pk"], row["sk"]): row for row in portal.rows()}
        shown = portal.post("/api/control-code", address=address).json
        listed = portal.post("/api/lookup", copied(shown, number), address=address).json
        order = portal.post("/api/checkout", portal.wanted(listed), address=address).json
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
        asked = {"reference": order["reference"], "registration_number": number}
        assert portal.post("/api/receipt", asked, address=address).json["state"] == "paid"
        after = {(row["pk"], row["sk"]): row for row in portal.rows()}
        written.append({key for key in {*before, *after} if before.get(key) != after.get(key)})
    assert len(written[0]) == len(written[1]) > 5
    assert not written[0] & written[1]
