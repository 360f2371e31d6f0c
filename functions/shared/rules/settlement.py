"""What to do about an order or a reserved payment that waits (`design.md` §4, `reliability.md` G).

Pure: what CMI's status API says, if it says anything, is an argument. A step is a proposal; the
conditions of the write that carries it out decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from functions.shared.rules.orders import Order, OrderState

_SOON = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_EVERY = timedelta(minutes=10)
_A_DAY = timedelta(hours=24)
_FIRST_DAY_TRIES = len(_SOON) + int(_A_DAY / _EVERY)
_DAILY_TRIES = 30
MOST_TRIES = _FIRST_DAY_TRIES + _DAILY_TRIES
# CMI lets a pre-authorisation lapse by itself after four to seven days.
LAPSE = timedelta(days=7)


class Fate(StrEnum):
    """What CMI did with a transaction, as far as it says (TRANS_STAT of the XML API)."""

    AUTHORISED = "authorised"
    CAPTURED = "captured"
    VOIDED = "voided"
    DECLINED = "declined"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """CMI's word on an order: its furthest-on transaction, and what was captured, in centimes."""

    fate: Fate
    trans_id: str = ""
    captured_centimes: int = 0


class Do(StrEnum):
    """What a step does. QUEUE hands the matter to the operator; WAIT asks again later."""

    WAIT = "wait"
    PAY = "pay"
    RELEASE = "release"
    EXPIRE = "expire"
    CAPTURE = "capture"
    VOID = "void"
    DONE = "done"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Step:
    """A step, with why for the operator and the timeline. `page`: somebody looks now."""

    do: Do
    why: str
    page: bool = False


_FREE = (Fate.VOIDED, Fate.DECLINED)


def pause(tries: int) -> timedelta:
    """Give how long to wait before asking again: 5 s, 30 s, 2 min, 10 min … a day."""
    if tries < len(_SOON):
        return _SOON[tries]
    return _EVERY if tries < _FIRST_DAY_TRIES else _A_DAY


def for_order(order: Order, status: Status | None, now: datetime, tries: int) -> Step:
    """Say what to do about an order that waits. `status` None: there is no API to ask."""
    if order.state is OrderState.CAPTURING:
        step = _for_capturing(order, status, now)
    elif order.state in (OrderState.OPEN, OrderState.EXPIRED, OrderState.RELEASED):
        step = _for_unpaid(order, status, now)
    else:
        return Step(Do.DONE, f"the order is {order.state}")
    if step.do in (Do.WAIT, Do.CAPTURE, Do.VOID) and tries >= MOST_TRIES:
        return Step(Do.QUEUE, f"asked for a month: {step.why}", page=True)
    return step


def _for_capturing(  # noqa: PLR0911 - one return for each answer of CMI's
    order: Order, status: Status | None, now: datetime
) -> Step:
    """Wait for proof of the capture that was asked for, or of its absence."""
    late = order.decided_at is not None and now - order.decided_at >= _A_DAY
    if status is None:
        return Step(Do.QUEUE, "no status API to prove the capture", page=True)
    if status.fate is Fate.ABSENT:
        return Step(Do.RELEASE if late else Do.WAIT, "CMI knows no such order", page=late)
    if status.fate is Fate.UNKNOWN:
        return Step(Do.WAIT, "CMI gave no usable answer")
    if status.trans_id != order.trans_id:
        return Step(Do.QUEUE if late else Do.WAIT, "CMI tells of another transaction", page=True)
    if status.fate is Fate.AUTHORISED:
        return Step(Do.CAPTURE, "the capture that was asked for did not happen")
    if status.fate in _FREE:
        return Step(Do.RELEASE, f"CMI: {status.fate}")
    return _captured(order, status)


def _for_unpaid(order: Order, status: Status | None, now: datetime) -> Step:
    """Ask once more about an order of which nothing was accepted, then let it expire."""
    if status is not None and status.fate is Fate.CAPTURED:
        return _captured(order, status)
    if order.state is not OrderState.OPEN:
        return Step(Do.DONE, f"the order is {order.state}")
    if now < order.open_until:
        return Step(Do.WAIT, "its time is not over")
    if status is not None and status.fate is Fate.UNKNOWN:
        return Step(Do.WAIT, "CMI gave no usable answer")
    if status is not None and status.fate is Fate.AUTHORISED:
        return Step(Do.VOID, "CMI reserved money and its message never came")
    return Step(Do.EXPIRE, "its time is over and CMI captured nothing")


def _captured(order: Order, status: Status) -> Step:
    if status.captured_centimes != order.total_centimes:
        return Step(Do.QUEUE, "CMI captured another amount", page=True)
    return Step(Do.PAY, "CMI shows the capture and its amount")


def for_reserved(trans_id: str, status: Status | None, since: datetime, now: datetime) -> Step:
    """Say what to do about money that the bank reserved and we refused to capture."""
    if status is not None and status.trans_id == trans_id:
        if status.fate in _FREE:
            return Step(Do.DONE, f"CMI: {status.fate}")
        if status.fate is Fate.CAPTURED:
            return Step(Do.QUEUE, "CMI captured what we refused: refund", page=True)
    if now - since >= LAPSE:
        return Step(Do.DONE, "lapsed by itself")
    return Step(Do.WAIT if status is None else Do.VOID, "reserved, and not to be captured")
