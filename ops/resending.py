"""Have a letter sent again."""

from collections.abc import Sequence
from dataclasses import replace

from functions.shared import outside
from functions.shared.aws import ledger, rows, table, work
from functions.shared.aws import letters as aws_letters
from functions.shared.rules.addresses import masked
from functions.shared.rules.errors import Problem
from functions.shared.rules.letters import Letter, LetterState, asked_again, newest
from functions.shared.rules.orders import Order, OrderState
from ops import matters
from ops.options import Reference, Who, Why, Yes
from ops.orders import described, known
from ops.screen import End, clock, confirmed, say, stop

_REFUSALS = {
    "not_ready": "no letter is owed for it yet, or none has failed",
    "no_address": "it has no address: its payer may give one on the receipt's page, unless it was "
    "erased (asvi show)",
    "too_many_requests": "one went out less than two minutes ago, or five did in all: wait, or "
    "read it out to the payer",
}
# The letter that tells a payer of money that was not taken.
_NOTICES = {
    OrderState.OPEN: "not_debited",
    OrderState.EXPIRED: "not_debited",
    OrderState.RELEASED: "not_debited",
    OrderState.UNCAPTURED: "corrected",
}
_LOST = frozenset({LetterState.FAILED, LetterState.BOUNCED})


def resend(reference: Reference, *, why: Why, who: Who, yes: Yes = False) -> None:
    """Send a paid payment's letter again as a copy, or one that failed, to the same address."""
    order = known(reference)
    waiting = [row for row in matters.waiting(reference) if row["sk"].startswith("LETTER#")]
    letters = _letters(reference, waiting)
    name, kind = _wanted(order, letters)
    say(f"{described(order)}.")
    say(f"A letter ({kind}) goes to {masked(order.email or '')}. By {who}: {why}")
    confirmed("Send it?", yes=yes)
    now = outside.now()
    event = rows.event_row(reference, "resend", who, why, now)
    try:
        aws_letters.want(reference, name, now, kind=kind, event=event)
    except Problem as refusal:
        if refusal.code == "unavailable":
            raise
        stop(End.REFUSED, "Nothing was done: another letter was just asked for.")
    for row in waiting:
        work.finish((row["pk"], row["sk"]), now, seen=row)
    say("Done: it is on its way.", "green")


def _letters(reference: str, waiting: Sequence[table.Row]) -> list[Letter]:
    """Give an order's letters; one that waits in the queue is lost, whatever it says."""
    lost = {row["sk"] for row in waiting}
    found = [row for row in ledger.everything(reference) if row["sk"].startswith("LETTER#")]
    return [
        replace(rows.letter(row), state=LetterState.FAILED)
        if row["sk"] in lost
        else rows.letter(row)
        for row in found
    ]


def _wanted(order: Order, letters: list[Letter]) -> tuple[str, str]:
    """Give the name and kind of the letter to send, by the payer's own rule; or end."""
    kind = "copy" if order.state is OrderState.PAID else _NOTICES.get(order.state, "none")
    same = letters if kind == "copy" else [one for one in letters if one.kind == kind]
    last = newest(same)
    # The rule is about paid payments; a notice that was lost is owed just as much.
    owed = kind == "copy" or (last is not None and last.state in _LOST)
    judged = replace(order, state=OrderState.PAID) if owed else order
    try:
        name = asked_again(judged, same, outside.now())
    except Problem as refusal:
        stop(End.REFUSED, f"No letter goes out: {_REFUSALS[refusal.code]}.")
    if name is None:
        since = clock(last.at) if last else ""
        stop(End.REFUSED, f"No letter goes out: one is on its way since {since}.")
    return str(len(letters) + 1), kind
