"""The rule of what waits, as one table: every state, every fate, every time (`design.md` §4)."""

from datetime import datetime, timedelta

import pytest

from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.payment import EDGES
from functions.shared.rules.settlement import (
    FIRST_DAY_TRIES,
    MOST_TRIES,
    Do,
    Status,
    Void,
    for_broken,
    for_order,
    for_reserved,
    kept,
    pause,
)
from tests.rules.samples import NOW, order
from tests.settlement.said import (
    A2,
    AFTER,
    ALMOST,
    C2,
    CAPTURING,
    DAY,
    DURING,
    EXPIRED,
    JUST,
    LATE,
    LATER,
    LESS,
    MADE,
    MINUTE,
    MIXED,
    MORE,
    MUTE,
    NO_API,
    NONE,
    OPEN,
    RELEASED,
    SOON,
    TIMELESS,
    V2,
    WEEK_AFTER,
    A,
    C,
    D,
    V,
)

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


def test_soon() -> None:
    """While CMI captures by itself another look in seconds tells more; later the steps take time."""
    assert for_order(CAPTURING, A, JUST, 0).soon
    assert not for_order(CAPTURING, A, SOON, 0).soon
    assert not for_order(CAPTURING, NONE, JUST, 0).soon


def test_nobody_to_ask() -> None:
    """Without an API a reserved payment is looked at once, when it has lapsed."""
    assert for_reserved(MADE, NO_API, NOW, 0, Void.OUT_OF_REACH).until == MADE.at + 7 * DAY
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
