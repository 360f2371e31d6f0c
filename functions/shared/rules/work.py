"""What waits for somebody: the sparse index that proposes it, oldest first (`design.md` §5).

`QUEUE` holds what only the operator can settle.
"""

from datetime import UTC, datetime
from typing import Literal

SHARDS = 8
QUEUE = "QUEUE"
Who = Literal["WORK", "MAIL", "FORGET", "STRIP"]


def shard(who: Who, number: int) -> str:
    """Name one of the index's partitions: WORK for settlement, MAIL for letters.

    FORGET and STRIP hold what rests, since when it does, for `rules/retention.py`.
    """
    return f"{who}#{number}"


def waiting(reference: str, since: datetime, who: Who = "WORK") -> dict[str, str]:
    """Give the index attributes of a row that wants attention from `since` on."""
    return {"waits": shard(who, int(reference) % SHARDS), "waits_at": stamp(since)}


def stamp(moment: datetime) -> str:
    """Write an instant so that text order is time order: RFC 3339 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
