"""Each condition of our writes by itself: whoever saw an older row changes nothing.

Worlds show what the conditions are for; here each clause is asked alone, also those that stand
behind another one. `mutation.py` drops them one by one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest

from functions.shared.aws import matters, moves, orders, rows, table, work
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import Attempt, DueState, Order, OrderState
from functions.shared.rules.work import stamp
from tests.simulation.lonely import (
    NOW,
    REFERENCE,
    TRANS,
    Row,
    a_due,
    an_order,
    lonely,
    put,
    stands,
)

O, D = OrderState, DueState  # noqa: E741 - the tables below read as the design's
KINDS = [("ORDER", "ORDER"), ("ATTEMPT", "ATTEMPT#T1#00"), ("LETTER", "LETTER#1")]
SEEN = {"waits": "WORK#4", "waits_at": stamp(NOW)}


@pytest.fixture(autouse=True)
def alone(printed: StringIO) -> Iterator[None]:
    """Look at one call alone."""
    del printed
    with lonely():
        yield


# What waits

FOLLOW = {
    "postpone": lambda key, seen: work.postpone(key, 3, NOW, seen=seen),
    "enqueue": lambda key, seen: work.enqueue(key, "why", NOW, seen=seen),
    "finish": lambda key, seen: work.finish(key, NOW, seen=seen),
}


@pytest.mark.parametrize("older", [{"waits": "MAIL#4"}, {"waits_at": stamp(NOW - timedelta(1))}])
@pytest.mark.parametrize("kind", KINDS, ids=[kind for kind, _ in KINDS])
@pytest.mark.parametrize("how", FOLLOW)
def test_what_waits(how: str, kind: tuple[str, str], older: Row) -> None:
    """What waits otherwise by now is neither put off, queued nor taken out."""
    row = put({"pk": f"ORDER#{REFERENCE}", "sk": kind[1], **SEEN})
    FOLLOW[how]((row["pk"], row["sk"]), row | older)
    assert stands(row) == row
    FOLLOW[how]((row["pk"], row["sk"]), row)
    assert stands(row) != row


@pytest.mark.parametrize("how", FOLLOW)
@pytest.mark.parametrize("waits", [{}, SEEN])
def test_what_waits_no_more(how: str, waits: Row) -> None:
    """What was seen at rest is put into the index only while it still rests there."""
    key = f"ORDER#{REFERENCE}", "ORDER"
    FOLLOW[how](key, {"pk": key[0], "sk": key[1]})
    assert table.get(key) is None
    row = put({"pk": key[0], "sk": key[1], **waits})
    FOLLOW[how](key, {"pk": key[0], "sk": key[1]})
    assert (stands(row) == row) is bool(waits)


@pytest.mark.parametrize("kind", KINDS, ids=[kind for kind, _ in KINDS])
@pytest.mark.parametrize("how", FOLLOW)
def test_whatever_waits(how: str, kind: tuple[str, str]) -> None:
    """Whoever does not care why a row waits still leaves one alone that does not."""
    key = f"ORDER#{REFERENCE}", kind[1]
    FOLLOW[how](key, None)
    assert table.get(key) is None
    row = put({"pk": key[0], "sk": key[1]})
    FOLLOW[how](key, None)
    assert stands(row) == row
    put(row | SEEN)
    FOLLOW[how](key, None)
    assert stands(row) != row | SEEN


@pytest.mark.parametrize("kind", [*KINDS, ("MATTER", "MATTER#T1")])
def test_what_is_closed(kind: tuple[str, str]) -> None:
    """The operator closes what is in the queue, and nothing that a function waits for."""
    of = put(rows.order_row(an_order(O.EXPIRED)))
    row = put({"pk": of["pk"], "sk": kind[1], **SEEN})
    assert not matters.close([(row["pk"], row["sk"])], NOW)
    assert stands(row) == row
    put(row | {"waits": "QUEUE"})
    assert matters.close([(row["pk"], row["sk"])], NOW)


def test_what_came_to_be_held() -> None:
    """An order whose quarters were held while the operator was asked stays theirs to settle."""
    row = put(rows.order_row(an_order(O.CAPTURING, TRANS)) | SEEN | {"waits": "QUEUE"})
    assert not matters.close([(row["pk"], row["sk"])], NOW)
    assert stands(row) == row


@pytest.mark.parametrize("waits", [{}, SEEN])
def test_whose_letter_is_closed(waits: Row) -> None:
    """An order whose letter nobody sends any more waits for what it waited, or to be forgotten."""
    of = put(rows.order_row(an_order(O.PAID, TRANS)) | waits)
    letter = put({"pk": of["pk"], "sk": "LETTER#1", "waits": "QUEUE", "waits_at": stamp(NOW)})
    assert matters.close([(letter["pk"], letter["sk"])], NOW)
    assert "waits" not in stands(letter)
    left = stands(of)
    assert left["waits"].startswith("WORK#" if waits else "FORGET#")
    gone = put({"pk": "ORDER#12345678901291", "sk": "LETTER#1", **SEEN, "waits": "QUEUE"})
    assert not matters.close([(gone["pk"], gone["sk"])], NOW)
    assert table.get((gone["pk"], "ORDER")) is None


# Moves

# from, to, and how its quarter stands before
MOVES = [
    (O.CAPTURING, O.PAID, D.HELD), (O.CAPTURING, O.RELEASED, D.HELD),
    (O.PAID, O.REFUNDED, D.PAID), (O.PAID, O.UNCAPTURED, D.PAID),
    (O.RELEASED, O.PAID, D.UNPAID), (O.OPEN, O.PAID, D.UNPAID), (O.EXPIRED, O.PAID, D.UNPAID),
]  # fmt: skip
TAKEN = (O.CAPTURING, O.PAID)
EMAILS = (None, "payer@example.ma")


@pytest.fixture(params=EMAILS, ids=["no e-mail", "e-mail"])
def email(request: pytest.FixtureRequest) -> str | None:
    """Give the order's address: without one nothing waits for a letter."""
    address: str | None = request.param
    return address


@pytest.fixture(params=MOVES, ids=[f"{before} {after}" for before, after, _ in MOVES])
def move(request: pytest.FixtureRequest, email: str | None) -> tuple[Order, OrderState, Row]:
    """Let an order and its quarter stand as a move finds them."""
    before, after, state = request.param
    order = an_order(before, TRANS if before in (*TAKEN, O.RELEASED) else None, email)
    put(rows.order_row(order))
    return order, after, put(a_due(state, TRANS if state is not D.UNPAID else None))


def test_moves(move: tuple[Order, OrderState, Row]) -> None:
    """An order moves with its quarter where both stand as they were read."""
    order, after, _ = move
    assert moves.move(order, after, Word("operator", "why", TRANS), NOW)


@pytest.mark.parametrize("other", [D.UNPAID, D.HELD, D.PAID])
def test_a_due_that_moved(move: tuple[Order, OrderState, Row], other: DueState) -> None:
    """An order does not move when its quarter is in another state by now."""
    order, after, due = move
    if due["state"] != other:
        put(due | {"state": other})
        assert not moves.move(order, after, Word("operator", "why", TRANS), NOW)


def test_a_due_of_another(move: tuple[Order, OrderState, Row]) -> None:
    """An order does not move when its quarter is another transaction's, or of another amount."""
    order, after, due = move
    of_another = {"trans_id": "T2"} if due["trans_id"] else {"amount_centimes": 1}
    put(due | of_another)
    assert not moves.move(order, after, Word("operator", "why", TRANS), NOW)


def test_an_order_that_moved(move: tuple[Order, OrderState, Row]) -> None:
    """An order that moved meanwhile, or is another transaction's by now, is left alone."""
    order, after, _ = move
    row = put(rows.order_row(order) | {"state": O.REFUNDED if after is O.PAID else O.RELEASED})
    assert not moves.move(order, after, Word("operator", "why", TRANS), NOW)
    if order.state in TAKEN:
        put(row | {"state": order.state, "trans_id": "T2"})
        assert not moves.move(order, after, Word("operator", "why", TRANS), NOW)


def test_an_act_is_told_once(move: tuple[Order, OrderState, Row]) -> None:
    """What somebody did in the same instant stays in the timeline: the second comes again."""
    order, after, _ = move
    first = put(rows.event_row(REFERENCE, after, "somebody else", "another reason", NOW))
    assert not moves.move(order, after, Word("operator", "why", TRANS), NOW)
    assert stands(first) == first


def test_what_was_stripped_is_not_paid(move: tuple[Order, OrderState, Row]) -> None:
    """An order whose quarters were forgotten meanwhile says no more what was paid."""
    order, after, _ = move
    put(rows.order_row(order) | {"stripped_at": stamp(NOW)})
    assert moves.move(order, after, Word("operator", "why", TRANS), NOW) is (after is not O.PAID)


@pytest.mark.parametrize("look_at", [None, NOW])
def test_an_expiry_too_late(look_at: datetime | None) -> None:
    """An order that is being captured does not expire, whoever asks."""
    put(rows.order_row(an_order(O.CAPTURING, TRANS)))
    word = Word("settlement", "why", look_at=look_at)
    assert not moves.move(an_order(O.OPEN), O.EXPIRED, word, NOW)


@pytest.mark.parametrize("look_at", [None, NOW])
def test_a_release_too_late(look_at: datetime | None) -> None:
    """An order is not released by a transaction that it no longer names, nor once it is paid."""
    order = an_order(O.CAPTURING, TRANS)
    put(a_due(D.HELD, TRANS))
    for other in ({"trans_id": "T2"}, {"state": O.PAID}):
        put(rows.order_row(order) | other)
        assert not moves.move(order, O.RELEASED, Word("s", "why", TRANS, look_at=look_at), NOW)


# The verdict

MADE = Attempt(TRANS, "00", "ACTION=POSTAUTH", approved=True, reason=None, at=NOW)
LOSERS: dict[str, Callable[[], object]] = {
    "another amount": lambda: put(a_due(D.UNPAID, None, 1)),
    "held": lambda: put(a_due(D.HELD, "T2")),
    "paid elsewhere": lambda: put(a_due(D.PAID, None)),
    "moved": lambda: put(rows.order_row(an_order(O.RELEASED))),
    "stripped": lambda: put(rows.order_row(an_order(O.OPEN)) | {"stripped_at": stamp(NOW)}),
    "told before": lambda: put(rows.attempt_row(an_order(O.OPEN), MADE)),
}


@pytest.mark.parametrize("loser", [None, *LOSERS])
@pytest.mark.parametrize("after", [O.PAID, O.CAPTURING])
def test_paying(after: OrderState, loser: str | None, email: str | None) -> None:
    """A payment commits where the order, its quarter and the log are as they were read."""
    order = an_order(O.OPEN, email=email)
    put(rows.order_row(order))
    put(a_due(D.UNPAID, None))
    if loser:
        LOSERS[loser]()
    assert (orders.pay(order, after, MADE, NOW) is None) == (loser is None)


@pytest.mark.parametrize("suspect", [False, True])
def test_what_is_kept_is_kept_once(*, suspect: bool) -> None:
    """The same verdict a second time finds the reply that it got."""
    order = an_order(O.OPEN)
    first = orders.keep(order, MADE, suspect=suspect)
    later = Attempt(TRANS, "00", "APPROVED", approved=True, reason=None, at=NOW + timedelta(1))
    assert orders.keep(order, later, suspect=suspect) == first


def test_an_order_begins_once() -> None:
    """Two clicks of one page make one order."""
    assert orders.start(an_order(O.OPEN), "address").rnd == "rnd"
    other = Order(**{**_facts(an_order(O.OPEN)), "rnd": "other"})
    assert orders.start(other, "address").rnd == "rnd"


def _facts(order: Order) -> Row:
    return {name: getattr(order, name) for name in Order.__slots__}
