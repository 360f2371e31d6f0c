"""Moves of an order beside the verdict: proofs, releases, expiry, the operator's word.

Each is one transaction with the conditions of everyone: the order stands where it was read, each
due where its state says, and what was done, by whom and why is a row written with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from functions.shared.aws import dues, orders, rows, table
from functions.shared.rules.cmi.answer import APPROVED
from functions.shared.rules.decision import Reply
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.ledger import entry
from functions.shared.rules.orders import Attempt, DueState, Order, OrderState
from functions.shared.rules.payment import DUE_STATES, moved
from functions.shared.rules.work import stamp, waiting


@dataclass(frozen=True, slots=True)
class Word:
    """Who moves an order and why; `trans_id`: of the transaction that the move is about.

    `captured_at`: when CMI captured, where that is known; the payment belongs to that day.
    `look_at`: when CMI is asked again about an order that is given up.
    """

    who: str
    why: str
    trans_id: str | None = None
    captured_at: datetime | None = None
    look_at: datetime | None = None


# The letter that a move owes its payer, besides the one of a payment.
_LETTERS = {OrderState.RELEASED: "not_debited", OrderState.UNCAPTURED: "corrected"}


def move(order: Order, after: OrderState, word: Word, now: datetime) -> bool:
    """Move an order and its dues to `after`, all or none.

    False where a condition did not hold: somebody was faster, or a due is no longer free.
    Raise EdgeError where no such edge exists.
    """
    moved(order.state, after)
    event = rows.event_row(order.reference, after, word.who, word.why, now)
    actions = [_order(order, after, word, now), table.put(event), *_dues(order, after, word)]
    if order.state in (OrderState.OPEN, OrderState.EXPIRED):
        note = (f"REG#{order.registration_number}", f"OPEN#{order.reference}")
        actions.append(table.delete(note))
    actions += _verdict(order, after, word, now)
    actions += _letter(order, after, now)
    try:
        table.save_once(actions, "move", order.reference, after, word.trans_id or "", stamp(now))
    except Cancelled:
        return False
    return True


def _order(order: Order, after: OrderState, word: Word, now: datetime) -> table.Action:
    values: dict[str, str | int] = {":before": order.state, ":after": after}
    change, condition = "SET #s = :after", "#s = :before"
    waits, waiting_values = orders.resting(order.reference, now)
    if after is OrderState.PAID:
        paid_at = word.captured_at or now
        values |= {
            ":trans": word.trans_id or order.trans_id or "",
            ":now": stamp(paid_at),
            ":day": entry(order.reference, paid_at),
            ":evidence": f"{word.who} {word.trans_id} {order.total_centimes}",
        }
        change += (
            ", trans_id = :trans, paid_at = :now, paid_day = :day, evidence = :evidence"
            ", decided_at = if_not_exists(decided_at, :now)"
        )
        waits, waiting_values = orders.signature(order, now)
        condition += f" AND {orders.WHOLE}"
    elif word.look_at:
        waits, waiting_values = orders.waiting_for(waiting(order.reference, word.look_at))
    if order.trans_id is not None and order.state is not OrderState.RELEASED:
        condition += " AND trans_id = :held"
        values[":held"] = order.trans_id
    key = rows.order_key(order.reference)
    return table.update(key, change + waits, condition, values | waiting_values)


def _dues(order: Order, after: OrderState, word: Word) -> Iterator[table.Action]:
    """Move each due with the order; an order that expires touches none."""
    if after not in DUE_STATES:
        return
    held = {OrderState.CAPTURING: DueState.HELD, OrderState.PAID: DueState.PAID}.get(order.state)
    amounts = [line.amount_centimes for line in order.lines if line.kind == "contribution"]
    for due_id, amount in zip(order.due_ids, amounts, strict=True):
        values: dict[str, str | int] = {
            ":before": held or DueState.UNPAID,
            ":after": DUE_STATES[after],
        }
        condition = "#s = :before"
        if held:
            condition += " AND trans_id = :trans"
            values[":trans"] = order.trans_id or ""
        else:
            condition += " AND amount_centimes = :amount"
            values[":amount"] = amount
        change = "SET #s = :after REMOVE trans_id"
        if DUE_STATES[after] is not DueState.UNPAID:
            change = "SET #s = :after, trans_id = :new, payment = :payment"
            values |= {":new": word.trans_id or order.trans_id or "", ":payment": order.reference}
        yield table.update(
            dues.due_key(order.registration_number, due_id), change, condition, values
        )


def _verdict(order: Order, after: OrderState, word: Word, now: datetime) -> Iterator[table.Action]:
    """Write the verdict that never came of a transaction that pays after all.

    A late one then gets that reply; one that was refused before forbids the move, for its money
    is being released.
    """
    if after is OrderState.PAID and word.trans_id and word.trans_id != order.trans_id:
        told = Attempt(word.trans_id, APPROVED, Reply.CAPTURE, approved=True, reason=None, at=now)
        yield table.put(rows.attempt_row(order, told))


def _letter(order: Order, after: OrderState, now: datetime) -> Iterator[table.Action]:
    if not order.email:
        return
    if after is OrderState.PAID:
        yield table.put(rows.letter_row(order.reference, orders.FIRST, "paid", now))
    if after in _LETTERS:
        kind = _LETTERS[after]
        row = rows.letter_row(order.reference, kind.replace("_", "-"), kind, now)
        yield table.put(row | {"asked": after}, once=False)
