"""From rows to the page's list of dues."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.lookup.api import Fee, ListedDue, LookupAnswer, StartedPayment
from functions.shared.aws import dues
from functions.shared.rules.fees import Tariffs
from functions.shared.rules.orders import Due, DueState, OpenPayment
from functions.shared.rules.tokens import Session

_FRESH = timedelta(minutes=5)
# Who keeps starting payments for a number must not flood its payer's page.
MOST_STARTED = 20
_WORDS = {DueState.UNPAID: "unpaid", DueState.HELD: "confirming"}


@dataclass(slots=True)
class _DataTime:
    loaded_at: datetime | None = None
    read_at: datetime | None = None


_kept = _DataTime()


def data_time(now: datetime) -> datetime:
    """Give when the fund last loaded dues, read once in five minutes; `now` before the first."""
    if _kept.read_at is None or now - _kept.read_at >= _FRESH:
        _kept.loaded_at, _kept.read_at = dues.data_time(), now
    return _kept.loaded_at or now


def answer(
    session: Session,
    found: Iterable[Due],
    started: Iterable[OpenPayment],
    fees: Tariffs,
    loaded_at: datetime,
    now: datetime,
) -> LookupAnswer:
    """List the dues that are to be paid or being confirmed, oldest first."""
    going = sorted((one for one in started if one.until > now), key=lambda one: one.started_at)
    listed = [_listed(due) for due in found if due.state in _WORDS and due.fit]
    return LookupAnswer(
        session="",
        session_expires_in_seconds=session.expires - int(now.timestamp()),
        registration_number=session.number,
        unpaid_count=sum(due.state == "unpaid" for due in listed),
        as_of=loaded_at,
        open_payments=[_started(one, now) for one in going[-MOST_STARTED:]],
        dues=sorted(listed, key=lambda due: (due.year, due.quarter, due.reference)),
        fees={origin: Fee(rate=str(one.rate), vat=str(one.vat)) for origin, one in fees.items()},
    )


def unfit(found: Iterable[Due]) -> int:
    """Count the dues that cannot be offered."""
    return sum(not due.fit for due in found)


def _listed(due: Due) -> ListedDue:
    return ListedDue.model_validate(
        {
            "id": due.id, "year": due.year, "quarter": due.quarter,
            "amount_centimes": due.amount_centimes, "reference": due.reference,
            "account": due.account, "state": _WORDS[due.state],
        }
    )  # fmt: skip


def _started(one: OpenPayment, now: datetime) -> StartedPayment:
    return StartedPayment(
        started_at=one.started_at,
        due_ids=list(one.due_ids),
        until=one.until,
        until_in_seconds=int((one.until - now).total_seconds()),
    )
