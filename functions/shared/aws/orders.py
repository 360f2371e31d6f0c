"""Orders, attempts and letters: what is read together, and what is written all or none."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.shared.aws import dues, rows, table
from functions.shared.rules.errors import Cancelled, Problem, Reason
from functions.shared.rules.ledger import entry
from functions.shared.rules.letters import Letter
from functions.shared.rules.orders import (
    Attempt,
    Due,
    DueState,
    Order,
    OrderState,
)
from functions.shared.rules.payment import DUE_STATES, PAYABLE
from functions.shared.rules.work import stamp, waiting

OPEN_ORDERS_A_WINDOW = 60
# Attempts and letters of one order; a gateway that sends more is not believed to the end.
MOST_ROWS = 200
# The letter that is wanted in the paying transaction.
FIRST = "1"
# Whoever pays an order read it whole: it was not stripped of its quarters meanwhile.
WHOLE = "attribute_not_exists(stripped_at)"
# What an update says of an order that waits for nobody, with its values.
AT_REST: tuple[str, dict[str, str]] = (" REMOVE waits, waits_at, tries", {})


@dataclass(frozen=True, slots=True)
class Payment:
    """All that is known of one payment, attempts oldest first."""

    order: Order
    attempts: list[Attempt]
    letters: list[Letter]


def for_checkout(
    reference: str, registration_number: str, due_ids: Iterable[str]
) -> tuple[Order | None, dict[str, Due]]:
    """Read in one call the order that a checkout's key names, and the dues it asks for."""
    keys = {due_id: dues.due_key(registration_number, due_id) for due_id in due_ids}
    read = table.get_many([rows.order_key(reference), *keys.values()])
    found = {due_id: dues.due(read[key]) for due_id, key in keys.items() if key in read}
    row = read.get(rows.order_key(reference))
    return rows.order(row) if row else None, found


def for_verdict(reference: str, trans_id: str, code: str) -> tuple[Order | None, Attempt | None]:
    """Read in one call the order that a verdict names, and the same verdict if it came before."""
    first, second = rows.order_key(reference), rows.attempt_key(reference, trans_id, code)
    read = table.get_many([first, second])
    return (
        rows.order(read[first]) if first in read else None,
        rows.attempt(read[second]) if second in read else None,
    )


def payment(reference: str) -> Payment | None:
    """Read in one call all that is known of a payment."""
    read = table.query(f"ORDER#{reference}", "ORDER", MOST_ROWS, down=True)
    if not read or read[0]["sk"] != "ORDER":
        return None
    attempts = [rows.attempt(row) for row in read if row["sk"].startswith("ATTEMPT#")]
    letters = [rows.letter(row) for row in read if row["sk"].startswith("LETTER#")]
    return Payment(rows.order(read[0]), sorted(attempts, key=lambda one: one.at), letters)


def start(new: Order, address: str) -> Order:
    """Save a new order, its note beside the dues, and the address's count: all or none.

    Give the order that stands: the new one, or that of the same key's other click at the same
    time. Raise too_many_requests for an address in haste.
    """
    now = new.started_at
    note = {
        "pk": f"REG#{new.registration_number}", "sk": f"OPEN#{new.reference}",
        "started_at": stamp(now), "until": stamp(new.open_until),
        "due_ids": "|".join(new.due_ids), "expires": int(new.open_until.timestamp()),
    }  # fmt: skip
    counter = dues.counter_key(address, now)
    actions = [
        table.put(rows.order_row(new) | waiting(new.reference, new.open_until)),
        table.put(note, once=False),
        table.counted(counter, ["orders"], OPEN_ORDERS_A_WINDOW, now + 2 * dues.COUNT_WINDOW),
    ]
    try:
        table.save_once(actions, "start", new.reference, new.rnd)
    except Cancelled as error:
        if error.reasons[0].met:
            raise Problem("too_many_requests") from error
        return rows.order(error.reasons[0].found)
    return new


@dataclass(frozen=True, slots=True)
class Contest:
    """Why a payment could not be saved: the facts as they stand now."""

    order: Order | None
    attempt: Attempt | None
    dues_free: bool


def pay(paid: Order, after: OrderState, made: Attempt, now: datetime) -> Contest | None:
    """Move an order to PAID or CAPTURING with its dues, attempt, letter and note: all or none.

    None once it has committed; a Contest where a condition did not hold. The dues must be unpaid
    and of the amounts that the order was made of, the order where the decision found it.
    """
    actions = [_order_paid(paid, after, made, now), table.put(rows.attempt_row(paid, made))]
    amounts = [line.amount_centimes for line in paid.lines if line.kind == "contribution"]
    actions += [
        _due_paid(paid, due_id, amount, DUE_STATES[after], made)
        for due_id, amount in zip(paid.due_ids, amounts, strict=True)
    ]
    actions.append(table.delete((f"REG#{paid.registration_number}", f"OPEN#{paid.reference}")))
    if paid.email and after is OrderState.PAID:
        actions.append(table.put(rows.letter_row(paid.reference, FIRST, "paid", now)))
    try:
        table.save_once(actions, "pay", paid.reference, made.trans_id, made.code)
    except Cancelled as error:
        return _contest(paid, error.reasons)
    return None


def _contest(paid: Order, reasons: Sequence[Reason]) -> Contest:
    first, second, *others = reasons
    of_dues = others[: len(paid.due_ids)]
    return Contest(
        order=paid if first.met else (rows.order(first.found) if first.found else None),
        attempt=rows.attempt(second.found) if second.found and not second.met else None,
        dues_free=all(reason.met for reason in of_dues),
    )


def _order_paid(paid: Order, after: OrderState, made: Attempt, now: datetime) -> table.Action:
    proved = after is OrderState.PAID
    values = {
        ":before": paid.state, ":after": after, ":trans": made.trans_id, ":now": stamp(now),
    }  # fmt: skip
    change = "SET #s = :after, trans_id = :trans, decided_at = :now"
    if proved:
        change += ", paid_at = :now, paid_day = :day, evidence = :evidence"
        values[":evidence"] = f"callback {made.trans_id} {paid.total_centimes}"
        values[":day"] = entry(paid.reference, now)
        waits, waiting_values = signature(paid, now)
    else:
        waits, waiting_values = waiting_for(waiting(paid.reference, now))
    return table.update(
        rows.order_key(paid.reference),
        change + waits,
        f"#s = :before AND {WHOLE}",
        values | waiting_values,
    )


def signature(paid: Order, now: datetime) -> tuple[str, dict[str, str]]:
    """Let a paid order wait for its signature: with its letter, or by itself where it has none."""
    if paid.email:
        return AT_REST
    return waiting_for(waiting(paid.reference, now + rows.LETTER_SOON, "MAIL"))


def resting(reference: str, now: datetime) -> tuple[str, dict[str, str]]:
    """Let an order wait for nobody but the day on which its address is forgotten.

    Also where it has none: its payer may just be giving one.
    """
    return waiting_for(waiting(reference, now, "FORGET"))


def waiting_for(waits: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Let an order wait, and be looked at afresh however often it was looked at before."""
    change = ", waits = :waits, waits_at = :waits_at REMOVE tries"
    return change, {f":{name}": value for name, value in waits.items()}


def _due_paid(
    paid: Order, due_id: str, amount_centimes: int, after: DueState, made: Attempt
) -> table.Action:
    values = {
        ":unpaid": DueState.UNPAID, ":amount": amount_centimes, ":after": after,
        ":trans": made.trans_id, ":payment": paid.reference,
    }  # fmt: skip
    return table.update(
        dues.due_key(paid.registration_number, due_id),
        "SET #s = :after, trans_id = :trans, payment = :payment",
        "#s = :unpaid AND amount_centimes = :amount",
        values,
    )


def keep(of: Order, made: Attempt, *, suspect: bool = False) -> Attempt:
    """Save an attempt that pays nothing, once, and the letter that tells of released money.

    Give the attempt that stands: the same verdict may have been saved since it was looked for,
    and the reply that it got then is the reply.
    """
    row = rows.attempt_row(of, made)
    if suspect:
        row["sk"] = row["sk"].replace("ATTEMPT", "SUSPECT", 1)
    elif made.approved:
        row |= waiting(of.reference, made.at)
    actions = [table.put(row)]
    if made.approved and not suspect and of.email and of.state in PAYABLE:
        name = f"nd-{hashlib.sha256(made.trans_id.encode()).hexdigest()[:8]}"
        letter = rows.letter_row(of.reference, name, "not_debited", made.at)
        actions.append(table.put(letter | {"asked": "verdict"}, once=False))
    try:
        table.save_once(actions, "keep", of.reference, made.trans_id, made.code, stamp(made.at))
    except Cancelled as error:
        return rows.attempt(error.reasons[0].found)
    return made
