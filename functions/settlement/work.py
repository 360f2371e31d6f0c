"""One matter that waits, from its key to its step carried out."""

from datetime import datetime

from functions.settlement.api import Api
from functions.shared import outside
from functions.shared.aws import moves, rows, table, work
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.settlement import (
    Do,
    Status,
    Step,
    for_order,
    for_reserved,
)

WHO = "settlement"
_AFTER = {Do.PAY: OrderState.PAID, Do.RELEASE: OrderState.RELEASED, Do.EXPIRE: OrderState.EXPIRED}


def settle(key: table.Key, api: Api | None) -> Step:
    """Look at a row that waits, strongly, and take it one step further; give the step."""
    row = table.get(key)
    now = outside.now()
    if row is None or "waits" not in row:
        return Step(Do.DONE, "settled meanwhile")
    if key[1] == "ORDER":
        return _settle_order(key, row, api, now)
    return _settle_reserved(key, row, api, now)


def _settle_order(key: table.Key, row: table.Row, api: Api | None, now: datetime) -> Step:
    order = rows.order(row)
    status = api.status(order.reference) if api else None
    step = for_order(order, status, now, row.get("tries", 0))
    if step.do in _AFTER:
        trans_id = status.trans_id if status and step.do is Do.PAY else order.trans_id
        return _moved(key, order, step, trans_id, now)
    if api and status:
        _ask(api, order, step, status)
    return _noted(key, row, step, now)


def _moved(key: table.Key, order: Order, step: Step, trans_id: str | None, now: datetime) -> Step:
    """Move the order; money that was captured for dues no longer free goes to the operator."""
    if moves.move(order, _AFTER[step.do], Word(WHO, step.why, trans_id), now):
        return step
    if step.do is not Do.PAY:
        return Step(Do.DONE, "somebody was faster")
    again = table.get(key)
    if again is None or again["state"] == OrderState.PAID:
        return Step(Do.DONE, "somebody was faster")
    why = "CMI captured, and a quarter of it is paid otherwise: refund"
    work.enqueue(key, why, now)
    return Step(Do.QUEUE, why, page=True)


def _ask(api: Api, order: Order, step: Step, status: Status) -> None:
    """Ask CMI to capture or to release; what it did shows at the next look."""
    if step.do is Do.CAPTURE:
        api.capture(order.reference, status.trans_id, order.total_centimes)
    elif step.do is Do.VOID:
        api.void(order.reference, status.trans_id)


def _settle_reserved(key: table.Key, row: table.Row, api: Api | None, now: datetime) -> Step:
    """Release money that the bank reserved and we refused."""
    reference, made = key[0].removeprefix("ORDER#"), rows.attempt(row)
    if api and api.void(reference, made.trans_id):
        step = Step(Do.DONE, "CMI released it")
    else:
        status = api.status(reference) if api else None
        step = for_reserved(made.trans_id, status, made.at, now)
    return _noted(key, row, step, now)


def _noted(key: table.Key, row: table.Row, step: Step, now: datetime) -> Step:
    """Leave a row as its step says: out of the index, with the operator, or for later."""
    if step.do is Do.DONE:
        work.finish(key)
    elif step.do is Do.QUEUE:
        work.enqueue(key, step.why, now)
    else:
        work.postpone(key, row.get("tries", 0), now)
    return step
