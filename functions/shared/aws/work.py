"""The index of what waits: it proposes keys, oldest first; a strong read decides."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from functions.shared.aws import table
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.settlement import pause
from functions.shared.rules.work import QUEUE, stamp, waiting

INDEX = "work"


def due(partition: str, now: datetime, most: int) -> list[table.Key]:
    """Give the keys that have waited in a partition until now, at most `most`, oldest first."""
    return [(row["pk"], row["sk"]) for row in _proposed(partition, now, most)]


def queue(now: datetime, most: int) -> list[tuple[table.Key, datetime]]:
    """Give what waits for the operator, and since when, at most `most`, oldest first."""
    return [
        ((row["pk"], row["sk"]), datetime.fromisoformat(row["waits_at"]))
        for row in _proposed(QUEUE, now, most)
    ]


def _proposed(partition: str, now: datetime, most: int) -> list[table.Row]:
    with table.translated():
        answer = table.client().query(
            TableName=table.name(),
            IndexName=INDEX,
            KeyConditionExpression="waits = :waits AND waits_at <= :now",
            ExpressionAttributeValues={":waits": {"S": partition}, ":now": {"S": stamp(now)}},
            Limit=most,
        )
    return [table.plain(item) for item in answer["Items"]]


def postpone(
    key: table.Key,
    tries: int,
    now: datetime,
    *,
    seen: table.Row | None = None,
    until: datetime | None = None,
) -> None:
    """Let a row wait for its next try, longer each time, or `until` an instant."""
    values = {":at": stamp(until or now + pause(tries)), ":tries": tries + 1}
    _change(key, "SET waits_at = :at, tries = :tries", values, seen)


def enqueue(key: table.Key, why: str, now: datetime, *, seen: table.Row | None = None) -> None:
    """Hand a row to the operator, with the reason."""
    values = {":queue": QUEUE, ":now": stamp(now), ":why": why}
    _change(key, "SET waits = :queue, waits_at = :now, queued_why = :why", values, seen)


def finish(key: table.Key, now: datetime, *, seen: table.Row | None = None) -> None:
    """Let a row wait for nobody."""
    change, values = out(key, now)
    _change(key, change, values, seen)


def out(key: table.Key, now: datetime) -> tuple[str, dict[str, str]]:
    """Give the change, with its values, after which nobody has anything to do about a row.

    An order still waits for the day on which its payer's address is forgotten.
    """
    if key[1] != "ORDER":
        return "REMOVE waits, waits_at, tries", {}
    rest = waiting(key[0].removeprefix("ORDER#"), now, "FORGET")
    change = "SET waits = :rest, waits_at = :since REMOVE tries"
    return change, {":rest": rest["waits"], ":since": rest["waits_at"]}


def _change(
    key: table.Key, change: str, values: Mapping[str, object], seen: table.Row | None
) -> None:
    """Change a row that waits as it did when it was `seen`; else somebody was faster.

    Without `seen`, any row that still waits: for whoever does not care why.
    """
    condition, expected = as_seen(seen)
    with suppress(Cancelled):
        table.write(table.update(key, change, condition, {**values, **expected}))


def as_seen(seen: table.Row | None) -> tuple[str, dict[str, object]]:
    """Give the condition, with its values, that a row waits as it did when it was `seen`."""
    if seen is None:
        return "attribute_exists(waits)", {}
    if "waits" not in seen:
        return "attribute_exists(pk) AND attribute_not_exists(waits)", {}
    seen_at = {":waits": seen["waits"], ":seen": seen["waits_at"]}
    return "waits = :waits AND waits_at = :seen", seen_at
