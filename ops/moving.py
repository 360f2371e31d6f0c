"""Move a payment by the operator's word: settle, uncapture, refund."""

import os
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NoReturn

import typer

from functions.shared import outside
from functions.shared.aws import moves
from functions.shared.aws.moves import Word
from functions.shared.rules.addresses import masked
from functions.shared.rules.ledger import day_of
from functions.shared.rules.money import centimes
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.settlement import next_look
from ops import matters
from ops.options import CapturedAt, Evidence, Reference, Second, TransId, Who, Why, Yes
from ops.orders import ADVICE, described, held_up, known
from ops.screen import End, amount, confirmed, say, stop

DEFAULT_LIMIT_DH = "5000"


class Outcome(StrEnum):
    """What an operator settles a payment to."""

    PAID = "paid"
    RELEASED = "released"


_SETTLED_TO = {
    OrderState.CAPTURING: (OrderState.PAID, OrderState.RELEASED),
    OrderState.OPEN: (OrderState.PAID,),
    OrderState.EXPIRED: (OrderState.PAID,),
    OrderState.RELEASED: (OrderState.PAID,),
}
_MEANS = {
    OrderState.PAID: "it becomes PAID by {trans}, in the accounts of {day}; its quarters are paid",
    OrderState.RELEASED: "it becomes RELEASED: nothing was debited; its quarters are to pay again",
    OrderState.UNCAPTURED: "it becomes UNCAPTURED: CMI never debited it; its quarters are to pay "
    "again, and its receipt says so",
    OrderState.REFUNDED: "it becomes REFUNDED; its quarters are to pay again. This moves no money: "
    "that is given back at CMI first",
}
_MAILED = (OrderState.PAID, OrderState.RELEASED, OrderState.UNCAPTURED)


def settle(
    reference: Reference,
    to: Annotated[Outcome, typer.Argument(help="What CMI's side shows.")],
    *,
    evidence: Evidence,
    who: Who,
    trans_id: TransId = None,
    captured_at: CapturedAt = None,
    yes: Yes = False,
) -> None:
    """Settle a payment on evidence: CMI captured it (paid), or did not (released)."""
    order, after = known(reference), OrderState(to)
    if after not in _SETTLED_TO.get(order.state, ()):
        _refuse(order, f"it cannot be settled to {after}")
    if not order.lines:
        _refuse(order, "its quarters were erased long after it expired: give back what CMI took")
    if after is OrderState.PAID and not trans_id:
        _refuse(order, "name the transaction that CMI shows as captured, by --trans-id")
    if order.state is OrderState.CAPTURING and trans_id not in (None, order.trans_id):
        _refuse(order, f"the transaction that was accepted for it is {order.trans_id}")
    booked_at = _booked_at(order, after, captured_at)
    # What is given up is asked about again, where there is somebody to ask (event 97).
    look_at = next_look(order, outside.now()) if after is OrderState.RELEASED else None
    word = Word(who, evidence, trans_id or order.trans_id, booked_at, look_at)
    _move(order, after, word, yes=yes)


def _booked_at(order: Order, after: OrderState, told: datetime | None) -> datetime | None:
    """Give the instant of a capture, to whose day the payment belongs; none where none was.

    CMI captures on our reply, so it is when the payment was accepted, unless the operator knows
    better. A day alone is a time before the payment began: it is then when that was.
    """
    if after is not OrderState.PAID:
        if told:
            _refuse(order, "--captured-at is for paid: what is released was not captured")
        return None
    now = outside.now()
    if told is None:
        if order.decided_at is None:
            say("When CMI captured it is not known here: name its day by --captured-at.", "yellow")
        return order.decided_at or now
    if told > now:
        _refuse(order, "--captured-at is a time to come")
    if day_of(told) < day_of(order.started_at):
        _refuse(order, f"it began on {day_of(order.started_at)}, and no capture is older")
    return max(told, order.started_at)


def uncapture(reference: Reference, *, why: Why, who: Who, yes: Yes = False) -> None:
    """Take a payment back that CMI never captured, as the comparison showed."""
    order = _paid(reference, "uncaptured")
    _move(order, OrderState.UNCAPTURED, Word(who, why, order.trans_id), yes=yes)


def refund(
    reference: Reference, *, why: Why, who: Who, second: Second = None, yes: Yes = False
) -> None:
    """Record that a payment was given back. Above a limit a second person answers for it too."""
    order = _paid(reference, "refunded")
    limit_centimes = _limit()
    if second and second.casefold() == who.casefold():
        stop(End.REFUSED, "The second person is the first: somebody else must answer for it too.")
    if order.total_centimes > limit_centimes and not second:
        stop(
            End.REFUSED,
            f"{amount(order.total_centimes)} is above the limit of {amount(limit_centimes)}: "
            "name a second person who answers for it, by --second.",
        )
    both = f"{who}, {second}" if second else who
    _move(order, OrderState.REFUNDED, Word(both, why, order.trans_id), yes=yes)


def _paid(reference: str, after: str) -> Order:
    order = known(reference)
    if order.state is not OrderState.PAID:
        _refuse(order, f"only a paid one can be {after}")
    return order


def _limit() -> int:
    told = os.environ.get("ASVI_REFUND_LIMIT_DH") or DEFAULT_LIMIT_DH
    limit_centimes = centimes(told)
    if limit_centimes is None:
        stop(End.UNUSABLE, f"ASVI_REFUND_LIMIT_DH is {told!r}: give an amount like 5000.00.")
    return limit_centimes


def _refuse(order: Order, why: str) -> NoReturn:
    stop(End.REFUSED, f"{described(order)}: {why}.", f"What to do: {ADVICE[order.state]}.")


def _move(order: Order, after: OrderState, word: Word, *, yes: bool) -> None:
    """Show what will happen, ask, and do it under everyone's conditions."""
    day = day_of(word.captured_at) if word.captured_at else ""
    means = _MEANS[after].format(trans=word.trans_id, day=day)
    mail = ""
    if after in _MAILED and order.email:
        mail = f"; a letter goes to {masked(order.email)}"
    say(f"{described(order)}.")
    say(f"{means[0].upper()}{means[1:]}{mail}. By {word.who}: {word.why}")
    confirmed("Do it?", yes=yes)
    if not moves.move(order, after, word, outside.now()):
        stop(End.REFUSED, "Nothing was done.", *held_up(order))
    matters.settled(order.reference, word.trans_id)
    say(f"Done: the payment is {after}.", "green")
