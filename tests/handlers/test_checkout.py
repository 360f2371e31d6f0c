"""From ticked quarters to an order and its signed form."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from cmi_simulator import hash as bank_hash
from functions.shared.aws import dues, orders, secrets, table
from functions.shared.rules.keys import Keys
from functions.shared.rules.orders import DueState
from functions.shared.rules.tokens import anonymous
from local.settings import STORE_KEY
from tests.handlers.wire import lost, quarters
from tests.portal import GOLDEN, Json, Portal

MINUTE = timedelta(minutes=1)


def _orders(portal: Portal) -> list[Json]:
    return [row for row in portal.rows("ORDER#") if row["sk"] == "ORDER"]


def test_golden_answer(portal: Portal) -> None:
    """The checkout's answer is the one of `api.md`, and CMI recognises its form."""
    answer = portal.checkout()
    assert answer.status == 201
    document = answer.json
    gateway = document.pop("gateway")
    reference = document.pop("reference")
    assert len(set(document.pop("words"))) == 2
    assert document == {
        "lines": [
            {"kind": "contribution", "year": 2020, "period": 1, "amount_centimes": 145110,
             "reference": GOLDEN.reference, "account": GOLDEN.account, "code": "202001"},
            {"kind": "fee", "year": 2020, "period": 5, "amount_centimes": 1596,
             "reference": reference, "account": "Frais de traitement", "code": "202005"},
        ],
        "total_centimes": 146706, "item_count": 1, "card_origin": "LOC",
        "form_expires_in_seconds": 900,
    }  # fmt: skip
    assert gateway["url"] == "http://localhost:8001/fim/est3Dgate"
    fields = gateway["fields"]
    assert (fields["oid"], fields["amount"]) == (reference, "1467.06")
    assert bank_hash.matches(fields, STORE_KEY, fields["HASH"])


def test_what_is_kept(portal: Portal) -> None:
    """An order starts open, with its terms and language, on the list of what waits."""
    order = portal.checkout().json
    (row,) = _orders(portal)
    assert (row["state"], row["schema"]) == ("open", 1)
    assert row["waits_at"] == "2020-05-05T22:25:51.000+00:00"
    assert "expires" not in row  # an order never vanishes by itself
    assert '"terms_version":"2020-05"' in row["facts"]
    assert row["pk"] == f"ORDER#{order['reference']}"
    assert portal.due_states() == ["unpaid"]


def test_same_key_same_form(portal: Portal) -> None:
    """A double click or a retry gives the same order, byte for byte (events 26 and 32)."""
    wanted = portal.wanted()
    first = portal.post("/api/checkout", wanted)
    portal.now += 5 * MINUTE
    again = portal.post("/api/checkout", wanted)
    assert again.status == 201
    assert again.json["form_expires_in_seconds"] == 600
    assert again.json | {"form_expires_in_seconds": 900} == first.json
    assert list(again.json["gateway"]["fields"]) == list(first.json["gateway"]["fields"])
    assert len(_orders(portal)) == 1


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_lost_answers(portal: Portal, applied: bool, times: int) -> None:
    """Whatever answer of AWS is lost, the same click again gives one order (events 26, 32 and 99)."""
    wanted = portal.wanted()
    with lost("TransactWriteItems", times=times, applied=applied) as gone:
        first = portal.post("/api/checkout", wanted)
    assert len(gone) == times
    assert (first.status, first.code) in [(201, ""), (503, "unavailable")]
    again = portal.post("/api/checkout", wanted)
    assert again.status == 201
    assert first.status == 503 or first.json == again.json
    assert len(_orders(portal)) == 1


def test_double_click(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks at once, neither seeing the other's order, are given one form (event 26)."""
    wanted = portal.wanted()
    first = portal.post("/api/checkout", wanted)
    _blind(monkeypatch)
    assert portal.post("/api/checkout", wanted).json == first.json
    assert portal.post("/api/checkout", wanted | {"card_origin": "INT"}).code == "key_reused"


def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a checkout read as if no other had been there yet."""
    read = orders.for_checkout
    monkeypatch.setattr(orders, "for_checkout", lambda *asked: (None, read(*asked)[1]))


@pytest.mark.parametrize(
    "changes",
    [{"card_origin": "INT"}, {"email": None}, {"email": "b@example.ma"}, {"language": "ar"}],
)
def test_same_key_other_content(portal: Portal, changes: Json) -> None:
    """A used key under other content is the page's mistake, and makes nothing (event 27)."""
    wanted = portal.wanted()
    portal.post("/api/checkout", wanted)
    answer = portal.post("/api/checkout", wanted | changes)
    assert (answer.status, answer.code) == (409, "key_reused")
    assert len(_orders(portal)) == 1


def test_same_key_other_dues(portal: Portal) -> None:
    """Other quarters under a used key are other content, also for another number (event 27)."""
    portal.load(*quarters(1), replace(GOLDEN, registration_number="222222222"))
    wanted = portal.wanted()
    portal.post("/api/checkout", wanted)
    fewer = wanted | {"due_ids": [GOLDEN.id], "seen_total_centimes": 146706}
    assert portal.post("/api/checkout", fewer).code == "key_reused"
    other = portal.wanted(portal.first_lookup("222222222").json, key=wanted["key"])
    assert portal.post("/api/checkout", other).code == "key_reused"


@pytest.mark.parametrize("ended", ["paid", "form over"])
def test_key_of_a_closed_order(portal: Portal, ended: str) -> None:
    """The key of an order that is paid, or whose form is over, gives no form (event 27)."""
    wanted = portal.wanted()
    order = portal.post("/api/checkout", wanted).json
    if ended == "paid":
        portal.verdict(order)
    else:
        portal.now += 15 * MINUTE
    answer = portal.post("/api/checkout", wanted)
    assert (answer.status, answer.code) == (409, "order_closed")


def test_second_tab(portal: Portal) -> None:
    """Starting again with a new key is always allowed: nothing is locked (events 28 and 31)."""
    references = {portal.checkout().json["reference"] for _ in range(3)}
    assert len(references) == 3


@pytest.mark.parametrize(
    ("email", "sent"),
    [
        (None, ""), ("", ""), ("   ", ""), (" Payer@Example.MA ", "Payer@example.ma"),
        ("a@exämple.ma", "a@xn--exmple-cua.ma"), ("a@مثال.المغرب", "a@xn--mgbh0fb.xn--mgbc0a9azcg"),
    ],
)  # fmt: skip
def test_email(portal: Portal, email: str | None, sent: str) -> None:
    """An e-mail is optional; a blank one is none; a domain in any script is taken in ASCII."""
    answer = portal.checkout(email=email)
    assert answer.json["gateway"]["fields"]["email"] == sent


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_language(portal: Portal, language: str) -> None:
    """An Arabic order takes the payer to CMI's Arabic page, and back to ours."""
    fields = portal.checkout(language=language).json["gateway"]["fields"]
    assert fields["lang"] == language
    assert fields["okUrl"] == f"http://127.0.0.1:8000/cmi/return?l={language}"
    assert fields["shopurl"] == f"http://127.0.0.1:8000/cmi/cancel?l={language}"


def test_thirteen_quarters(portal: Portal) -> None:
    """Thirteen quarters are one order of thirteen items; CMI is shown at most nine lines."""
    portal.emptied().load(*quarters(13))
    order = portal.checkout().json
    assert order["item_count"] == 13
    assert len(order["lines"]) == 14
    fields = order["gateway"]["fields"]
    assert "ItemNumber5" in fields
    assert "ItemNumber10" not in fields
    assert bank_hash.matches(fields, STORE_KEY, fields["HASH"])
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert set(portal.due_states()) == {"paid"}


def test_ninety_quarters(portal: Portal) -> None:
    """Ninety dues, all that one transaction can pay, are paid at once (event 17)."""
    portal.emptied().load(*quarters(90, amount_centimes=10_000))
    order = portal.checkout().json
    assert order["item_count"] == 90
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.due_states() == [DueState.PAID] * 90


def test_ninety_one_quarters(portal: Portal) -> None:
    """More than one transaction can pay is refused before anything is read (event 17)."""
    portal.emptied().load(*quarters(91))
    answer = portal.checkout()
    assert (answer.code, answer.json["fields"]) == ("invalid", {"due_ids": "too_long"})


def test_key_before_rotation(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form signed under the key before stays byte for byte while that key holds (event 119)."""
    wanted = portal.wanted()
    first = portal.post("/api/checkout", wanted)
    read, until = secrets.read, portal.now + 10 * MINUTE

    def rotated(name: str, now: Any) -> Keys:  # noqa: ANN401 - as the function it stands for
        keys = read(name, now)
        rotating = keys.current == STORE_KEY
        return Keys("the next store key", STORE_KEY, until) if rotating else keys

    monkeypatch.setattr(secrets, "read", rotated)
    again = portal.post("/api/checkout", wanted).json
    assert again["gateway"] == first.json["gateway"]
    assert portal.verdict(again).text == "ACTION=POSTAUTH"
    assert portal.due_states() == ["paid"]


def test_haste(portal: Portal) -> None:
    """An address that starts payment after payment is stopped for a while, and only it (event 31)."""
    wanted = portal.wanted()
    with patch.object(orders, "OPEN_ORDERS_A_WINDOW", 0):
        # One already stands for this address: the condition is that there is none, or room.
        secret = secrets.read(os.environ["TOKEN_SECRET"], portal.now).secrets(portal.now)[0]
        key = dues.counter_key(anonymous("192.0.2.1", secret), portal.now)
        table.write(table.counted(key, ["orders"], 1, portal.now))
        answer = portal.post("/api/checkout", wanted)
        elsewhere = portal.post("/api/checkout", wanted, address="192.0.2.2")
    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert elsewhere.status == 201
