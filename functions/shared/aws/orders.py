"""Orders, attempts and letters: what is read together, and what is written all or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.shared.aws import dues, rows, table
from functions.shared.rules.errors import Cancelled, Problem, Reason
from functions.shared.rules.orders import (
    Attempt,
    Due,
    DueState,
    Order,
    OrderState,
)
from functions.shared.rules.payment import DUE_STATES
from functions.shared.rules.work import stamp, waiting

OPEN_ORDERS_A_WINDOW = 60
# Attempts and letters of one order; a gateway that sends more is not believed to the end.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Payment:
    """All that is known of one payment, attempts oldest first."""

    order: Order
    attempts: list[Attempt]
    letters: list[rows.Letter]


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
    read = table.query(f"ORDER#{reference}", "ORDER", MOST_ROWS)
    if not read or read[0]["sk"] != "ORDER":
        return None
    attempts = [rows.attempt(row) for row in read if row["sk"].startswith("ATTEMPT#")]
    letters = [rows.letter(row) for row in read if row["sk"].startswith("LETTER#")]
    return Payment(rows.order(read[0]), sorted(attempts, key=lambda one: one.at), letters)


def start(new: Order, address: str) -> None:
    """Save a new order, its note beside the dues, and the address's count: all or none.

    Raise key_reused where the reference is taken, too_many_requests for an address in haste.
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
        table.put(note),
        table.counted(counter, ["orders"], OPEN_ORDERS_A_WINDOW, now + 2 * dues.COUNT_WINDOW),
    ]
    try:
        table.save_once(actions, "start", new.reference, new.rnd)
    except Cancelled as error:
        taken = not error.reasons[0].met
        raise Problem("key_reused" if taken else "too_many_requests") from error


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
        actions.append(table.put(rows.letter_row(paid.reference, 1, "paid", now)))
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
    values = {
        ":before": paid.state, ":after": after, ":trans": made.trans_id,
        ":now": stamp(now),
    }  # fmt: skip
    change = "SET #s = :after, trans_id = :trans, decided_at = :now"
    if after is OrderState.PAID:
        change += ", paid_at = :now REMOVE waits, waits_at"
    else:
        change += ", waits = :waits, waits_at = :waits_at"
        values |= {f":{name}": value for name, value in waiting(paid.reference, now).items()}
    return table.update(rows.order_key(paid.reference), change, "#s = :before", values)


def _due_paid(
    paid: Order, due_id: str, amount_centimes: int, after: DueState, made: Attempt
) -> table.Action:
    values = {
        ":unpaid": DueState.UNPAID, ":amount": amount_centimes, ":after": after,
        ":trans": made.trans_id,
    }  # fmt: skip
    return table.update(
        dues.due_key(paid.registration_number, due_id),
        "SET #s = :after, trans_id = :trans",
        "#s = :unpaid AND amount_centimes = :amount",
        values,
    )


def keep(of: Order, made: Attempt, *, suspect: bool = False) -> Attempt:
    """Save an attempt that pays nothing, once; give the one that stands there."""
    row = rows.attempt_row(of, made)
    if suspect:
        row["sk"] = row["sk"].replace("ATTEMPT", "SUSPECT", 1)
    elif made.approved:
        row |= waiting(of.reference, made.at)
    try:
        table.write(table.put(row))
    except Cancelled as error:
        return rows.attempt(error.reasons[0].found)
    return made


def claim_letter(reference: str, number: int, proof: str, now: datetime) -> None:
    """Claim a wanted letter and store its order's proof, both or neither; raise Cancelled."""
    claim = {":wanted": "wanted", ":claimed": "claimed", ":now": stamp(now)}
    actions = [
        table.update(
            rows.letter_key(reference, number),
            "SET #s = :claimed, claimed_at = :now",
            "#s = :wanted",
            claim,
        ),
        _proved(reference, proof),
    ]
    table.save_once(actions, "letter", reference, str(number), stamp(now))


def store_proof(reference: str, proof: str) -> None:
    """Store a receipt's proof, once; raise Cancelled where one stands there."""
    table.write(_proved(reference, proof))


def _proved(reference: str, proof: str) -> table.Action:
    condition = "#s = :paid AND attribute_not_exists(proof)"
    values = {":proof": proof, ":paid": OrderState.PAID}
    return table.update(rows.order_key(reference), "SET proof = :proof", condition, values)


def letter_sent(reference: str, number: int, message_id: str, now: datetime) -> None:
    """Mark a claimed letter as taken by SES under `message_id`."""
    values = {":claimed": "claimed", ":sent": "sent", ":id": message_id, ":now": stamp(now)}
    change = "SET #s = :sent, message_id = :id, sent_at = :now REMOVE waits, waits_at"
    table.write(table.update(rows.letter_key(reference, number), change, "#s = :claimed", values))


def letter_refused(reference: str, number: int, now: datetime) -> None:
    """Mark a claimed letter as refused by SES; it waits for the operator."""
    waits = {f":{name}": value for name, value in waiting(reference, now).items()}
    values = {":claimed": "claimed", ":failed": "failed", **waits}
    change = "SET #s = :failed, waits = :waits, waits_at = :waits_at"
    table.write(table.update(rows.letter_key(reference, number), change, "#s = :claimed", values))
