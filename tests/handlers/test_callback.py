"""CMI's verdict end to end: the reply that decides the money, and the rows it leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared.aws import dues
from functions.shared.rules.orders import DueState
from tests.portal import DECLINED, GOLDEN, Json, Portal

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KEPT = {"ORDER": "order", "ATTEMPT": "attempt", "SUSPECT": "suspect", "LETTER": "letter"}


def left(portal: Portal) -> dict[str, int]:
    """Count what stands under orders, by kind of row."""
    kinds = [KEPT[row["sk"].partition("#")[0]] for row in portal.rows("ORDER#")]
    return {kind: kinds.count(kind) for kind in kinds}


def state(portal: Portal, order: Json) -> str:
    """Give an order's state."""
    (row,) = [row for row in portal.rows(f"ORDER#{order['reference']}") if row["sk"] == "ORDER"]
    return str(row["state"])


def news(portal: Portal, order: Json) -> tuple[str, str | None]:
    """Give what the payer is told of an order."""
    receipt = portal.receipt(order).json
    return receipt["state"], receipt["reason"]


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


def test_reply_to_the_byte(portal: Portal, order: Json) -> None:
    """CMI gets exactly its word: plain text, no newline, nothing that a proxy may keep."""
    answer = portal.verdict(order)
    assert answer.body == b"ACTION=POSTAUTH"
    assert answer.headers == {
        "content-type": "text/plain; charset=utf-8", "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=63072000; includeSubDomains",
    }  # fmt: skip


def test_accepted(portal: Portal, order: Json) -> None:
    """An accepted payment leaves a paid order and due, one attempt, one letter and no open note."""
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert left(portal) == {"order": 1, "attempt": 1, "letter": 1}
    (due, *others) = portal.rows("REG#")
    assert (due["state"], due["trans_id"], others) == ("paid", "T1", [])
    rows = {row["sk"]: row for row in portal.rows("ORDER#")}
    assert rows["ORDER"]["trans_id"] == "T1"
    # The letter waits for both, its signature and itself.
    assert [sk for sk, row in rows.items() if "waits" in row] == ["LETTER#1"]
    assert rows["ATTEMPT#T1#00"]["reply"] == "ACTION=POSTAUTH"
    assert (rows["LETTER#1"]["kind"], rows["LETTER#1"]["state"]) == ("paid", "wanted")


def test_no_address_no_letter(portal: Portal) -> None:
    """Without an e-mail no letter is owed (event 114)."""
    portal.verdict(portal.checkout(email=None).json)
    assert left(portal) == {"order": 1, "attempt": 1}
    (order,) = [row for row in portal.rows("ORDER#") if row["sk"] == "ORDER"]
    assert order["waits"].startswith("MAIL#")  # for its signature


# changes to CMI's message; row of the table, reply, rows left beside the order, what is told
ROWS = [
    ({"clientid": "600000002"}, "3", "FAILURE", {}, ("open", None)),
    ({"okUrl": "https://evil.example"}, "4", "FAILURE", {"suspect": 1}, ("open", None)),
    ({"orgRnd": "other"}, "4", "FAILURE", {"suspect": 1}, ("open", None)),
    ({"amount": "1467.05"}, "5", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
    ({"currency": "978"}, "5", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
    (DECLINED | {"amount": "1.00"}, "5", "APPROVED", {"attempt": 1}, ("declined", "funds")),
    (DECLINED, "6", "APPROVED", {"attempt": 1}, ("declined", "funds")),
    (
        DECLINED | {"ProcReturnCode": "57"},
        "6",
        "APPROVED",
        {"attempt": 1},
        ("declined", "not_enabled"),
    ),
    ({"ProcReturnCode": "51"}, "6", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
    ({"Response": "Error"}, "6b", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
    ({"mdStatus": "0"}, "6b", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
    ({"TransId": ""}, "6b", "APPROVED", {"attempt": 1}, ("not_debited", "refused")),
]


@pytest.mark.parametrize(("said", "row", "reply", "rows", "told"), ROWS)
def test_refused(
    portal: Portal, order: Json, capsys: pytest.CaptureFixture[str], said: dict[str, str],
    row: str, reply: str, rows: dict[str, int], told: tuple[str, str | None],
) -> None:  # fmt: skip
    """Each row of the table has its reply, its rows and its word; no due is touched (I6, I10)."""
    answer = portal.verdict(order, None, **said)
    assert (answer.status, answer.text) == (200, reply)
    wrote = {"letter": 1} if told[0] == "not_debited" else {}
    assert left(portal) == {"order": 1} | rows | wrote
    assert portal.due_states() == ["unpaid"]
    assert state(portal, order) == "open"
    assert f'"Verdict.{row}":[1.0]' in capsys.readouterr().out
    assert news(portal, order) == told
    released = [
        one for one in portal.rows("ORDER#") if one["sk"].startswith("ATTEMPT") and "waits" in one
    ]
    assert bool(released) == (told[0] == "not_debited")  # what was reserved waits to be voided


def test_refusal_can_still_be_paid(portal: Portal, order: Json) -> None:
    """A decline stands in nobody's way: the next card pays (events 65 and 67)."""
    assert portal.verdict(order, DECLINED).text == "APPROVED"
    assert portal.verdict(order, TransId="T2").text == "ACTION=POSTAUTH"
    assert portal.verdict(order, DECLINED).text == "APPROVED"  # event 69
    assert news(portal, order) == ("paid", None)


def test_late_refusal(portal: Portal, order: Json) -> None:
    """A decline after the payment takes nothing back (event 66)."""
    portal.verdict(order)
    portal.now += MINUTE
    assert portal.verdict(order, DECLINED, TransId="T2").text == "APPROVED"
    assert (news(portal, order), portal.due_states()) == (("paid", None), ["paid"])


def test_same_message_twice(portal: Portal, order: Json) -> None:
    """The same message gets the same reply for ever, and has one effect (events 63 and 70)."""
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    before = portal.rows()
    portal.now += timedelta(days=31)
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.rows() == before


def test_second_card(portal: Portal, order: Json) -> None:
    """A second approval of one order is acknowledged, never captured (events 37 and 68)."""
    portal.verdict(order)
    assert portal.verdict(order, TransId="T2").text == "APPROVED"
    assert portal.verdict(order, TransId="T2").text == "APPROVED"
    assert news(portal, order) == ("paid", None)
    assert left(portal) == {"order": 1, "attempt": 2, "letter": 1}


def test_two_orders_on_one_due(portal: Portal, order: Json) -> None:
    """Two tabs pay one due: one is captured, the other told that nothing is debited (events 29, 30)."""
    other = portal.checkout().json
    portal.now += 40 * MINUTE  # the first tab sat past its time
    assert portal.verdict(other, TransId="T2").text == "ACTION=POSTAUTH"
    assert portal.verdict(order).text == "APPROVED"
    assert portal.verdict(order).text == "APPROVED"
    assert news(portal, other) == ("paid", None)
    assert news(portal, order) == ("not_debited", "already_paid")
    assert portal.due_states() == ["paid"]


def test_overlapping_orders(portal: Portal) -> None:
    """An order is captured whole or not at all: {a,b} paid, {b,c} is not debited (event 29)."""
    portal.load(*(replace(GOLDEN, quarter=n, reference=f"Q{n}") for n in (2, 3)))
    listed = portal.first_lookup().json
    ids = [due["id"] for due in listed["dues"]]
    total = 290220 + 3192
    first = portal.checkout(listed, due_ids=ids[:2], seen_total_centimes=total).json
    second = portal.checkout(listed, due_ids=ids[1:], seen_total_centimes=total).json
    assert portal.verdict(first).text == "ACTION=POSTAUTH"
    assert portal.verdict(second, TransId="T2").text == "APPROVED"
    assert portal.due_states() == ["paid", "paid", "unpaid"]
    assert news(portal, second) == ("not_debited", "already_paid")


def test_form_posted_next_day(portal: Portal, order: Json) -> None:
    """A late approval of an order whose dues are free is taken (event 38)."""
    portal.now += timedelta(days=1)
    assert news(portal, order) == ("expired", None)
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert news(portal, order) == ("paid", None)


@pytest.mark.parametrize(
    "meanwhile",
    [{"state": DueState.PAID, "trans_id": "counter"}, {"amount_centimes": 145111}],
)
def test_due_changed_meanwhile(portal: Portal, order: Json, meanwhile: Json) -> None:
    """A due paid at a counter, or issued anew, is not debited for the old order (event 76)."""
    assert dues.load(replace(GOLDEN, **meanwhile), portal.now) == "loaded"
    assert portal.verdict(order).text == "APPROVED"
    assert news(portal, order) == ("not_debited", "already_paid")


def test_load_never_unpays(portal: Portal, order: Json) -> None:
    """A load of the fund's file leaves paid dues as they are (event 77)."""
    portal.verdict(order)
    assert dues.load(GOLDEN, portal.now) == "kept"
    assert portal.due_states() == ["paid"]


def test_verdict_before_the_answer(portal: Portal) -> None:
    """A verdict that outruns our answer to the browser finds its order (event 78)."""
    wanted = portal.wanted()
    order = portal.post("/api/checkout", wanted).json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.post("/api/checkout", wanted).code == "order_closed"
