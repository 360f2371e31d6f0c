"""Orders, attempts and letters, as rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.shared.aws import dues, table
from functions.shared.rules.decision import Decision
from functions.shared.rules.errors import Cancelled, Problem, Reason
from functions.shared.rules.orders import (
    Attempt,
    Due,
    DueState,
    Line,
    Order,
    OrderState,
)
from functions.shared.rules.work import stamp, waiting

SCHEMA = 1
OPEN_ORDERS_A_WINDOW = 60
# Attempts and letters of one order; a gateway that sends more is not believed to the end.
MOST_ROWS = 200
_LETTER_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter owed: `state` is wanted, claimed, sent, delivered, bounced or failed."""

    number: int
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Payment:
    """All that is known of one payment, attempts oldest first."""

    order: Order
    attempts: list[Attempt]
    letters: list[Letter]


def order_key(reference: str) -> table.Key:
    """Give the key of an order."""
    return f"ORDER#{reference}", "ORDER"


def attempt_key(reference: str, trans_id: str, code: str) -> table.Key:
    """Give the key of an attempt: one row for each (order, TransId, code)."""
    return f"ORDER#{reference}", f"ATTEMPT#{trans_id}#{code[:8]}"


def letter_key(reference: str, number: int) -> table.Key:
    """Give the key of an order's n-th letter, from 1."""
    return f"ORDER#{reference}", f"LETTER#{number}"


def for_checkout(
    reference: str, registration_number: str, due_ids: Iterable[str]
) -> tuple[Order | None, dict[str, Due]]:
    """Read in one call the order that a checkout's key names, and the dues it asks for."""
    keys = {due_id: dues.due_key(registration_number, due_id) for due_id in due_ids}
    rows = table.get_many([order_key(reference), *keys.values()])
    found = {due_id: dues.due(rows[key]) for due_id, key in keys.items() if key in rows}
    row = rows.get(order_key(reference))
    return order(row) if row else None, found


def for_verdict(reference: str, trans_id: str, code: str) -> tuple[Order | None, Attempt | None]:
    """Read in one call the order that a verdict names, and the same verdict if it came before."""
    first, second = order_key(reference), attempt_key(reference, trans_id, code)
    rows = table.get_many([first, second])
    return (
        order(rows[first]) if first in rows else None,
        attempt(rows[second]) if second in rows else None,
    )


def payment(reference: str) -> Payment | None:
    """Read in one call all that is known of a payment."""
    rows = table.query(f"ORDER#{reference}", "ORDER", MOST_ROWS)
    if not rows or rows[-1]["sk"] != "ORDER":
        return None
    attempts = [attempt(row) for row in rows if row["sk"].startswith("ATTEMPT#")]
    letters = [_letter(row) for row in rows if row["sk"].startswith("LETTER#")]
    return Payment(order(rows[-1]), sorted(attempts, key=lambda one: one.at), letters)


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
        table.put(order_row(new) | waiting(new.reference, new.open_until)),
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


def pay(paid: Order, decision: Decision, made: Attempt, now: datetime) -> Contest | None:
    """Save an accepted payment: order, dues, attempt, letter, open note, all or none.

    None once it has committed; a Contest where a condition did not hold. The dues must be unpaid
    and of the amounts that the order was made of, the order where the decision found it.
    """
    actions = [_order_paid(paid, decision, made, now), table.put(_attempt_row(paid, made))]
    amounts = [line.amount_centimes for line in paid.lines if line.kind == "contribution"]
    actions += [
        _due_paid(paid, due_id, amount, decision, made)
        for due_id, amount in zip(paid.due_ids, amounts, strict=True)
    ]
    actions.append(table.delete((f"REG#{paid.registration_number}", f"OPEN#{paid.reference}")))
    if paid.email and decision.state is OrderState.PAID:
        actions.append(table.put(_letter_row(paid.reference, 1, "paid", now)))
    try:
        table.save_once(actions, "pay", paid.reference, made.trans_id, made.code)
    except Cancelled as error:
        return _contest(paid, error.reasons)
    return None


def _contest(paid: Order, reasons: Sequence[Reason]) -> Contest:
    first, second, *others = reasons
    of_dues = others[: len(paid.due_ids)]
    return Contest(
        order=paid if first.met else (order(first.found) if first.found else None),
        attempt=attempt(second.found) if second.found and not second.met else None,
        dues_free=all(reason.met for reason in of_dues),
    )


def _order_paid(paid: Order, decision: Decision, made: Attempt, now: datetime) -> table.Action:
    values = {
        ":before": paid.state, ":after": decision.state, ":trans": made.trans_id,
        ":now": stamp(now),
    }  # fmt: skip
    change = "SET #s = :after, trans_id = :trans, decided_at = :now"
    if decision.state is OrderState.PAID:
        change += ", paid_at = :now REMOVE waits, waits_at"
    else:
        change += ", waits = :waits, waits_at = :waits_at"
        values |= {f":{name}": value for name, value in waiting(paid.reference, now).items()}
    return table.update(order_key(paid.reference), change, "#s = :before", values)


def _due_paid(
    paid: Order, due_id: str, amount_centimes: int, decision: Decision, made: Attempt
) -> table.Action:
    after = DueState.PAID if decision.state is OrderState.PAID else DueState.HELD
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
    row = _attempt_row(of, made)
    if suspect:
        row["sk"] = row["sk"].replace("ATTEMPT", "SUSPECT", 1)
    elif made.approved:
        row |= waiting(of.reference, made.at)
    try:
        table.write(table.put(row))
    except Cancelled as error:
        return attempt(error.reasons[0].found)
    return made


def claim_letter(reference: str, number: int, proof: str, now: datetime) -> None:
    """Claim a wanted letter and store its order's proof, both or neither; raise Cancelled."""
    claim = {":wanted": "wanted", ":claimed": "claimed", ":now": stamp(now)}
    actions = [
        table.update(
            letter_key(reference, number),
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
    return table.update(order_key(reference), "SET proof = :proof", condition, values)


def letter_sent(reference: str, number: int, message_id: str, now: datetime) -> None:
    """Mark a claimed letter as taken by SES under `message_id`."""
    values = {":claimed": "claimed", ":sent": "sent", ":id": message_id, ":now": stamp(now)}
    change = "SET #s = :sent, message_id = :id, sent_at = :now REMOVE waits, waits_at"
    table.write(table.update(letter_key(reference, number), change, "#s = :claimed", values))


def letter_refused(reference: str, number: int, now: datetime) -> None:
    """Mark a claimed letter as refused by SES; it waits for the operator."""
    waits = {f":{name}": value for name, value in waiting(reference, now).items()}
    values = {":claimed": "claimed", ":failed": "failed", **waits}
    change = "SET #s = :failed, waits = :waits, waits_at = :waits_at"
    table.write(table.update(letter_key(reference, number), change, "#s = :claimed", values))


def order_row(new: Order) -> table.Row:
    """Write an order: what never changes as one JSON, what changes beside it."""
    facts = asdict(new)
    changing = {
        name: facts.pop(name) for name in ("state", "trans_id", "decided_at", "paid_at", "proof")
    }
    pk, sk = order_key(new.reference)
    return {
        "pk": pk, "sk": sk, "schema": SCHEMA,
        "facts": json.dumps(facts, default=stamp, ensure_ascii=False, separators=(",", ":")),
        **{name: value for name, value in changing.items() if value is not None},
    }  # fmt: skip


def order(row: table.Row) -> Order:
    """Read an order from its row."""
    facts = json.loads(row["facts"])
    for name in ("started_at", "form_until", "open_until"):
        facts[name] = datetime.fromisoformat(facts[name])
    lines = tuple(Line(**line) for line in facts.pop("lines"))
    return Order(
        **facts | {"due_ids": tuple(facts["due_ids"])},
        lines=lines,
        state=OrderState(row["state"]),
        trans_id=row.get("trans_id"),
        decided_at=_moment(row, "decided_at"),
        paid_at=_moment(row, "paid_at"),
        proof=row.get("proof"),
    )


def attempt(row: table.Row) -> Attempt:
    """Read an attempt from its row."""
    return Attempt(
        trans_id=row["trans_id"],
        code=row["code"],
        reply=row["reply"],
        approved=bool(row["approved"]),
        reason=row.get("reason"),
        at=datetime.fromisoformat(row["at"]),
    )


def _attempt_row(of: Order, made: Attempt) -> dict[str, Any]:
    pk, sk = attempt_key(of.reference, made.trans_id, made.code)
    return {"pk": pk, "sk": sk, **asdict(made), "at": stamp(made.at)}


def _letter_row(reference: str, number: int, kind: str, now: datetime) -> table.Row:
    pk, sk = letter_key(reference, number)
    wanted = {"pk": pk, "sk": sk, "kind": kind, "state": "wanted"}
    return wanted | waiting(reference, now + _LETTER_SOON)


def _letter(row: table.Row) -> Letter:
    return Letter(int(row["sk"].removeprefix("LETTER#")), row["kind"], row["state"])


def _moment(row: table.Row, name: str) -> datetime | None:
    return datetime.fromisoformat(row[name]) if name in row else None
