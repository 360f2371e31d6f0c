"""Orders, attempts and letters as rows of the table: their keys, and how they are written."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.shared.aws import table
from functions.shared.rules.orders import Attempt, Line, Order, OrderState
from functions.shared.rules.work import stamp, waiting

SCHEMA = 1
_LETTER_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter owed: `state` is wanted, claimed, sent, delivered, bounced or failed."""

    number: int
    kind: str
    state: str


def order_key(reference: str) -> table.Key:
    """Give the key of an order."""
    return f"ORDER#{reference}", "ORDER"


def attempt_key(reference: str, trans_id: str, code: str) -> table.Key:
    """Give the key of an attempt: one row for each (order, TransId, code)."""
    return f"ORDER#{reference}", f"ATTEMPT#{trans_id}#{code[:8]}"


def letter_key(reference: str, number: int) -> table.Key:
    """Give the key of an order's n-th letter, from 1."""
    return f"ORDER#{reference}", f"LETTER#{number}"


def order_row(new: Order) -> table.Row:
    """Write an order: what never changes as one JSON, what changes beside it."""
    facts = asdict(new)
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
    lines = tuple(Line(**line) for line in facts.pop("lines"))
    return Order(
        **facts | {"due_ids": tuple(facts["due_ids"])},
        lines=lines,
        state=OrderState(row["state"]),
        trans_id=row.get("trans_id"),
        decided_at=_moment(row, "decided_at"),
        paid_at=_moment(row, "paid_at"),
        proof=row.get("proof"),
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


def letter_row(reference: str, number: int, kind: str, now: datetime) -> table.Row:
    """Write a letter that is owed."""
    pk, sk = letter_key(reference, number)
    wanted = {"pk": pk, "sk": sk, "kind": kind, "state": "wanted"}
    return wanted | waiting(reference, now + _LETTER_SOON)


def letter(row: table.Row) -> Letter:
    """Read a letter from its row."""
    return Letter(int(row["sk"].removeprefix("LETTER#")), row["kind"], row["state"])


def _moment(row: table.Row, name: str) -> datetime | None:
    return datetime.fromisoformat(row[name]) if name in row else None
