"""The rule of money that the bank reserved and we refused: voided, lapsed, or a person's."""

from datetime import datetime, timedelta

import pytest

from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.settlement import Do, Status, Void, for_reserved, voidable
from tests.rules.samples import NOW, order
from tests.settlement.said import (
    A2,
    C2,
    CAPTURING,
    DAY,
    EXPIRED,
    MADE,
    MIXED,
    MUTE,
    NO_API,
    NONE,
    OPEN,
    RELEASED,
    SECOND,
    V2,
    A,
    C,
    D,
    V,
)

WEEK = MADE.at + timedelta(days=7)
RESERVED = [
    (A, MADE.at, Do.VOID, False),
    (A, WEEK, Do.VOID, False),  # CMI says itself that it has not lapsed
    (V, MADE.at, Do.DONE, False),
    (D, MADE.at, Do.DONE, False),
    (C, MADE.at, Do.QUEUE, True),
    (C, WEEK, Do.QUEUE, True),
    (C2, MADE.at, Do.VOID, False),  # the order's other transaction tells nothing of this one
    (C2, WEEK, Do.DONE, False),
    (V2, MADE.at, Do.VOID, False),
    (V2, WEEK, Do.DONE, False),
    (NONE, MADE.at, Do.VOID, False),
    (NONE, WEEK, Do.DONE, False),
    (MUTE, MADE.at, Do.VOID, False),
    (MUTE, WEEK, Do.VOID, False),
    (MIXED, WEEK, Do.VOID, False),
    (NO_API, MADE.at, Do.WAIT, False),
    (NO_API, WEEK - SECOND, Do.WAIT, False),
    (NO_API, WEEK, Do.DONE, False),
]


@pytest.mark.parametrize(("status", "now", "do", "page"), RESERVED)
def test_reserved(status: Status | None, now: datetime, do: Do, page: bool) -> None:
    """Money that was refused is voided until CMI says so, or it lapses; a capture is refunded."""
    step = for_reserved(MADE, status, now, 0, Void.OPEN)
    assert (step.do, step.page) == (do, page)


UNCAPTURED = order(state=OrderState.UNCAPTURED, trans_id="T1", decided_at=NOW)
PAID = order(state=OrderState.PAID, trans_id="T1", decided_at=NOW)
VOIDABLE = [
    # Nothing was ever accepted.
    (OPEN, None, True), (EXPIRED, None, True), (OPEN, C, True),
    # Something stands, or is about to.
    (CAPTURING, A2, False), (PAID, A2, False), (PAID, None, False),
    (order(state=OrderState.REFUNDED, trans_id="T1", decided_at=NOW), A2, False),
    # What was accepted was undone: CMI must show that nothing is captured beside it.
    *(
        (of, status, status is A2)
        for of in (RELEASED, UNCAPTURED)
        for status in (A2, A, C, C2, V, V2, NONE, MUTE, MIXED, None)
    ),
]  # fmt: skip


@pytest.mark.parametrize(("of", "status", "may"), VOIDABLE)
def test_voidable(of: Order, status: Status | None, *, may: bool) -> None:
    """A Void that CMI may take for the whole order never meets money that it took rightly."""
    assert voidable(of, "T2", status) is may


VOIDED = [
    # CMI's Void and CMI's status agree, or the status tells of another transaction.
    (V, Do.DONE), (D, Do.DONE), (NONE, Do.DONE), (C2, Do.DONE), (V2, Do.DONE),
    # They contradict each other, or the status says nothing.
    (A, Do.VOID), (MUTE, Do.VOID), (MIXED, Do.VOID), (C, Do.QUEUE),
]  # fmt: skip


@pytest.mark.parametrize(("status", "do"), VOIDED)
def test_void_done(status: Status, do: Do) -> None:
    """A Void that CMI calls done is believed as long as its status does not contradict it."""
    step = for_reserved(MADE, status, MADE.at, 0, Void.DONE)
    assert step.do is do
    if do is Do.DONE:
        assert step.why in ("CMI: voided", "CMI: declined", "CMI released it")
    lapsed = for_reserved(MADE, NONE, WEEK, 0, Void.OPEN)
    assert (lapsed.do, lapsed.why) == (Do.DONE, "lapsed by itself")


@pytest.mark.parametrize("status", [A, NONE, C2, MUTE])
def test_void_out_of_reach(status: Status) -> None:
    """Money that only lapses by itself is looked at once a day, until it must have lapsed."""
    step = for_reserved(MADE, status, MADE.at, 0, Void.OUT_OF_REACH)
    assert (step.do, step.until) == (Do.WAIT, MADE.at + DAY)
    eve = WEEK - SECOND
    assert for_reserved(MADE, status, eve, 0, Void.OUT_OF_REACH).until == WEEK
    late = for_reserved(MADE, status, WEEK, 0, Void.OUT_OF_REACH)
    assert (late.do, late.until) == (Do.DONE if status in (NONE, C2) else Do.VOID, None)


@pytest.mark.parametrize(("status", "do"), [(V, Do.DONE), (C, Do.QUEUE)])
def test_heard_while_out_of_reach(status: Status, do: Do) -> None:
    """What CMI says of it is heard all the same."""
    assert for_reserved(MADE, status, MADE.at, 0, Void.OUT_OF_REACH).do is do
