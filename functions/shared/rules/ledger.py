"""The days of the accounts: which day a payment belongs to, and where the index keeps it."""

from datetime import date, datetime

from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.work import SHARDS


def day_of(moment: datetime) -> date:
    """Give the day in Morocco of an instant: CMI's lists and the accounts go by it."""
    return moment.astimezone(CASABLANCA).date()


def partition(day: date, number: int) -> str:
    """Name one of the index's partitions of a day."""
    return f"PAID#{day.isoformat()}#{number}"


def entry(reference: str, paid_at: datetime) -> str:
    """Give the partition of a payment. It keeps it for ever: a refund moves no day's account."""
    return partition(day_of(paid_at), int(reference) % SHARDS)
