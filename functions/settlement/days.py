"""Which days a list of CMI's captures is about, and what stands in it about their edges. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from functions.settlement.captured import Captured, UnusableError
from functions.shared.rules.ledger import day_of

# A capture so near to midnight may stand in the next day's list, or in the last one's.
NIGHT = timedelta(minutes=10)
# CMI's clock and ours may differ, by no more than this.
AHEAD = timedelta(days=1)
MOST_DAYS = 31


def about(moment: datetime) -> set[date]:
    """Give the days in Morocco whose lists an instant may stand in: two where it is midnight."""
    return {day_of(moment + by) for by in (-NIGHT, timedelta(), NIGHT)}


def days_of(theirs: Sequence[Captured], named: date | None, now: datetime) -> list[date]:
    """Give the days that a list is about: the one that was named, or all that it spans.

    Raise UnusableError where it tells of other days, of days to come, or of too many.
    """
    for line in theirs:
        if line.at > now + AHEAD:
            raise UnusableError(f"line {line.number}: no capture is of {line.at:%Y-%m-%d} yet")
    if named is None:
        return _spanned(theirs)
    if strange := sorted(day_of(line.at) for line in theirs if named not in about(line.at)):
        raise UnusableError(f"it tells of {strange[0]}, and not of {named} alone")
    return [named]


def listed_on(at: datetime, days: Collection[date]) -> date:
    """Give the day of a list under which a capture stands there, its own or the one beside it."""
    own = day_of(at)
    return own if own in days else min(about(at) & set(days), default=own)


def _spanned(theirs: Sequence[Captured]) -> list[date]:
    """Give all days from the first to the last. Lines about midnight alone make none."""
    told = {day_of(line.at) for line in theirs}
    if not told:
        raise UnusableError("it is empty: say by --day which day it is about")
    sure = {day_of(line.at) for line in theirs if len(about(line.at) & told) == 1}
    if not sure:
        raise UnusableError("it tells of one midnight alone: say by --day which day it is about")
    first, count = min(sure), (max(sure) - min(sure)).days + 1
    if count > MOST_DAYS:
        raise UnusableError(f"it spans {count} days, more than {MOST_DAYS}")
    return [first + timedelta(days=number) for number in range(count)]
