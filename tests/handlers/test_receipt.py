"""State of a payment, by handle or by reference and registration number."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from functions.shared.aws import dues, orders, rows, table
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.orders import OrderState
from functions.shared.rules.references import with_check_digits
from tests.handlers.wire import calls
from tests.portal import APPROVED, DECLINED, GOLDEN, NUMBER, Json, Portal, signed

MINUTE = timedelta(minutes=1)
UNKNOWN = with_check_digits("999999999999")
NOT_FOUND = {"type": "about:blank", "status": 404, "code": "not_found"}


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


def moved(order: Json, state: OrderState) -> None:
    """Move an order as the operator or the settlement will."""
    change = "SET #s = :s, decided_at = :at"
    values = {":s": state, ":at": "2020-05-05T21:50:51.000+00:00"}
    key = rows.order_key(order["reference"])
    table.write(table.update(key, change, "attribute_exists(pk)", values))


def handle(portal: Portal, order: Json) -> str:
    """Give the handle that CMI's signed return brings."""
    back = portal.call("POST", "/cmi/return", form=signed(order), query="l=fr")
    return back.headers["location"].partition("#h=")[2].partition("&")[0]


def test_golden_receipt(portal: Portal, order: Json) -> None:
    """A paid order's receipt is the one of `api.md`, number and address masked."""
    portal.verdict(order)
    answer = portal.receipt(order)
    assert answer.status == 200
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.json == {
        "reference": order["reference"], "words": order["words"],
        "state": "paid", "reason": None, "lines": order["lines"],
        "total_centimes": 146706, "card_origin": "LOC", "started_at": "2020-05-05T21:50:51+00:00",
        "paid_at": "2020-05-05T21:50:51+00:00", "check_again_in_seconds": None, "until": None,
        "until_in_seconds": None, "registration_number": "xxxxx6789", "language": "fr",
        "letter": {"state": "waiting", "to": "p•••@example.ma"}, "proof": None,
    }  # fmt: skip


def test_both_ways_are_one(portal: Portal, order: Json) -> None:
    """A handle, and the reference with its number in any digits, open the same (event 88)."""
    portal.verdict(order)
    by_number = portal.receipt(order)
    assert portal.post("/api/receipt", {"handle": handle(portal, order)}).body == by_number.body
    grouped = " ".join(order["reference"][n : n + 4] for n in range(0, 14, 4))
    arabic = NUMBER.translate({ord(str(n)): chr(0x660 + n) for n in range(10)})
    asked = {"reference": f"\u200f{grouped}", "registration_number": arabic}
    assert portal.post("/api/receipt", asked).body == by_number.body


def test_open(portal: Portal, order: Json) -> None:
    """An open order says until when, and when to ask again (event 81)."""
    receipt = portal.receipt(order).json
    assert (receipt["state"], receipt["until"]) == ("open", "2020-05-05T22:25:51+00:00")
    assert (receipt["until_in_seconds"], receipt["check_again_in_seconds"]) == (2100, 2)
    assert receipt["letter"] == {"state": "none", "to": None}
    assert (receipt["paid_at"], receipt["proof"]) == (None, None)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OrderState.EXPIRED, ("expired", None)),
        (OrderState.CAPTURING, ("confirming", None)),
        (OrderState.RELEASED, ("not_debited", "refused")),
        (OrderState.UNCAPTURED, ("not_debited", "uncaptured")),
        (OrderState.REFUNDED, ("refunded", None)),
    ],
)
def test_states(portal: Portal, order: Json, state: OrderState, told: tuple[str, str]) -> None:
    """What others make of an order is told in its word (`design.md` §4)."""
    moved(order, state)
    receipt = portal.receipt(order).json
    assert (receipt["state"], receipt["reason"]) == told
    assert (receipt["until"] is not None) == (state is OrderState.CAPTURING)


def test_declined_then_expired(portal: Portal, order: Json) -> None:
    """A decline says what to do; past its time the order is simply over."""
    portal.verdict(order, DECLINED)
    assert portal.receipt(order).json["reason"] == "funds"
    portal.now += 36 * MINUTE
    assert portal.receipt(order).json["state"] == "expired"


def test_many_attempts(portal: Portal, order: Json) -> None:
    """However many attempts a payer makes, the payment is still found."""
    portal.verdict(order)
    for n in range(250):
        row = {
            "trans_id": f"X{n}",
            "code": "51",
            "reply": "APPROVED",
            "approved": 0,
            "at": "2020-05-05T21:00:00+00:00",
        }
        table.write(
            table.put(row | {"pk": f"ORDER#{order['reference']}", "sk": f"ATTEMPT#X{n}#51"})
        )
    assert portal.receipt(order).json["state"] == "paid"


def _nobodys(portal: Portal, order: Json) -> list[Json]:
    good = handle(portal, order)
    return [
        {"reference": UNKNOWN, "registration_number": NUMBER},
        {"reference": order["reference"], "registration_number": "111111111"},
        {"handle": order["reference"]},
        {"handle": f"{order['reference']}."},
        {"handle": f"{order['reference']}.{good.partition('.')[2][::-1]}"},
        {"handle": f"{UNKNOWN}.{good.partition('.')[2]}"},
        {"handle": good[:-1]},
        {"handle": good.lower()},
        {"handle": "é"},
        {"handle": "x" * 1024},
    ]


@pytest.mark.parametrize("case", range(10))
def test_not_found(portal: Portal, order: Json, case: int) -> None:
    """Whatever opens nothing is answered in one shape, unknown or another's (event 85)."""
    portal.verdict(order)
    answer = portal.post("/api/receipt", _nobodys(portal, order)[case])
    assert (answer.status, answer.json) == (404, NOT_FOUND)


def test_same_work_for_nothing(portal: Portal, order: Json) -> None:
    """An unknown reference costs the calls that a known one costs: time tells nothing (event 85)."""
    portal.receipt(order)
    made = []
    for asked in _nobodys(portal, order)[:2]:
        with calls() as some:
            portal.post("/api/receipt", asked)
        made.append(some)
    assert made == [["UpdateItem", "Query"], ["UpdateItem", "Query"]]


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({}, {"reference": "required", "registration_number": "required"}),
        ({"reference": UNKNOWN}, {"registration_number": "required"}),
        ({"reference": "43190271885205", "registration_number": NUMBER}, {"reference": "check_digits"}),
        ({"reference": "4319", "registration_number": "1"},
         {"reference": "too_short", "registration_number": "too_short"}),
        ({"reference": "4" * 15, "registration_number": ""},
         {"reference": "too_long", "registration_number": "required"}),
        ({"reference": "x", "registration_number": "²"},
         {"reference": "not_digits", "registration_number": "not_digits"}),
        ({"handle": ""}, {"handle": "too_short"}),
        ({"handle": "x" * 1025}, {"handle": "too_long"}),
        ({"handle": "x", "reference": UNKNOWN}, {"reference": "unknown"}),
    ],
)  # fmt: skip
def test_field_faults(portal: Portal, asked: Json, fields: dict[str, str]) -> None:
    """What is wrong with a reference or number is named, before anything is counted or read."""
    with calls() as made:
        answer = portal.post("/api/receipt", asked)
    assert (answer.code, made) == ("invalid", [])
    assert answer.json["fields"] == fields


def test_counters(portal: Portal, order: Json) -> None:
    """Guessing by reference is counted by address; a handle is not, nor is anybody else (event 85)."""
    good = handle(portal, order)
    with patch.object(dues, "QUESTIONS_A_WINDOW", 2):
        for _ in range(2):
            assert portal.receipt(order).status == 200
        answer = portal.receipt(order)
        assert (answer.status, answer.code) == (429, "too_many_requests")
        assert portal.post("/api/receipt", {"handle": good}).status == 200
        asked = {"reference": order["reference"], "registration_number": NUMBER}
        assert portal.post("/api/receipt", asked, address="192.0.2.2").status == 200
        portal.now += 5 * MINUTE
        assert portal.receipt(order).status == 200


def test_nothing_is_written(portal: Portal, order: Json) -> None:
    """Looking at a payment changes nothing of it."""
    portal.verdict(order)
    before = portal.rows("ORDER#")
    portal.receipt(order)
    portal.post("/api/receipt", {"handle": handle(portal, order)})
    assert portal.rows("ORDER#") == before


def test_unreadable_is_not_unknown(portal: Portal, order: Json) -> None:
    """A table that does not answer is told as such, never as "no such payment" (event 105)."""
    with patch.object(orders, "payment", side_effect=Unavailable):
        answer = portal.receipt(order)
    assert (answer.status, answer.code) == (503, "unavailable")


def test_refused_capture_is_never_told_paid(portal: Portal, order: Json) -> None:
    """A payer back with r=ok whose approval we refused reads "not debited" (event 80)."""
    assert portal.load(GOLDEN).verdict(order, APPROVED | {"mdStatus": "0"}).text == "APPROVED"
    receipt = portal.receipt(order).json
    assert (receipt["state"], receipt["reason"]) == ("not_debited", "refused")
