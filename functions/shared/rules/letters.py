"""A letter's life: what SES tells of it, and when a payer may ask for it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from functions.shared.rules.errors import Problem
from functions.shared.rules.orders import Order, OrderState


class LetterState(StrEnum):
    """Where a letter stands. CLAIMED: somebody is sending it, or nobody knows whether it left."""

    WANTED = "wanted"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter owed for an order. `name` is its own among the order's; `at`: wanted since."""

    name: str
    kind: str
    state: LetterState
    at: datetime


MOST_LETTERS = 5
PAUSE = timedelta(minutes=2)
_ON_ITS_WAY = frozenset({LetterState.WANTED, LetterState.CLAIMED})

# What SES's events make of a letter (SES developer guide, "Event data"). A complaint came from
# whoever received it, yet asks for no more letters: the payer is told to check the address.
AFTER: Mapping[str, LetterState] = {
    "Send": LetterState.SENT,
    "Delivery": LetterState.DELIVERED,
    "Bounce": LetterState.BOUNCED,
    "Complaint": LetterState.BOUNCED,
    "Reject": LetterState.FAILED,
}
_ORDER = [
    LetterState.WANTED, LetterState.CLAIMED, LetterState.SENT, LetterState.FAILED,
    LetterState.DELIVERED, LetterState.BOUNCED,
]  # fmt: skip


def before(state: LetterState) -> list[LetterState]:
    """Give the states that news of `state` may still change: events come in any order, or twice.

    What was delivered did not fail: a letter that was sent again may have been rejected then.
    """
    return _ORDER[1 : _ORDER.index(state)]


def fits(kind: str, state: OrderState) -> bool:
    """Say whether a letter still tells the truth about an order that may have moved since.

    What was reserved and given back is of no interest to whoever paid in the end, whatever became
    of the payment.
    """
    if kind in ("paid", "copy"):
        return state is OrderState.PAID
    if kind == "corrected":
        return state is OrderState.UNCAPTURED
    return state in (OrderState.OPEN, OrderState.EXPIRED, OrderState.RELEASED)


def newest(letters: Sequence[Letter]) -> Letter | None:
    """Give the letter that was wanted last."""
    return max(letters, key=lambda letter: letter.at, default=None)


def asked_again(order: Order, letters: Sequence[Letter], now: datetime) -> str | None:
    """Name the copy that a payer may have now; None while a letter is on its way anyway.

    Raise not_ready, no_address, or too_many_requests.
    """
    if order.state is not OrderState.PAID:
        raise Problem("not_ready")
    if order.email is None:
        raise Problem("no_address")
    return _next(letters, now)


def corrected(order: Order, letters: Sequence[Letter]) -> str:
    """Name the letter to a corrected address: allowed once, after a bounce or where none was given.

    Raise not_ready or address_kept.
    """
    if order.state is not OrderState.PAID:
        raise Problem("not_ready")
    last = newest(letters)
    lost = last is not None and last.state in (LetterState.BOUNCED, LetterState.FAILED)
    if order.corrected or not (order.email is None or lost):
        raise Problem("address_kept")
    return str(len(letters) + 1)


def _next(letters: Sequence[Letter], now: datetime) -> str | None:
    last = newest(letters)
    if last is not None and last.state in _ON_ITS_WAY:
        return None
    if len(letters) >= MOST_LETTERS or (last is not None and now - last.at < PAUSE):
        raise Problem("too_many_requests")
    return str(len(letters) + 1)
