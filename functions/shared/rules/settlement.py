"""What to do about an order or a reserved payment that waits (`design.md` §4, `reliability.md` G).

Pure: what CMI's status API says, if it says anything, is an argument. A step is a proposal; the
conditions of the write that carries it out decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from functions.shared.rules.orders import Attempt, Order, OrderState

_SOON = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_EVERY = timedelta(minutes=10)
_A_DAY = timedelta(hours=24)
FIRST_DAY_TRIES = len(_SOON) + int(_A_DAY / _EVERY)
_DAILY_TRIES = 30
MOST_TRIES = FIRST_DAY_TRIES + _DAILY_TRIES
# What breaks is looked at again after ten minutes.
AFTER_A_BREAK = 3
# CMI lets a pre-authorisation lapse by itself after four to seven days.
LAPSE = timedelta(days=7)
# When CMI is asked again about an order that was given up, after its time was over (event 97).
LOOKS = (timedelta(hours=1), _A_DAY, LAPSE)
# CMI captures by itself on our reply; a PostAuth of ours must not meet it on the way.
OWN_TIME = timedelta(seconds=30)


class Fate(StrEnum):
    """What CMI did with a transaction, as far as it says (TRANS_STAT of the XML API).

    MIXED: the answer is not about our order alone (event 92).
    """

    AUTHORISED = "authorised"
    CAPTURED = "captured"
    VOIDED = "voided"
    DECLINED = "declined"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Status:
    """CMI's word on an order: its furthest-on transaction; what was captured, in centimes; when."""

    fate: Fate
    trans_id: str = ""
    captured_centimes: int = 0
    captured_at: datetime | None = None


class Void(StrEnum):
    """What came of asking CMI to void a transaction.

    OUT_OF_REACH: nobody can be asked, or a Void might mean the payment that stands beside it.
    """

    DONE = "done"
    OPEN = "open"
    OUT_OF_REACH = "out of reach"


class Do(StrEnum):
    """What a step does. QUEUE hands the matter to the operator; WAIT and VOID look again later.

    REFUSE records an approval whose message never came as refused, so that it is released.
    """

    WAIT = "wait"
    PAY = "pay"
    RELEASE = "release"
    EXPIRE = "expire"
    REFUSE = "refuse"
    CAPTURE = "capture"
    VOID = "void"
    DONE = "done"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Step:
    """A step, with why for the operator and the timeline. `page`: somebody looks now.

    `until`: there is nothing to look at before. `soon`: another look in seconds may tell more.
    `since`: when the money went on its way of which nobody knows yet where it is.
    """

    do: Do
    why: str
    page: bool = False
    until: datetime | None = None
    soon: bool = False
    since: datetime | None = None


# States of an order whose accepted transaction was not captured in the end.
UNDONE = (OrderState.RELEASED, OrderState.UNCAPTURED)
_FREE = (Fate.VOIDED, Fate.DECLINED)
_SAYS_NOTHING = (Fate.UNKNOWN, Fate.MIXED)
_AGAIN = (Do.WAIT, Do.CAPTURE, Do.VOID, Do.REFUSE)


def pause(tries: int) -> timedelta:
    """Give how long to wait before asking again: 5 s, 30 s, 2 min, 10 min … a day."""
    if tries < len(_SOON):
        return _SOON[tries]
    return _EVERY if tries < FIRST_DAY_TRIES else _A_DAY


def next_look(order: Order, now: datetime) -> datetime | None:
    """Say when CMI is asked again about an order that was given up; None: never more."""
    times = (order.open_until + after for after in LOOKS)
    return next((at for at in times if at > now), None)


def for_order(order: Order, status: Status | None, now: datetime, tries: int) -> Step:
    """Say what to do about an order that waits. `status` None: there is no API to ask."""
    if order.state is OrderState.CAPTURING:
        return _bounded(_for_capturing(order, status, now), tries)
    if order.state is OrderState.OPEN:
        return _bounded(_for_open(order, status, now), tries)
    if order.state in (OrderState.EXPIRED, OrderState.RELEASED):
        return _bounded(_for_given_up(order, status, now), tries)
    return Step(Do.DONE, f"the order is {order.state}")


def for_broken(tries: int) -> Step:
    """Say what to do about a matter that broke: later again, after a day the operator."""
    if tries >= FIRST_DAY_TRIES:
        return Step(Do.QUEUE, "it broke again and again for a day", page=True)
    return Step(Do.WAIT, "it broke")


def kept(order: Order, trans_id: str) -> Step | None:
    """Say why a transaction that was refused must not be voided; None where it may be.

    A Void of a capture takes the money back on the same day: never of what paid the order, which
    CMI may have told of twice, and never of a transaction without a name.
    """
    if not trans_id:
        return Step(Do.QUEUE, "CMI reserved money and named no transaction", page=True)
    if trans_id == order.trans_id and order.state in (OrderState.CAPTURING, OrderState.PAID):
        return Step(Do.DONE, "it is the payment of the order")
    return None


def voidable(order: Order, trans_id: str, status: Status | None) -> bool:
    """Say whether a Void may be asked for that CMI may take for another transaction of the order.

    Beside a payment that stands only one will do that surely means the transaction it names. Where
    the payment was undone, CMI's `status` must show that nothing of the order is captured, this
    transaction being the furthest on.
    """
    if order.state in UNDONE:
        return status is not None and (status.fate, status.trans_id) == (Fate.AUTHORISED, trans_id)
    return order.trans_id is None


def for_reserved(
    made: Attempt, status: Status | None, now: datetime, tries: int, void: Void
) -> Step:
    """Say what to do about money that the bank reserved and we refused to capture.

    A Void that CMI calls done is not believed against CMI's own status of that transaction.
    """
    lapse = made.at + LAPSE
    if status is None:
        done = Step(Do.DONE, "lapsed by itself")
        return done if now >= lapse else Step(Do.WAIT, "nobody to ask", until=lapse)
    named = status.trans_id == made.trans_id
    if named and status.fate in _FREE:
        return Step(Do.DONE, f"CMI: {status.fate}")
    if named and status.fate is Fate.CAPTURED:
        return Step(Do.QUEUE, "CMI captured what we refused: refund", page=True)
    if not named and status.fate not in _SAYS_NOTHING and (void is Void.DONE or now >= lapse):
        return Step(Do.DONE, "CMI released it" if void is Void.DONE else "lapsed by itself")
    if void is Void.OUT_OF_REACH and now < lapse:
        until = min(lapse, now + _A_DAY)
        return Step(Do.WAIT, "it lapses by itself: no Void is sure to mean it alone", until=until)
    return _bounded(Step(Do.VOID, "reserved, and not to be captured"), tries)


def _bounded(step: Step, tries: int) -> Step:
    """Hand to the operator what was asked for a month."""
    if step.do in _AGAIN and tries >= MOST_TRIES:
        return Step(Do.QUEUE, f"asked for a month: {step.why}", page=True)
    return step


def _for_capturing(  # noqa: PLR0911 - one return for each answer of CMI's
    order: Order, status: Status | None, now: datetime
) -> Step:
    """Wait for proof of the capture that was asked for, or of its absence."""
    since = now - (order.decided_at or order.started_at)
    late = since >= _A_DAY
    if status is None:
        return Step(Do.QUEUE, "no status API to prove the capture", page=True)
    if status.fate is Fate.ABSENT:
        return Step(Do.RELEASE if late else Do.WAIT, "CMI knows no such order", page=late)
    if status.fate in _SAYS_NOTHING:
        return _unheard(status, page=late)
    if status.trans_id != order.trans_id:
        return Step(Do.QUEUE if late else Do.WAIT, "CMI tells of another transaction", page=True)
    if status.fate is Fate.AUTHORISED:
        return _capture(since, page=late)
    if status.fate in _FREE:
        return Step(Do.RELEASE, f"CMI: {status.fate}")
    return _captured(order, status)


def _capture(since: timedelta, *, page: bool) -> Step:
    if since < OWN_TIME:
        return Step(Do.WAIT, "CMI has just been asked to capture", soon=True)
    return Step(Do.CAPTURE, "the capture that was asked for did not happen", page=page)


def _unheard(status: Status, *, page: bool = False) -> Step:
    if status.fate is Fate.MIXED:
        return Step(Do.WAIT, "CMI's answer is not about this order alone", page=True)
    return Step(Do.WAIT, "CMI gave no usable answer", page=page)


def _for_open(order: Order, status: Status | None, now: datetime) -> Step:
    """Ask once more about an order of which nothing was accepted, then let it expire."""
    if status is not None and status.fate is Fate.CAPTURED:
        return _captured(order, status)
    if now < order.open_until:
        return Step(Do.WAIT, "its time is not over", until=order.open_until)
    if status is not None and status.fate in _SAYS_NOTHING:
        return _unheard(status)
    if status is not None and status.fate is Fate.AUTHORISED:
        return Step(Do.REFUSE, "CMI reserved money and its message never came")
    return Step(Do.EXPIRE, "its time is over and CMI captured nothing")


def _for_given_up(order: Order, status: Status | None, now: datetime) -> Step:
    """Ask about an order that expired or was released: CMI may have captured it all the same."""
    if status is None:
        return Step(Do.DONE, f"the order is {order.state}")
    if status.fate is Fate.CAPTURED:
        return _captured(order, status)
    if status.fate in _SAYS_NOTHING:
        return _unheard(status)
    again = next_look(order, now)
    if status.fate is Fate.AUTHORISED:
        return _held_for_nothing(order, again)
    if again is None:
        return Step(Do.DONE, f"the order is {order.state}")
    return Step(Do.WAIT, "it was given up; CMI is asked once more", until=again)


def _held_for_nothing(order: Order, again: datetime | None) -> Step:
    """Have money released that CMI holds for an order that was given up."""
    if order.state is OrderState.EXPIRED:
        return Step(Do.REFUSE, "CMI reserved money and its message never came", until=again)
    return Step(Do.QUEUE, "CMI holds money for a payment that was given up", page=True)


def _captured(order: Order, status: Status) -> Step:
    if status.captured_centimes != order.total_centimes:
        return Step(Do.QUEUE, "CMI captured another amount", page=True)
    return Step(Do.PAY, "CMI shows the capture and its amount")
