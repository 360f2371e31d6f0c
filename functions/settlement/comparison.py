"""The daily comparison: CMI's list of captured payments against ours, line by line. Pure.

What CMI's file looks like is not published (`cmi.md`): its columns, signs and times are a setting,
and a file that is not wholly readable decides nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from functions.settlement.captured import Captured
from functions.shared.rules.ledger import day_of
from functions.shared.rules.orders import Due, DueState, Order, OrderState
from functions.shared.rules.payment import PAYABLE

# A capture so soon before midnight may stand in the next day's list.
NIGHT = timedelta(minutes=10)


class Kind(StrEnum):
    """What the comparison says of a line."""

    MATCHED = "matched"
    MISSING_HERE = "missing here"
    MISSING_THERE = "missing there"
    AMOUNT = "amount differs"
    TWICE = "twice there"


class Do(StrEnum):
    """What may follow. SETTLE: the order may become PAID, if the write's conditions hold."""

    NOTHING = "nothing"
    SETTLE = "settle"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the comparison. `line`: of CMI's file, None where the line is missing there."""

    kind: Kind
    do: Do
    why: str
    reference: str
    trans_id: str
    line: Captured | None = None
    order: Order | None = None


def compare(
    theirs: Sequence[Captured], known: Mapping[str, Order], ours: Iterable[Order]
) -> list[Finding]:
    """Compare CMI's captures with our orders.

    `known`: the orders that the captures name, by reference; `ours`: those paid on the days that
    the list is about. Both as strongly read.
    """
    times = Counter(line.reference for line in theirs)
    told: set[tuple[str, str]] = set()
    findings = []
    for line in theirs:
        again = line.key in told
        told.add(line.key)
        order = known.get(line.reference)
        twice = times[line.reference] > 1 and (again or not _own(line, order))
        findings.append(_twice(line, order) if twice else _judged(line, order))
    return [*findings, *_missing_there(ours, told)]


def dues_free(order: Order, dues: Mapping[str, Due]) -> bool:
    """Say whether every quarter of an order is unpaid and of the amount it was ordered at."""
    amounts = [line.amount_centimes for line in order.lines if line.kind == "contribution"]
    found = [dues.get(due_id) for due_id in order.due_ids]
    return all(
        due is not None and due.state is DueState.UNPAID and due.amount_centimes == amount
        for due, amount in zip(found, amounts, strict=True)
    )


def _own(line: Captured, order: Order | None) -> bool:
    """Say whether a capture is the very transaction that we accepted for its order."""
    return order is not None and line.trans_id == order.trans_id


def _twice(line: Captured, order: Order | None) -> Finding:
    why = "CMI captured more than once for this order: refund what is too much"
    return _queued(Kind.TWICE, why, line, order)


def _judged(line: Captured, order: Order | None) -> Finding:
    """Judge the one capture of an order."""
    if order is None:
        return _queued(Kind.MISSING_HERE, "CMI captured for an order unknown here", line, None)
    if not line.dirhams or line.amount_centimes != order.total_centimes:
        return _queued(Kind.AMOUNT, "CMI captured another amount than was ordered", line, order)
    if order.state in _SETTLED:
        return _settled(line, order)
    if order.state is OrderState.CAPTURING:
        return _capturing(line, order)
    if order.state in (*PAYABLE, OrderState.RELEASED):
        why = f"CMI captured it while it was {order.state} here"
        return _finding(Kind.MISSING_HERE, Do.SETTLE, why, line, order)
    why = f"CMI captured it and it was called {order.state} here: pay back or honour it"
    return _queued(Kind.MISSING_HERE, why, line, order)


_SETTLED = (OrderState.PAID, OrderState.REFUNDED)


def _settled(line: Captured, order: Order) -> Finding:
    if _own(line, order):
        return _finding(Kind.MATCHED, Do.NOTHING, "", line, order)
    why = f"the order is {order.state} by another transaction, {order.trans_id}: refund this one"
    return _queued(Kind.MISSING_HERE, why, line, order)


def _capturing(line: Captured, order: Order) -> Finding:
    if _own(line, order):
        why = "CMI shows the capture that was waited for"
        return _finding(Kind.MISSING_HERE, Do.SETTLE, why, line, order)
    why = f"another transaction, {order.trans_id}, was accepted for it: look at both"
    return _queued(Kind.MISSING_HERE, why, line, order)


def _missing_there(ours: Iterable[Order], told: set[tuple[str, str]]) -> Iterator[Finding]:
    """Give the payments that CMI does not list. A refunded one may have left the list (Void)."""
    for order in ours:
        trans_id = order.trans_id or ""
        if order.state is OrderState.PAID and (order.reference, trans_id) not in told:
            why = "CMI did not capture it: honour it, or asvi uncapture" + _at_night(order)
            yield Finding(Kind.MISSING_THERE, Do.QUEUE, why, order.reference, trans_id, order=order)


def _at_night(order: Order) -> str:
    """Warn of a payment whose capture may stand in the list of another day."""
    at = order.paid_at
    if at is None or day_of(at - NIGHT) == day_of(at) == day_of(at + NIGHT):
        return ""
    return " - but first compare the days before and after: it was paid about midnight"


def _queued(kind: Kind, why: str, line: Captured, order: Order | None) -> Finding:
    return _finding(kind, Do.QUEUE, why, line, order)


def _finding(kind: Kind, do: Do, why: str, line: Captured, order: Order | None) -> Finding:
    return Finding(kind, do, why, line.reference, line.trans_id, line, order)
