"""The states of an order, and what the payer is told of them: one table each (`design.md` §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from functions.shared.rules.orders import Attempt, DueState, Order, OrderState

FORM_LIFE = timedelta(minutes=15)
# The form's life, CMI's session of 900 s, and five minutes for a slow bank.
OPEN_LIFE = FORM_LIFE + timedelta(seconds=900) + timedelta(minutes=5)
CONFIRM_LIFE = timedelta(minutes=15)

O = OrderState  # noqa: E741 - the table below reads as a drawing

# (from, to): by what. Any other edge raises.
EDGES = {
    (O.OPEN, O.CAPTURING): "approval, where captures are proved by the status API",
    (O.OPEN, O.PAID): "approval, where the callback is the proof",
    (O.OPEN, O.EXPIRED): "its time is over",
    (O.EXPIRED, O.CAPTURING): "late approval while the dues are unpaid",
    (O.EXPIRED, O.PAID): "late approval while the dues are unpaid",
    (O.CAPTURING, O.PAID): "proof of capture",
    (O.CAPTURING, O.RELEASED): "proof of no capture",
    (O.RELEASED, O.PAID): "proof of capture after all, the dues being free",
    (O.PAID, O.REFUNDED): "operator",
    (O.PAID, O.UNCAPTURED): "comparison shows no capture; operator",
}
# What an order that moves makes of its dues; one that was only started changes none.
DUE_STATES = {
    O.CAPTURING: DueState.HELD,
    O.PAID: DueState.PAID,
    O.RELEASED: DueState.UNPAID,
    O.UNCAPTURED: DueState.UNPAID,
    O.REFUNDED: DueState.UNPAID,
}
PAYABLE = frozenset({O.OPEN, O.EXPIRED})

Word = Literal["open", "confirming", "paid", "declined", "not_debited", "expired", "refunded"]


class EdgeError(Exception):
    """An order was about to move along an edge that does not exist."""


def moved(before: OrderState, after: OrderState) -> OrderState:
    """Give `after` where an order in `before` may go there; raise EdgeError where not."""
    if (before, after) not in EDGES:
        raise EdgeError(f"{before} -> {after}")
    return after


@dataclass(frozen=True, slots=True)
class Told:
    """What the payer is told: a word, its reason, until when, and when to ask again."""

    state: Word
    reason: str | None = None
    until: datetime | None = None
    check_again_in_seconds: int | None = None


_SETTLED: dict[OrderState, Told] = {
    O.PAID: Told("paid"),
    O.RELEASED: Told("not_debited", "refused"),
    O.UNCAPTURED: Told("not_debited", "uncaptured"),
    O.REFUNDED: Told("refunded"),
}
_ASK_OPEN_SECONDS = 2
_ASK_CONFIRMING_SECONDS = 5


def told(order: Order, attempts: Sequence[Attempt], now: datetime) -> Told:
    """Say what the payer is told of an order, given its attempts, oldest first."""
    if order.state in _SETTLED:
        return _SETTLED[order.state]
    if order.state is O.CAPTURING:
        return _confirming(order, now)
    refused = [attempt for attempt in attempts if attempt.approved]
    if refused:
        return Told("not_debited", refused[-1].reason)
    if order.state is O.EXPIRED or now >= order.open_until:
        return Told("expired")
    if attempts:
        return Told("declined", attempts[-1].reason)
    return Told("open", until=order.open_until, check_again_in_seconds=_ASK_OPEN_SECONDS)


def _confirming(order: Order, now: datetime) -> Told:
    if order.decided_at is None:
        raise ValueError("an order that is capturing was decided at some time")
    until = order.decided_at + CONFIRM_LIFE
    again = _ASK_CONFIRMING_SECONDS if now < until else None
    return Told("confirming", until=until, check_again_in_seconds=again)
