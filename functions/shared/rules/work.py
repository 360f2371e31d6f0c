"""What waits for somebody: the sparse index that proposes it, oldest first (`design.md` §5)."""

from datetime import UTC, datetime

SHARDS = 8


def waiting(reference: str, since: datetime) -> dict[str, str]:
    """Give the index attributes of a row that wants attention from `since` on."""
    return {"waits": f"WORK#{int(reference) % SHARDS}", "waits_at": stamp(since)}


def stamp(moment: datetime) -> str:
    """Write an instant so that text order is time order: RFC 3339 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
