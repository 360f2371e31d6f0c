"""Letters and the signed receipt they carry: wanted, claimed, sent, and what SES tells of them."""

from contextlib import suppress
from datetime import datetime, timedelta

from functions.shared.aws import orders, rows, table
from functions.shared.rules.errors import Cancelled, Problem
from functions.shared.rules.letters import LetterState, before
from functions.shared.rules.orders import OrderState
from functions.shared.rules.settlement import pause
from functions.shared.rules.work import QUEUE, stamp, waiting

# Ten minutes for SES's word, from the last instant at which the function can have asked it.
CLAIM_LIFE = timedelta(minutes=10, seconds=15)
# The first, and two more where nobody knows whether the last one left.
MOST_SENDS = 3
REJECTED = "SES took it, then rejected it as harmful"


def want(
    reference: str,
    name: str,
    now: datetime,
    email: str | None = None,
    *,
    kind: str = "copy",
    event: table.Row | None = None,
) -> None:
    """Want a copy, to a corrected address if there is one, all or none.

    The operator, who may want another `kind`, brings the `event` that says who and why. Raise
    too_many_requests where somebody was faster.
    """
    asked = "operator" if event else "payer"
    actions = [table.put(rows.letter_row(reference, name, kind, now) | {"asked": asked})]
    if event:
        actions.append(table.put(event))
    if email:
        rest = waiting(reference, now, "FORGET")
        actions.append(
            table.update(
                rows.order_key(reference),
                "SET email = :email, waits = if_not_exists(waits, :waits)"
                ", waits_at = if_not_exists(waits_at, :waits_at)",
                "attribute_exists(pk) AND attribute_not_exists(email)",
                {":email": email, ":waits": rest["waits"], ":waits_at": rest["waits_at"]},
            )
        )
    try:
        table.save_once(actions, "want", reference, name, stamp(now))
    except Cancelled as error:
        raise Problem("too_many_requests") from error


def claim(reference: str, name: str, now: datetime, proof: str | None = None) -> None:
    """Claim a letter, and store its order's proof if one is given, both or neither.

    A claim outlives every time-out; after ten minutes without a word of SES the letter may be
    claimed again, `MOST_SENDS` times in all. A letter that no longer waits, because its order moved
    on or the operator has it, is not sent by an old record of the stream; one that comes with its
    proof never was sent. Raise Cancelled where somebody else has it.
    """
    values = {
        ":wanted": LetterState.WANTED, ":claimed": LetterState.CLAIMED, ":now": stamp(now),
        ":later": stamp(now + CLAIM_LIFE), ":one": 1,
    }  # fmt: skip
    change = "SET #s = :claimed, claimed_at = :now, waits_at = :later ADD sends :one"
    key = rows.letter_key(reference, name)
    if proof is not None:
        taken = table.update(key, change, "#s = :wanted", values)
        proved = _proved(reference, proof, orders.resting(reference, now))
        table.save_once([taken, proved], "letter", reference, name, stamp(now))
        return
    free = "#s = :wanted OR (#s = :claimed AND claimed_at <= :old AND sends < :most)"
    values |= {
        ":old": stamp(now - CLAIM_LIFE), ":most": MOST_SENDS,
        ":mail": waiting(reference, now, "MAIL")["waits"],
    }  # fmt: skip
    table.write(table.update(key, change, f"waits = :mail AND ({free})", values))


def store_proof(reference: str, proof: str) -> None:
    """Store the proof of a receipt that owes no letter, once.

    Raise Cancelled where one stands, or where its payer gave an address meanwhile: then it is
    signed with the letter that they asked for.
    """
    unasked = " AND attribute_not_exists(email)"
    table.write(_proved(reference, proof, orders.AT_REST, unasked))


def _proved(
    reference: str, proof: str, rest: tuple[str, dict[str, str]], also: str = ""
) -> table.Action:
    condition = "#s = :paid AND attribute_not_exists(proof)" + also
    values = {":proof": proof, ":paid": OrderState.PAID} | rest[1]
    change = "SET proof = :proof" + rest[0]
    return table.update(rows.order_key(reference), change, condition, values)


def sent(reference: str, name: str, message_id: str, now: datetime) -> None:
    """Mark a claimed letter as taken by SES under `message_id`; SES's own event may be faster."""
    values = {
        ":claimed": LetterState.CLAIMED, ":sent": LetterState.SENT, ":id": message_id,
        ":now": stamp(now),
    }  # fmt: skip
    change = "SET #s = :sent, message_id = :id, sent_at = :now REMOVE waits, waits_at"
    with suppress(Cancelled):
        table.write(table.update(rows.letter_key(reference, name), change, "#s = :claimed", values))


def refused(reference: str, name: str, now: datetime) -> None:
    """Mark a claimed letter as refused by SES; it waits for the operator."""
    values = {
        ":claimed": LetterState.CLAIMED, ":failed": LetterState.FAILED, ":queue": QUEUE,
        ":now": stamp(now),
    }  # fmt: skip
    change = "SET #s = :failed, waits = :queue, waits_at = :now"
    table.write(table.update(rows.letter_key(reference, name), change, "#s = :claimed", values))


def hold(reference: str, name: str, tries: int, now: datetime) -> None:
    """Give a claim back because SES is too busy: the letter certainly did not leave.

    It waits longer each time, `tries` being how often it did.
    """
    values = {
        ":claimed": LetterState.CLAIMED, ":old": stamp(now - CLAIM_LIFE),
        ":later": stamp(now + max(rows.LETTER_SOON, pause(tries))), ":less": -1,
        ":tries": tries + 1,
    }  # fmt: skip
    change = "SET claimed_at = :old, waits_at = :later, tries = :tries ADD sends :less"
    table.write(table.update(rows.letter_key(reference, name), change, "#s = :claimed", values))


def told(reference: str, name: str, state: LetterState, now: datetime) -> bool:
    """Note what SES tells of a letter; False where newer news stands, or no such letter.

    A refusal that was SES's answer gives way to any news: of the same letter, an earlier try may
    have left. What SES rejected waits for the operator, all else for nobody.
    """
    values = {":state": state, ":now": stamp(now)}
    values |= {f":b{place}": old for place, old in enumerate(before(state))}
    known = ", ".join(f":b{place}" for place in range(len(before(state))))
    condition = f"#s IN ({known})"
    if LetterState.FAILED not in before(state):
        condition += " OR (#s = :failed AND attribute_not_exists(told_at))"
        values[":failed"] = LetterState.FAILED
    change = "SET #s = :state, told_at = :now"
    if state is LetterState.FAILED:
        change += ", waits = :queue, waits_at = :now, queued_why = :why"
        values |= {":queue": QUEUE, ":why": REJECTED}
    else:
        change += " REMOVE waits, waits_at"
    action = table.update(rows.letter_key(reference, name), change, condition, values)
    try:
        table.write(action)
    except Cancelled:
        return False
    return True
