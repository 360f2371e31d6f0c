"""Forget whom a payment was about: its payer's address, and all of it where CMI never saw it."""

from datetime import datetime
from typing import Any

from functions.shared.aws import ledger, rows, table, work
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.retention import once_forgotten, tried
from functions.shared.rules.work import stamp

_ADDRESS: dict[str, Any] = {"email": None}
_PAYER: dict[str, Any] = {"email": None, "registration_number": "", "due_ids": [], "lines": []}


def forget(row: table.Row, now: datetime, event: table.Row | None = None) -> bool:
    """Erase the address from an order that rests, and write the `event` that says why, if any.

    False where the order no longer stands as it was seen.
    """
    return _erased(row, _ADDRESS, "forgotten_at", once_forgotten(rows.order(row)), now, event)


def strip(row: table.Row, now: datetime) -> bool:
    """Erase all that an order says of its payer, unless CMI ever told of it; say whether.

    Whoever pays it at the same time finds it as it was read, or stripped and unpayable.
    """
    if tried(ledger.everything(row["pk"].removeprefix("ORDER#"))):
        _erased(row, {}, "", {}, now)
        return False
    return _erased(row, _PAYER, "stripped_at", {}, now)


def _erased(
    row: table.Row,
    blank: dict[str, Any],
    noted: str,
    rest: dict[str, str],
    now: datetime,
    event: table.Row | None = None,
) -> bool:
    """Write an order without what is forgotten, where it stands as it was seen.

    `noted`: the attribute that says when, where there was something to forget. `rest`: what it
    waits for then.
    """
    condition, values = work.as_seen(row)
    values |= {":state": row["state"], ":facts": rows.facts_without(row, blank)}
    change, gone = "SET facts = :facts", " REMOVE tries"
    if values[":facts"] != row["facts"] or ("email" in row and blank):
        change += f", {noted} = :now"
        values[":now"] = stamp(now)
        gone += ", email"
    if rest:
        change += ", waits = :rest, waits_at = :since"
        values |= {":rest": rest["waits"], ":since": rest["waits_at"]}
    else:
        gone += ", waits, waits_at"
    condition += " AND #s = :state AND "
    if "email" in row:
        condition += "email = :email"
        values[":email"] = row["email"]
    else:
        condition += "attribute_not_exists(email)"
    key = row["pk"], row["sk"]
    actions = [table.update(key, change + gone, condition, values)]
    if event:
        actions.append(table.put(event))
    try:
        table.save_once(actions, "forget", *key, noted, stamp(now))
    except Cancelled:
        return False
    return True
