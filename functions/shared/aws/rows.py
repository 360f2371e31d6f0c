"""Orders, attempts and letters as rows of the table: their keys, and how they are written.

While a deployment goes on, two versions of the code read each other's rows. So a version only adds
to what the one before wrote, and leaves unread what the next one adds (event 102). Whatever would
change the meaning of what stands there takes two versions: one that reads it, then one that writes.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from functions.shared.aws import table
from functions.shared.rules.letters import Letter, LetterState
from functions.shared.rules.orders import Attempt, Line, Order, OrderState
from functions.shared.rules.work import stamp, waiting

SCHEMA = 1
_CHANGING = ("state", "trans_id", "decided_at", "paid_at", "proof")
_FACTS = [field.name for field in fields(Order) if field.name not in (*_CHANGING, "corrected")]
_LINE = [field.name for field in fields(Line)]
LETTER_SOON = timedelta(minutes=1)


def order_key(reference: str) -> table.Key:
    """Give the key of an order."""
    return f"ORDER#{reference}", "ORDER"


def attempt_key(reference: str, trans_id: str, code: str) -> table.Key:
    """Give the key of an attempt: one row for each (order, TransId, code)."""
    return f"ORDER#{reference}", f"ATTEMPT#{trans_id}#{code[:8]}"


def letter_key(reference: str, name: str) -> table.Key:
    """Give the key of one of an order's letters."""
    return f"ORDER#{reference}", f"LETTER#{name}"


def order_row(new: Order) -> table.Row:
    """Write an order: what never changes as one JSON, what changes beside it."""
    facts = _values(new, _FACTS) | {"lines": [_values(line, _LINE) for line in new.lines]}
    changing = _values(new, _CHANGING)
    pk, sk = order_key(new.reference)
    return {
        "pk": pk, "sk": sk, "schema": SCHEMA,
        "facts": json.dumps(facts, default=stamp, ensure_ascii=False, separators=(",", ":")),
        **{name: value for name, value in changing.items() if value is not None},
    }  # fmt: skip


def order(row: table.Row) -> Order:
    """Read an order from its row, written by this version, one before, or the next.

    Raise ValueError for a row of a later one: what stands there may mean something else.
    """
    if row.get("schema", SCHEMA) > SCHEMA + 1:
        raise ValueError("an order of a version that this one does not know")
    facts = _known(json.loads(row["facts"]), _FACTS)
    for name in ("started_at", "form_until", "open_until"):
        facts[name] = datetime.fromisoformat(facts[name])
    facts["email"] = row.get("email", facts["email"])
    lines = tuple(Line(**_known(line, _LINE)) for line in facts.pop("lines"))
    facts["due_ids"] = tuple(facts["due_ids"])
    facts["pair"] = tuple(facts["pair"]) if facts.get("pair") else None
    return Order(
        **facts,
        lines=lines,
        state=OrderState(row["state"]),
        trans_id=row.get("trans_id"),
        decided_at=_moment(row, "decided_at"),
        paid_at=_moment(row, "paid_at"),
        proof=row.get("proof"),
        corrected="email" in row or "forgotten_at" in row,
    )


def facts_without(row: table.Row, blank: dict[str, Any]) -> str:
    """Give the facts of an order's row with blanks in the place of what is to be forgotten."""
    facts = json.loads(row["facts"]) | blank
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _values(one: Order | Line, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _known(written: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Leave out what another version of the code wrote besides."""
    return {name: value for name, value in written.items() if name in names}


def attempt(row: table.Row) -> Attempt:
    """Read an attempt from its row."""
    return Attempt(
        trans_id=row["trans_id"],
        code=row["code"],
        reply=row["reply"],
        approved=bool(row["approved"]),
        reason=row.get("reason"),
        at=datetime.fromisoformat(row["at"]),
    )


def attempt_row(of: Order, made: Attempt) -> dict[str, Any]:
    """Write an attempt."""
    pk, sk = attempt_key(of.reference, made.trans_id, made.code)
    return {"pk": pk, "sk": sk, **asdict(made), "at": stamp(made.at)}


def letter_row(reference: str, name: str, kind: str, now: datetime) -> table.Row:
    """Write a letter that is owed."""
    pk, sk = letter_key(reference, name)
    wanted = {"pk": pk, "sk": sk, "kind": kind, "state": LetterState.WANTED, "at": stamp(now)}
    return wanted | waiting(reference, now + LETTER_SOON, "MAIL")


def letter(row: table.Row) -> Letter:
    """Read a letter from its row."""
    return Letter(
        name=row["sk"].removeprefix("LETTER#"),
        kind=row["kind"],
        state=LetterState(row["state"]),
        at=datetime.fromisoformat(row["at"]),
    )


def _moment(row: table.Row, name: str) -> datetime | None:
    return datetime.fromisoformat(row[name]) if name in row else None


def event_row(reference: str, what: str, who: str, why: str, now: datetime) -> table.Row:
    """Write what somebody did to an order beside a verdict, for its timeline."""
    return {
        "pk": f"ORDER#{reference}", "sk": f"EVENT#{stamp(now)}#{what}", "what": what,
        "who": who, "why": why, "at": stamp(now),
    }  # fmt: skip
