"""What is written down of payers: nothing that names, reaches or could pay as one (event 122)."""

import io
import json
import logging
from unittest.mock import patch

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from functions.shared.aws import orders
from local.settings import STORE_KEY, TOKEN_KEY
from tests.handlers.test_letter import paid
from tests.handlers.test_letter_again import again, asked_letters, news
from tests.handlers.test_receipt import handle
from tests.handlers.wire import lost
from tests.portal import DECLINED, GOLDEN, NUMBER, Json, Portal, signed

EMAIL = "canary.payer@example.ma"
CARD = {
    "maskedCreditCard": "4000 00** **** 0010",
    "MaskedPan": "400000***0010",
    "cardHolderName": "CANARY HOLDER",
}


@pytest.fixture
def written(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Collect every log line of the functions, at its most talkative."""
    assert portal.functions  # they have made their loggers
    lines = io.StringIO()
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        for handler in logger.handlers:
            if isinstance(handler.formatter, LambdaPowertoolsFormatter):
                monkeypatch.setattr(handler, "stream", lines)
                monkeypatch.setattr(logger, "level", logging.DEBUG)
    return lines


def _journey(portal: Portal) -> dict[str, str]:
    """Pay with every stumble on the way, and give what must not be written."""
    portal.first_lookup(control_code="0000")
    portal.first_lookup("12")
    listed = portal.first_lookup().json
    portal.checkout(listed, email="not an address of canary.payer")
    order = portal.checkout(listed, email=EMAIL).json
    form = signed(order, None, **CARD)
    portal.call("POST", "/cmi/callback", form=form | {"HASH": "canary-forged-hash"})
    portal.call("POST", "/cmi/callback", form=form | {"amount": "1.00"})
    portal.verdict(order, DECLINED, **CARD)
    portal.verdict(order, None, **CARD, okUrl="https://canary.example")
    with lost("BatchGetItem", applied=False):
        portal.verdict(order, None, **CARD)
    with patch.object(orders, "for_verdict", side_effect=KeyError(NUMBER, EMAIL, STORE_KEY)):
        portal.verdict(order, None, **CARD)
    assert portal.verdict(order, None, **CARD).text == "ACTION=POSTAUTH"
    opened = handle(portal, order)
    portal.stream()
    portal.receipt(order)
    portal.receipt(order, "111111111")
    again(portal, order)
    news(portal, order, "Bounce")
    asked = {"handle": opened, "email": "second.canary@example.ma"}
    portal.post("/api/receipt/letter", asked)
    asked_letters(portal)
    with patch.object(orders, "payment", side_effect=ValueError(NUMBER, EMAIL)):
        portal.receipt(order)
    portal.deliver({"dynamodb": {"NewImage": {"sk": {"S": NUMBER}}, "SequenceNumber": "1"}})
    return {
        "number": NUMBER, "e-mail": EMAIL, "other e-mail": "second.canary", "typed": "canary.payer",
        "hash": form["HASH"], "our hash": order["gateway"]["fields"]["HASH"],
        "forged hash": "canary-forged-hash", "store key": STORE_KEY, "token key": TOKEN_KEY,
        "masked card": CARD["maskedCreditCard"], "masked pan": CARD["MaskedPan"],
        "holder": CARD["cardHolderName"], "handle": opened, "handle's secret": opened.partition(".")[2],
        "session": listed["session"], "due": GOLDEN.reference, "address": "192.0.2.1",
        "nonce": order["gateway"]["fields"]["rnd"],
    }  # fmt: skip


def test_nothing_of_the_payer(
    portal: Portal, written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over the whole journey, stumbles included, no log or metric holds a canary (I23)."""
    canaries = _journey(portal)
    printed = capsys.readouterr()
    text = written.getvalue() + printed.out + printed.err
    spelled = {json.dumps(canary)[1:-1] for canary in canaries.values()}
    for name, canary in canaries.items():
        assert canary not in text, name
    assert not [one for one in spelled if one in text]


def test_at_its_most_talkative(
    portal: Portal, written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every library at DEBUG, the SDK's requests and answers included, likewise (event 122)."""
    everything, root = logging.StreamHandler(written), logging.getLogger()
    before = root.level
    root.addHandler(everything)
    root.setLevel(logging.DEBUG)
    try:
        canaries = _journey(portal)
    finally:
        root.setLevel(before)
        root.removeHandler(everything)
    text = written.getvalue() + capsys.readouterr().out
    assert not [name for name, canary in canaries.items() if canary in text]


def test_what_is_written(
    portal: Portal, written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Enough is written to follow a payment: its reference, the table's row, what was replied."""
    order = paid(portal)
    portal.verdict(order, amount="1.00")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    said = [line for line in lines if line["message"] == "verdict"]
    assert [(line["row"], line["reply"], line["oid"]) for line in said] == [
        ("10 accepted", "ACTION=POSTAUTH", order["reference"]),
        ("5 amount", "APPROVED", order["reference"]),
    ]
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    assert sum("Page" in metric for metric in metrics) == 1


def test_broken_says_where(portal: Portal, written: io.StringIO) -> None:
    """A mistake of ours is told by its type and place, never by its words."""
    order: Json = portal.checkout().json
    with patch.object(orders, "for_verdict", side_effect=KeyError(NUMBER)):
        assert portal.verdict(order).text == "FAILURE"
    (line,) = [
        line
        for line in map(json.loads, written.getvalue().splitlines())
        if line["level"] == "ERROR"
    ]
    assert (line["message"], line["error"]) == ("broken", "KeyError")
    assert line["at"]
