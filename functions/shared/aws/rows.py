"""Orders, attempts and letters as rows of the table: their keys, and how they are written."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from functions.shared.aws import table
from functions.shared.rules.letters import Letter, LetterState
from functions.shared.rules.orders import Attempt, Line, Order, OrderState
from functions.shared.rules.work import stamp, waiting

SCHEMA = 1
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
    facts = asdict(new)
    facts.pop("corrected")
    changing = {
        name: facts.pop(name) for name in ("state", "trans_id", "decided_at", "paid_at", "proof")
    }
    pk, sk = order_key(new.reference)
    return {
        "pk": pk, "sk": sk, "schema": SCHEMA,
        "facts": json.dumps(facts, default=stamp, ensure_ascii=False, separators=(",", ":")),
        **{name: value for name, value in changing.items() if value is not None},
    }  # fmt: skip


def order(row: table.Row) -> Order:
    """Read an order from its row."""
    facts = json.loads(row["facts"])
    for name in ("started_at", "form_until", "open_until"):
        facts[name] = datetime.fromisoformat(facts[name])
    facts["email"] = row.get("email", facts["email"])
    lines = tuple(Line(**line) for line in facts.pop("lines"))
    return Order(
        **facts | {"due_ids": tuple(facts["due_ids"])},
        lines=lines,
        state=OrderState(row["state"]),
        trans_id=row.get("trans_id"),
        decided_at=_moment(row, "decided_at"),
        paid_at=_moment(row, "paid_at"),
        proof=row.get("proof"),
        corrected="email" in row,
    )


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
