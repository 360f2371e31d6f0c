"""The daily comparison: CMI's list of captured payments against ours, line by line. Pure.

What CMI's file looks like is not published (`cmi.md`): its columns, signs and times are a setting,
and a file that is not wholly readable decides nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from functions.settlement.captured import Captured
from functions.settlement.days import about, listed_on
from functions.shared.rules.ledger import day_of
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Due, DueState, Order, OrderState
from functions.shared.rules.payment import PAYABLE


class Kind(StrEnum):
    """What the comparison says of a line."""

    MATCHED = "matched"
    MISSING_HERE = "missing here"
    MISSING_THERE = "missing there"
    AMOUNT = "amount differs"
    TWICE = "twice there"
    ANOTHER_DAY = "another day"


class Do(StrEnum):
    """What may follow. SETTLE: the order may become PAID, if the write's conditions hold."""

    NOTHING = "nothing"
    SETTLE = "settle"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the comparison. `line`: of CMI's file, None where the line is missing there.

    `why` of a match: in which other day's account its payment or its capture stands, if any.
    """

    kind: Kind
    do: Do
    why: str
    reference: str
    trans_id: str
    line: Captured | None = None
    order: Order | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Name the capture that it is about."""
        return self.reference, self.trans_id


@dataclass(frozen=True, slots=True)
class Ours:
    """Our side, as strongly read, for a list about `days`.

    `known`: the orders that the captures name, by reference; `paid`: those paid on these days;
    `elsewhere`: captures found in the list of another day, and of which.
    """

    days: Collection[date]
    known: Mapping[str, Order]
    paid: Iterable[Order]
    elsewhere: Mapping[tuple[str, str], str]


def compare(theirs: Sequence[Captured], ours: Ours) -> list[Finding]:
    """Compare CMI's captures with our orders."""
    times = Counter(line.reference for line in theirs)
    told: set[tuple[str, str]] = set()
    findings = []
    for line in theirs:
        again = line.key in told
        told.add(line.key)
        order = ours.known.get(line.reference)
        twice = times[line.reference] > 1 and (again or not _own(line, order))
        findings.append(_twice(line, order) if twice else _judged(line, order, ours.days))
    return [*findings, *_missing_there(ours, told)]


def strayed_to(finding: Finding, days: Collection[date]) -> date | None:
    """Give the day in whose list a payment's capture stands, where it was paid on another."""
    if finding.line is None or finding.order is None or finding.order.paid_at is None:
        return None
    listed = listed_on(finding.line.at, days)
    return listed if listed != day_of(finding.order.paid_at) else None


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
    why = f"CMI captured more than once for this order, here {_sum(line)}: refund what is too much"
    return _queued(Kind.TWICE, why, line, order)


def _judged(line: Captured, order: Order | None, days: Collection[date]) -> Finding:
    """Judge the one capture of an order."""
    if order is None:
        why = f"CMI captured for an order unknown here: {_sum(line)}"
        return _queued(Kind.MISSING_HERE, why, line, None)
    if not order.lines:
        why = f"CMI captured {_sum(line)} for quarters that were erased since: give it back"
        return _queued(Kind.MISSING_HERE, why, line, order)
    if not line.dirhams or line.amount_centimes != order.total_centimes:
        why = f"CMI captured {_sum(line)}, and {_dh(order.total_centimes)} was ordered"
        return _queued(Kind.AMOUNT, why, line, order)
    return _of_its_amount(line, order, days)


def _of_its_amount(line: Captured, order: Order, days: Collection[date]) -> Finding:
    """Judge a capture of what was ordered, by where the order stands."""
    if order.state in _SETTLED:
        return _settled(line, order, days)
    if order.state is OrderState.CAPTURING:
        return _capturing(line, order)
    if order.state in (*PAYABLE, OrderState.RELEASED):
        why = f"CMI captured {_sum(line)} while it was {order.state} here"
        return _finding(Kind.MISSING_HERE, Do.SETTLE, why, line, order)
    why = f"CMI captured {_sum(line)}, and it was {order.state} here: pay back or honour it"
    return _queued(Kind.MISSING_HERE, why, line, order)


_SETTLED = (OrderState.PAID, OrderState.REFUNDED)


def _settled(line: Captured, order: Order, days: Collection[date]) -> Finding:
    if _own(line, order):
        return _matched(line, order, days)
    why = (
        f"CMI captured {_sum(line)}, and the order is {order.state} by another transaction, "
        f"{order.trans_id}: refund this one"
    )
    return _queued(Kind.MISSING_HERE, why, line, order)


def _matched(line: Captured, order: Order, days: Collection[date]) -> Finding:
    """Hold the day of a capture against that of its payment: the accounts go by days (I20)."""
    found = _finding(Kind.MATCHED, Do.NOTHING, "", line, order)
    if order.paid_at is None:
        return found
    paid_on = day_of(order.paid_at)
    if day_of(line.at) not in about(order.paid_at):
        why = f"captured on {day_of(line.at)}, here of {paid_on}: nothing to move"
        return replace(found, kind=Kind.ANOTHER_DAY, why=why)
    if strayed_to(found, days):
        return replace(found, why=f"here of {paid_on}: it was midnight")
    return found


def _capturing(line: Captured, order: Order) -> Finding:
    if _own(line, order):
        why = f"CMI shows the capture that was waited for, {_sum(line)}"
        return _finding(Kind.MISSING_HERE, Do.SETTLE, why, line, order)
    why = (
        f"CMI captured {_sum(line)}, and another transaction, {order.trans_id}, was accepted for "
        "it: look at both"
    )
    return _queued(Kind.MISSING_HERE, why, line, order)


def _missing_there(ours: Ours, told: set[tuple[str, str]]) -> Iterator[Finding]:
    """Give the payments that CMI does not list. A refunded one may have left the list (Void)."""
    for order in ours.paid:
        missing = _not_captured(order)
        if order.state is OrderState.PAID and missing.key not in told:
            day = ours.elsewhere.get(missing.key)
            yield _found_elsewhere(missing, day) if day else missing


def _found_elsewhere(missing: Finding, day: str) -> Finding:
    return replace(missing, kind=Kind.MATCHED, do=Do.NOTHING, why=f"in CMI's list of {day}")


def _not_captured(order: Order) -> Finding:
    total, trans_id = _dh(order.total_centimes), order.trans_id or ""
    why = f"CMI did not capture it, {total} here: honour it, or asvi uncapture{_at_night(order)}"
    return Finding(Kind.MISSING_THERE, Do.QUEUE, why, order.reference, trans_id, order=order)


def _at_night(order: Order) -> str:
    """Warn of a payment whose capture may stand in the list of another day."""
    if order.paid_at is None or len(about(order.paid_at)) == 1:
        return ""
    return " - but first compare the days before and after: it was paid about midnight"


def _sum(line: Captured) -> str:
    """Write what CMI captured."""
    if line.dirhams:
        return _dh(line.amount_centimes)
    return f"{dirhams(line.amount_centimes)} in another currency"


def _dh(amount_centimes: int) -> str:
    return f"{dirhams(amount_centimes)} DH"


def _queued(kind: Kind, why: str, line: Captured, order: Order | None) -> Finding:
    return _finding(kind, Do.QUEUE, why, line, order)


def _finding(kind: Kind, do: Do, why: str, line: Captured, order: Order | None) -> Finding:
    return Finding(kind, do, why, line.reference, line.trans_id, line, order)
