"""The index of what waits: it proposes keys, oldest first; a strong read decides."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from functions.shared.aws import table
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.settlement import pause
from functions.shared.rules.work import QUEUE, stamp

INDEX = "work"


def due(partition: str, now: datetime, most: int) -> list[table.Key]:
    """Give the keys that have waited in a partition until now, at most `most`, oldest first."""
    with table.translated():
        answer = table.client().query(
            TableName=table.name(),
            IndexName=INDEX,
            KeyConditionExpression="waits = :waits AND waits_at <= :now",
            ExpressionAttributeValues={":waits": {"S": partition}, ":now": {"S": stamp(now)}},
            Limit=most,
        )
    return [(row["pk"], row["sk"]) for row in map(table.plain, answer["Items"])]


def postpone(key: table.Key, tries: int, now: datetime) -> None:
    """Let a row wait for its next try, longer each time."""
    values = {":at": stamp(now + pause(tries)), ":tries": tries + 1}
    _change(key, "SET waits_at = :at, tries = :tries", values)


def enqueue(key: table.Key, why: str, now: datetime) -> None:
    """Hand a row to the operator, with the reason."""
    values = {":queue": QUEUE, ":now": stamp(now), ":why": why}
    _change(key, "SET waits = :queue, waits_at = :now, queued_why = :why", values)


def finish(key: table.Key) -> None:
    """Take a row out of the index."""
    _change(key, "REMOVE waits, waits_at, tries", {})


def _change(key: table.Key, change: str, values: Mapping[str, object]) -> None:
    """Change a row that still waits; one that somebody settled meanwhile is left alone."""
    with suppress(Cancelled):
        table.write(table.update(key, change, "attribute_exists(waits)", values))
