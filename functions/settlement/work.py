"""One matter that waits, from its key to its step carried out."""

from dataclasses import replace
from datetime import datetime

from functions.settlement.api import Api
from functions.shared import outside
from functions.shared.aws import moves, orders, rows, table, work
from functions.shared.aws.moves import Word
from functions.shared.rules.cmi.answer import APPROVED
from functions.shared.rules.decision import Reply
from functions.shared.rules.orders import Attempt, Order, OrderState
from functions.shared.rules.settlement import (
    AFTER_A_BREAK,
    UNDONE,
    Do,
    Status,
    Step,
    Void,
    for_broken,
    for_order,
    for_reserved,
    kept,
    next_look,
    voidable,
)

WHO = "settlement"
FASTER = Step(Do.DONE, "somebody was faster")
REFUND = "CMI captured what was refused, or a quarter that is paid otherwise: refund"
_AFTER = {
    Do.PAY: OrderState.PAID, Do.RELEASE: OrderState.RELEASED, Do.EXPIRE: OrderState.EXPIRED,
    Do.REFUSE: OrderState.EXPIRED,
}  # fmt: skip


def settle(key: table.Key, api: Api | None) -> Step:
    """Look at a row that waits, strongly, and take it one step further; give the step."""
    row = table.get(key)
    if row is None or not _ours(row):
        return Step(Do.DONE, "settled meanwhile")
    now = outside.now()
    if key[1] == "ORDER":
        return _settle_order(key, row, api, now)
    return _settle_reserved(key, row, api, now)


def put_off(key: table.Key) -> Step:
    """Leave a matter that broke for later, after a day for the operator; give the step."""
    row = table.get(key)
    if row is None or not _ours(row):
        return Step(Do.DONE, "settled meanwhile")
    late = row | {"tries": max(_tries(row), AFTER_A_BREAK)}
    return _noted(key, late, for_broken(_tries(row)), outside.now())


def _ours(row: table.Row) -> bool:
    """Say whether a row waits for settlement, and not for its letter or the operator."""
    return str(row.get("waits", "")).startswith("WORK#")


def _tries(row: table.Row) -> int:
    tries = row.get("tries", 0)
    return tries if isinstance(tries, int) else 0


def _settle_order(key: table.Key, row: table.Row, api: Api | None, now: datetime) -> Step:
    order = rows.order(row)
    status, step = _asked(api, order, now, _tries(row))
    if step.do is Do.REFUSE and status:
        _refuse(order, status.trans_id, now)
    if _AFTER.get(step.do, order.state) is not order.state:
        return _moved(key, order, step, _word(order, step, status, now), now)
    capturing = order.state is OrderState.CAPTURING
    return _noted(key, row, step, now, since=order.decided_at if capturing else None)


def _asked(api: Api | None, order: Order, now: datetime, tries: int) -> tuple[Status | None, Step]:
    """Ask what became of an order; where its capture had to be asked for again, ask once more."""
    status = api.status(order.reference) if api else None
    step = for_order(order, status, now, tries)
    if api and status and step.do is Do.CAPTURE:
        api.capture(order.reference, status.trans_id, order.total_centimes)
        status = api.status(order.reference)
        step = for_order(order, status, now, tries)
    return status, step


def _refuse(order: Order, trans_id: str, now: datetime) -> None:
    """Record an approval that was never told as refused, so that it is voided and never captured.

    The row of an attempt is one: where CMI's message came just now and was accepted, it stands,
    and the order no longer moves from where it was read.
    """
    made = Attempt(trans_id, APPROVED, Reply.ACKNOWLEDGE, approved=True, reason="refused", at=now)
    orders.keep(order, made)


def _word(order: Order, step: Step, status: Status | None, now: datetime) -> Word:
    """Say why an order moves; a payment belongs to the day of its capture, if that is sane.

    One that is given up is asked about again, where there is somebody to ask.
    """
    if status is None:
        return Word(WHO, step.why, order.trans_id)
    if step.do is not Do.PAY:
        return Word(WHO, step.why, order.trans_id, look_at=next_look(order, now))
    at = status.captured_at
    sane = at if at and order.started_at <= at <= now else None
    return Word(WHO, step.why, status.trans_id, sane)


def _moved(key: table.Key, order: Order, step: Step, word: Word, now: datetime) -> Step:
    """Move the order; money that was captured for dues no longer free goes to the operator."""
    if moves.move(order, _AFTER[step.do], word, now):
        return step
    row = table.get(key) if step.do is Do.PAY else None
    if row is None:
        return FASTER
    stands = rows.order(row)
    if stands.state is not order.state:
        # What was given up meanwhile is paid all the same where its dues are free (event 97).
        if stands.state not in (OrderState.EXPIRED, OrderState.RELEASED):
            return FASTER
        if moves.move(stands, OrderState.PAID, word, now):
            return step
    work.enqueue(key, REFUND, now, seen=row)
    return Step(Do.QUEUE, REFUND, page=True)


def _settle_reserved(key: table.Key, row: table.Row, api: Api | None, now: datetime) -> Step:
    """Release money that the bank reserved and we refused."""
    made, of = rows.attempt(row), table.get((key[0], "ORDER"))
    if of is None:
        raise LookupError("an attempt of no order")
    order = rows.order(of)
    step = kept(order, made.trans_id) or _released(order, made, api, now, _tries(row))
    return _noted(key, row, step, now, since=made.at)


def _released(order: Order, made: Attempt, api: Api | None, now: datetime, tries: int) -> Step:
    """Have it voided where that can be asked for, and believe it when the status says so too."""
    if api is None:
        return for_reserved(made, None, now, tries, Void.OUT_OF_REACH)
    status, void = None, Void.OUT_OF_REACH
    if order.state in UNDONE:
        status = api.status(order.reference)
    if api.names_transactions or voidable(order, made.trans_id, status):
        void = Void.DONE if api.void(order.reference, made.trans_id) else Void.OPEN
        status = None
    return for_reserved(made, status or api.status(order.reference), now, tries, void)


def _noted(
    key: table.Key, row: table.Row, step: Step, now: datetime, since: datetime | None = None
) -> Step:
    """Leave a row as its step says: out of the index, with the operator, or for later."""
    if step.do is Do.DONE:
        work.finish(key, now, seen=row)
    elif step.do is Do.QUEUE:
        work.enqueue(key, step.why, now, seen=row)
    else:
        work.postpone(key, _tries(row), now, seen=row, until=step.until)
        # What is not looked at before an instant of its own is no cause for concern until then.
        return replace(step, since=None if step.until else since)
    return step
