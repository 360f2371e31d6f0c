"""Matters for the operator that no row of an order stands for, and how any matter is closed.

A difference of the daily comparison is a row of its own beside the order: the order may be
waiting for its letter at the same time, or not exist here at all.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime

from functions.shared.aws import ledger, rows, table, work
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.orders import OrderState
from functions.shared.rules.work import QUEUE, stamp, waiting

SORT = "MATTER#"


def matter_key(reference: str, trans_id: str) -> table.Key:
    """Give the key of a matter about a transaction of an order, known here or not."""
    return f"ORDER#{reference}", f"{SORT}{trans_id}"


def of(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], table.Row]:
    """Give the matters that there are, open or closed, by reference and transaction."""
    wanted = {matter_key(*key): key for key in keys}
    return {wanted[row["pk"], row["sk"]]: row for row in ledger.read(list(wanted))}


def open_matter(reference: str, trans_id: str, why: str, now: datetime) -> bool:
    """Put a matter into the operator's queue; one that waits there keeps its place.

    False where the very same was closed before: whoever closed it has looked at it.
    """
    key = pk, sk = matter_key(reference, trans_id)
    row = {
        "pk": pk, "sk": sk, "at": stamp(now), "waits": QUEUE, "waits_at": stamp(now),
        "queued_why": why,
    }  # fmt: skip
    change = "SET queued_why = :why, waits = :queue, waits_at = if_not_exists(waits_at, :now)"
    values = {":why": why, ":queue": QUEUE, ":now": stamp(now)}
    try:
        table.write(table.put(row))
    except Cancelled:
        try:
            table.write(table.update(key, change, "NOT queued_why = :why", values))
        except Cancelled as error:
            return not closed(error.reasons[0].found, why)
    return True


def closed(row: table.Row, why: str) -> bool:
    """Say whether a matter was closed, and for this reason."""
    return "waits" not in row and row.get("queued_why") == why


def found_in(reference: str, trans_id: str, day: date, now: datetime) -> None:
    """Note that a payment's capture stands in the list of another day: its own day's lacks it."""
    key = pk, sk = matter_key(reference, trans_id)
    found = {"found_in": day.isoformat(), "found_at": stamp(now)}
    change = "SET found_in = :day, found_at = :now"
    values = {":day": found["found_in"], ":now": found["found_at"]}
    try:
        table.write(table.put({"pk": pk, "sk": sk, "at": stamp(now), **found}))
    except Cancelled:
        with suppress(Cancelled):
            table.write(table.update(key, change, "NOT found_in = :day", values))


def close(keys: Sequence[table.Key], now: datetime, event: table.Row | None = None) -> bool:
    """Take rows out of the queue and write the event that says why, all or none.

    False where one of them no longer waits there.
    """
    out = [_out(key, now) for key in keys]
    letters = {key[0] for key in keys if key[1].startswith("LETTER#")}
    out += [_rests(pk, now) for pk in letters - {key[0] for key in keys if key[1] == "ORDER"}]
    told = [table.put(event)] if event else []
    named = [part for key in keys for part in key]
    try:
        table.save_once(out + told, "close", *named, stamp(now))
    except Cancelled:
        return False
    return True


def _out(key: table.Key, now: datetime) -> table.Action:
    """Take a row out; an order whose quarters came to be held meanwhile stays to be settled."""
    change, values = work.out(key, now)
    condition = "waits = :queue"
    values[":queue"] = QUEUE
    if key[1] == "ORDER":
        condition += " AND NOT #s = :capturing"
        values[":capturing"] = OrderState.CAPTURING
    return table.update(key, change, condition, values)


def _rests(pk: str, now: datetime) -> table.Action:
    """Let the order of a letter that nobody sends any more wait at least to be forgotten."""
    rest = waiting(pk.removeprefix("ORDER#"), now, "FORGET")
    change = "SET waits = if_not_exists(waits, :waits), waits_at = if_not_exists(waits_at, :at)"
    values = {":waits": rest["waits"], ":at": rest["waits_at"]}
    return table.update((pk, "ORDER"), change, "attribute_exists(pk)", values)


def closing(reference: str, who: str, why: str, now: datetime) -> table.Row:
    """Give the event of a closed matter."""
    return rows.event_row(reference, "closed", who, why, now)
