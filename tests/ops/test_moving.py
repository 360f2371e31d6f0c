"""Payments settled, taken back and refunded by the operator's word, under everyone's conditions."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from functions.shared.aws import dues, moves, work
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import DueState, OrderState
from functions.shared.rules.references import with_check_digits
from functions.shared.rules.work import waiting
from ops import moving
from tests.handlers.wire import lost
from tests.ops.conftest import Desk, events, letters, stands, state
from tests.portal import GOLDEN, NUMBER, Json, Portal

UNKNOWN = with_check_digits("999999999999")


def test_settle_paid(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """Evidence of a capture makes a confirming payment paid, its quarters too, and owes a letter."""
    accepted_at = portal.now
    portal.now = portal.now.replace(day=8)
    asvi.does(
        "settle",
        capturing["reference"],
        "paid",
        "--evidence",
        "CMI list of 5 May, line 3",
        "--trans-id",
        "T1",
    )
    order = stands(capturing)
    assert (order.state, order.trans_id) == (OrderState.PAID, "T1")
    assert order.paid_at == accepted_at
    assert portal.due_states() == [DueState.PAID]
    assert letters(portal) == ["paid"]
    assert events(portal, capturing) == [("paid", "amina", "CMI list of 5 May, line 3")]
    assert portal.receipt(capturing).json["state"] == "paid"


def test_settle_released(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """Evidence of no capture frees the quarters, and the payer is told that nothing was debited."""
    asvi.does("settle", capturing["reference"], "released", "--evidence", "void of 6 May")
    assert state(capturing) is OrderState.RELEASED
    assert portal.due_states() == [DueState.UNPAID]
    assert letters(portal) == ["not_debited"]
    assert portal.receipt(capturing).json["state"] == "not_debited"


def test_released_too_early(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """What CMI captures after the operator's word is found: CMI is asked again (event 97)."""
    asvi.does("settle", capturing["reference"], "released", "--evidence", "a call")
    due = work.due(_shard(capturing), portal.now + timedelta(days=1, hours=2), 9)
    assert due == [(f"ORDER#{capturing['reference']}", "ORDER")]


def test_closed_too_early(portal: Portal, asvi: Desk) -> None:
    """Likewise of an open payment of which the operator said that nothing is to be done."""
    order = portal.checkout().json
    work.enqueue((f"ORDER#{order['reference']}", "ORDER"), "another amount", portal.now)
    asvi.does("done", order["reference"], "--why", "given back at CMI")
    assert state(order) is OrderState.EXPIRED
    due = work.due(_shard(order), portal.now + timedelta(days=1), 9)
    assert due == [(f"ORDER#{order['reference']}", "ORDER")]


def _shard(order: Json) -> str:
    """Name the part of the index where settlement looks for an order."""
    return waiting(order["reference"], stands(order).started_at)["waits"]


@pytest.mark.parametrize("to", ["paid", "released"])
def test_settle_twice(asvi: Desk, capturing: Json, to: str) -> None:
    """What is settled is settled: a second word changes nothing and says why (event 120)."""
    asvi.does("settle", capturing["reference"], to, "--evidence", "list", "--trans-id", "T1")
    told = asvi.refused("settle", capturing["reference"], "released", "--evidence", "again")
    assert f"{to}: it cannot be settled to released" in told
    assert "What to do:" in told


@pytest.mark.parametrize("before", [OrderState.OPEN, OrderState.EXPIRED, OrderState.RELEASED])
def test_settle_unheard(
    portal: Portal, asvi: Desk, monkeypatch: pytest.MonkeyPatch, before: OrderState
) -> None:
    """A capture that we never heard of is paid on evidence, while its quarters are free."""
    order = _standing(portal, asvi, monkeypatch, before)
    asvi.does("settle", order["reference"], "paid", "--evidence", "CMI's list", "--trans-id", "T7")
    assert (stands(order).state, stands(order).trans_id) == (OrderState.PAID, "T7")
    assert portal.due_states() == [DueState.PAID]
    assert not [row for row in portal.rows("REG#") if row["sk"].startswith("OPEN#")]


def _standing(
    portal: Portal, asvi: Desk, monkeypatch: pytest.MonkeyPatch, before: OrderState
) -> Json:
    monkeypatch.setenv("EVIDENCE", "status-api")
    order: Json = portal.checkout().json
    if before is OrderState.EXPIRED:
        assert moves.move(stands(order), before, Word("test", "late"), portal.now)
    if before is OrderState.RELEASED:
        portal.verdict(order)
        asvi.does("settle", order["reference"], "released", "--evidence", "void")
    assert state(order) is before
    return order


def test_settle_needs_a_transaction(asvi: Desk, capturing: Json) -> None:
    """Nothing becomes paid without the transaction that CMI shows, though one is known here."""
    told = asvi.refused("settle", capturing["reference"], "paid", "--evidence", "a call")
    assert "--trans-id" in told


def test_settle_by_another_transaction(asvi: Desk, capturing: Json) -> None:
    """A confirming payment is settled by the transaction that holds its quarters and no other."""
    told = asvi.refused(
        "settle", capturing["reference"], "paid", "--evidence", "x", "--trans-id", "T9"
    )
    assert "accepted for it is T1" in told


def test_settle_a_taken_quarter(portal: Portal, asvi: Desk) -> None:
    """A quarter is never paid twice: the refusal names it, who paid it, and what to do."""
    late, other = portal.checkout().json, portal.checkout().json
    portal.verdict(other, TransId="T2")
    told = asvi.refused(
        "settle", late["reference"], "paid", "--evidence", "list", "--trans-id", "T1"
    )
    assert "The quarter 2020-1 is paid, by T2." in told
    assert "give the money back at CMI" in told


def test_settle_a_changed_quarter(portal: Portal, asvi: Desk) -> None:
    """A quarter whose amount has changed since is named with both amounts."""
    order = portal.checkout().json
    assert dues.load(replace(GOLDEN, amount_centimes=200_000), portal.now) == "loaded"
    told = asvi.refused(
        "settle", order["reference"], "paid", "--evidence", "list", "--trans-id", "T1"
    )
    assert "2020-1 is 2000.00 DH now, not 1451.10 DH" in told


def test_somebody_faster(asvi: Desk, capturing: Json, portal: Portal) -> None:
    """What moved while the operator was reading is not moved again, and it says what it became."""

    def meanwhile(*_: object, **__: object) -> None:
        word = Word("settlement", "CMI: voided", "T1")
        assert moves.move(stands(capturing), OrderState.RELEASED, word, portal.now)

    with patch.object(moving, "confirmed", meanwhile):
        result = asvi(
            "settle", capturing["reference"], "paid", "--evidence", "list", "--trans-id", "T1"
        )
    assert result.exit_code == 1
    assert "Somebody was faster: the payment is released." in result.output
    assert portal.due_states() == [DueState.UNPAID]


@pytest.mark.parametrize("applied", [True, False])
def test_unknown_outcome(asvi: Desk, capturing: Json, *, applied: bool) -> None:
    """Where AWS is silent nobody claims anything; doing it again is safe, done or not (event 99)."""
    typed = ["settle", capturing["reference"], "paid", "--evidence", "list"]
    typed += ["--trans-id", "T1", "--yes"]
    with lost("TransactWriteItems", applied=applied):
        result = asvi(*typed)
    assert result.exit_code == 3
    assert "nobody knows whether" in result.output
    assert asvi(*typed).exit_code == (1 if applied else 0)
    assert state(capturing) is OrderState.PAID


@pytest.mark.parametrize("typed", ["123", "43190271885205", "abc", ""])
def test_bad_reference(asvi: Desk, typed: str) -> None:
    """A reference with a wrong digit is refused before anything is read."""
    assert asvi("show", typed).exit_code == 2


@pytest.mark.parametrize("command", ["settle", "uncapture", "refund", "resend", "show", "done"])
def test_unknown_reference(asvi: Desk, command: str) -> None:
    """A reference of nothing is said to be of nothing."""
    told = {"settle": ["paid", "--evidence", "x"], "show": []}.get(command, ["--why", "x"])
    result = asvi(command, UNKNOWN, *told)
    assert result.exit_code == 1
    assert "There is no payment" in result.output or "Nothing of" in result.output


@pytest.mark.parametrize("why", ["", " ", "a\nb", "\x1b[2J", "x" * 501])
def test_reason_is_a_line(asvi: Desk, paid: Json, why: str) -> None:
    """Reasons are one printable line: they are shown on other people's terminals."""
    assert asvi("uncapture", paid["reference"], "--why", why, "--yes").exit_code == 2
    assert state(paid) is OrderState.PAID


def test_somebody_does_it(asvi: Desk, paid: Json) -> None:
    """Nothing is done by nobody."""
    asvi.name = " "
    assert asvi("refund", paid["reference"], "--why", "x", "--yes").exit_code == 2
    assert stands(paid).registration_number == NUMBER
    assert state(paid) is OrderState.PAID
