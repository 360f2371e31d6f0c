"""The rule of what waits, as one table: every state, every fate, every time (`design.md` §4)."""

from datetime import datetime, timedelta

import pytest

from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.payment import EDGES
from functions.shared.rules.settlement import (
    FIRST_DAY_TRIES,
    MOST_TRIES,
    Do,
    Fate,
    Status,
    Void,
    for_broken,
    for_order,
    for_reserved,
    kept,
    pause,
    voidable,
)
from tests.rules.samples import NOW, ORDER, attempt, order

TOTAL = ORDER.total_centimes
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
OPEN = order()
EXPIRED = order(state=OrderState.EXPIRED)
RELEASED = order(state=OrderState.RELEASED, trans_id="T1", decided_at=NOW)
CAPTURING = order(state=OrderState.CAPTURING, trans_id="T1", decided_at=NOW)
LATER = order(state=OrderState.CAPTURING, trans_id="T1", decided_at=NOW + MINUTE)
TIMELESS = order(state=OrderState.CAPTURING, trans_id="T1")
DURING, AFTER = OPEN.open_until - SECOND, OPEN.open_until
WEEK_AFTER = AFTER + 7 * DAY
JUST, SOON, ALMOST, LATE = (
    NOW + 29 * SECOND, NOW + 30 * SECOND, NOW + DAY - SECOND, NOW + DAY,
)  # fmt: skip

# CMI's word: of T1, of another transaction, or of none.
A, V, D = (Status(fate, "T1") for fate in (Fate.AUTHORISED, Fate.VOIDED, Fate.DECLINED))
C = Status(Fate.CAPTURED, "T1", TOTAL)
MORE, LESS = Status(Fate.CAPTURED, "T1", TOTAL + 1), Status(Fate.CAPTURED, "T1", TOTAL - 1)
A2, V2 = Status(Fate.AUTHORISED, "T2"), Status(Fate.VOIDED, "T2")
C2 = Status(Fate.CAPTURED, "T2", TOTAL)
NONE, MUTE, MIXED = Status(Fate.ABSENT), Status(Fate.UNKNOWN), Status(Fate.MIXED)
NO_API = None

# An order, CMI's word on it, the time: what is done, and whether somebody is called.
Row = tuple[Order, Status | None, datetime, Do, bool]
TABLE: list[Row] = [
    # CAPTURING: paid on capture and amount alone, released on proof of none.
    (CAPTURING, C, JUST, Do.PAY, False),
    (CAPTURING, C, LATE, Do.PAY, False),
    (CAPTURING, MORE, JUST, Do.QUEUE, True),  # event 93
    (CAPTURING, LESS, LATE, Do.QUEUE, True),  # event 93
    (CAPTURING, A, JUST, Do.WAIT, False),  # event 93: CMI is about to do it
    (CAPTURING, A, SOON, Do.CAPTURE, False),
    (CAPTURING, A, LATE, Do.CAPTURE, True),
    (CAPTURING, V, JUST, Do.RELEASE, False),  # event 96
    (CAPTURING, D, LATE, Do.RELEASE, False),
    (CAPTURING, NONE, NOW + MINUTE, Do.WAIT, False),  # event 94
    (CAPTURING, NONE, ALMOST, Do.WAIT, False),
    (CAPTURING, NONE, LATE, Do.RELEASE, True),  # event 94
    (CAPTURING, MUTE, JUST, Do.WAIT, False),  # event 89
    (CAPTURING, MUTE, LATE, Do.WAIT, True),
    (CAPTURING, MIXED, JUST, Do.WAIT, True),  # event 92
    (CAPTURING, A2, ALMOST, Do.WAIT, True),  # event 92
    (CAPTURING, C2, LATE, Do.QUEUE, True),
    (CAPTURING, V2, JUST, Do.WAIT, True),
    (CAPTURING, NO_API, JUST, Do.QUEUE, True),
    (LATER, NONE, LATE, Do.WAIT, False),  # the day begins with the approval, not the order
    (LATER, NONE, LATE + MINUTE, Do.RELEASE, True),
    # A row that lost the time of its decision is as old as its order, and not forgotten.
    (TIMELESS, NONE, ALMOST, Do.WAIT, False),
    (TIMELESS, NONE, LATE, Do.RELEASE, True),
    # OPEN: nothing before its time is over, then CMI is asked once more.
    (OPEN, NO_API, DURING, Do.WAIT, False),
    (OPEN, NONE, DURING, Do.WAIT, False),
    (OPEN, A, DURING, Do.WAIT, False),
    (OPEN, C, DURING, Do.PAY, False),
    (OPEN, NO_API, AFTER, Do.EXPIRE, False),
    (OPEN, NONE, AFTER, Do.EXPIRE, False),
    (OPEN, D, AFTER, Do.EXPIRE, False),
    (OPEN, V, AFTER, Do.EXPIRE, False),
    (OPEN, MUTE, AFTER, Do.WAIT, False),
    (OPEN, MIXED, AFTER, Do.WAIT, True),
    (OPEN, A, AFTER, Do.REFUSE, False),  # event 79
    (OPEN, C, AFTER, Do.PAY, False),
    (OPEN, MORE, AFTER, Do.QUEUE, True),
    # EXPIRED and RELEASED are asked about for a week more, and paid on proof (event 97).
    (EXPIRED, C, LATE, Do.PAY, False),
    (EXPIRED, MORE, LATE, Do.QUEUE, True),
    (EXPIRED, NONE, LATE, Do.WAIT, False),
    (EXPIRED, NONE, WEEK_AFTER, Do.DONE, False),
    (EXPIRED, V, WEEK_AFTER, Do.DONE, False),
    (EXPIRED, A, LATE, Do.REFUSE, False),
    (EXPIRED, A, WEEK_AFTER, Do.REFUSE, False),
    (EXPIRED, MUTE, WEEK_AFTER, Do.WAIT, False),
    (EXPIRED, NO_API, LATE, Do.DONE, False),
    (RELEASED, C, LATE, Do.PAY, False),
    (RELEASED, LESS, LATE, Do.QUEUE, True),
    (RELEASED, A, LATE, Do.QUEUE, True),
    (RELEASED, V, LATE, Do.WAIT, False),
    (RELEASED, V, WEEK_AFTER, Do.DONE, False),
    (RELEASED, MUTE, LATE, Do.WAIT, False),
    (RELEASED, MIXED, LATE, Do.WAIT, True),
    (RELEASED, NO_API, LATE, Do.DONE, False),
] + [
    # What is settled is left alone, whatever CMI says of it.
    (order(state=state), status, LATE, Do.DONE, False)
    for state in (OrderState.PAID, OrderState.UNCAPTURED, OrderState.REFUNDED)
    for status in (NO_API, A, C, V, NONE, MUTE, MIXED)
]


@pytest.mark.parametrize(("of", "status", "now", "do", "page"), TABLE)
def test_order(of: Order, status: Status | None, now: datetime, do: Do, page: bool) -> None:
    """An order moves on proof alone, waits where CMI says nothing, and nobody is forgotten."""
    step = for_order(of, status, now, 0)
    assert (step.do, step.page) == (do, page)


MADE = attempt("APPROVED", reason="already_paid")
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
    assert for_reserved(MADE, status, MADE.at, 0, Void.DONE).do is do


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


def test_soon() -> None:
    """While CMI captures by itself another look in seconds tells more; later the steps take time."""
    assert for_order(CAPTURING, A, JUST, 0).soon
    assert not for_order(CAPTURING, A, SOON, 0).soon
    assert not for_order(CAPTURING, NONE, JUST, 0).soon


def test_nobody_to_ask() -> None:
    """Without an API a reserved payment is looked at once, when it has lapsed."""
    assert for_reserved(MADE, NO_API, NOW, 0, Void.OUT_OF_REACH).until == WEEK
    assert for_order(OPEN, NO_API, DURING, 0).until == AFTER


def test_looks() -> None:
    """What was given up is asked about an hour, a day and a week after its time, then no more."""
    looks, now = [], AFTER
    while (step := for_order(EXPIRED, NONE, now, 0)).do is Do.WAIT and step.until:
        now = step.until
        looks.append(now - AFTER)
    assert looks == [timedelta(hours=1), DAY, 7 * DAY]
    assert step.do is Do.DONE


@pytest.mark.parametrize(
    ("of", "trans_id", "do"),
    [
        (CAPTURING, "T1", Do.DONE), (order(state=OrderState.PAID, trans_id="T1"), "T1", Do.DONE),
        (CAPTURING, "T2", None), (OPEN, "T1", None), (RELEASED, "T1", None),
        (OPEN, "", Do.QUEUE), (CAPTURING, "", Do.QUEUE),
    ],
)  # fmt: skip
def test_never_voided(of: Order, trans_id: str, do: Do | None) -> None:
    """What paid an order is never voided, nor is "any" transaction of an order."""
    step = kept(of, trans_id)
    assert (step.do if step else None) == do
    assert (step.page if step else False) is (do is Do.QUEUE)


def test_backoff() -> None:
    """CMI is asked after 5 s, 30 s, 2 min, 10 min, every 10 min for a day, daily for a month."""
    waited = [pause(tries).total_seconds() for tries in range(MOST_TRIES)]
    assert waited[:4] == [5, 30, 120, 600]
    assert set(waited[4:FIRST_DAY_TRIES]) == {600}
    assert DAY <= timedelta(seconds=sum(waited[:FIRST_DAY_TRIES])) < DAY + 15 * MINUTE
    assert waited[FIRST_DAY_TRIES:] == [86_400] * 30


@pytest.mark.parametrize(
    ("of", "status"),
    [
        (CAPTURING, A),
        (CAPTURING, MUTE),
        (OPEN, MUTE),
        (OPEN, MIXED),
        (EXPIRED, A),
        (RELEASED, MUTE),
    ],
)
def test_the_queue_in_the_end(of: Order, status: Status) -> None:
    """What was asked for a month goes to the operator, and somebody is called."""
    now = NOW + 31 * DAY
    assert for_order(of, status, now, MOST_TRIES - 1).do in (Do.WAIT, Do.CAPTURE, Do.REFUSE)
    step = for_order(of, status, now, MOST_TRIES)
    assert (step.do, step.page) == (Do.QUEUE, True)
    assert for_reserved(MADE, status, now, MOST_TRIES, Void.OPEN).do is Do.QUEUE


@pytest.mark.parametrize(
    ("of", "status", "do"),
    [
        (CAPTURING, C, Do.PAY),
        (CAPTURING, V, Do.RELEASE),
        (OPEN, NONE, Do.EXPIRE),
        (EXPIRED, C, Do.PAY),
        (RELEASED, V, Do.DONE),
    ],
)
def test_settled_in_the_end(of: Order, status: Status, do: Do) -> None:
    """What CMI settles at last is settled, however often it was asked before."""
    assert for_order(of, status, NOW + 31 * DAY, MOST_TRIES).do is do


def test_what_breaks() -> None:
    """A matter that breaks for a day goes to the operator."""
    assert for_broken(FIRST_DAY_TRIES - 1).do is Do.WAIT
    assert (for_broken(FIRST_DAY_TRIES).do, for_broken(FIRST_DAY_TRIES).page) == (Do.QUEUE, True)


def test_every_proposal_is_an_edge() -> None:
    """Whatever is proposed to a state is an edge of the drawing, and each state has an exit."""
    after = {
        Do.PAY: OrderState.PAID, Do.RELEASE: OrderState.RELEASED, Do.EXPIRE: OrderState.EXPIRED,
        Do.REFUSE: OrderState.EXPIRED,
    }  # fmt: skip
    moves = [(of.state, after[do]) for of, _, _, do, _ in TABLE if do in after]
    proposed = {(before, to) for before, to in moves if before is not to}
    assert proposed <= set(EDGES)
    waiting = {OrderState.OPEN, OrderState.CAPTURING}
    assert waiting <= {before for before, _ in proposed}
