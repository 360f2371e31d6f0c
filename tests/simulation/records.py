"""Rows of the table as the promises read them: by their own eyes, not by the functions' code."""

import json
from dataclasses import dataclass

from tests.simulation.values import Item


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What an order's row says. `addresses`: the one letters go to, and the one before it."""

    reference: str
    number: str
    due_ids: tuple[str, ...]
    amounts: tuple[int, ...]
    total: int
    email: str | None
    state: str
    trans_id: str
    key_id: str
    facts: str
    addresses: tuple[str, ...]

    @property
    def due_keys(self) -> list[tuple[str, str]]:
        """Give the keys of the order's dues."""
        return [(f"REG#{self.number}", f"DUE#{due_id}") for due_id in self.due_ids]


def text(row: Item | None, name: str) -> str:
    """Give an attribute's text, empty where it is absent."""
    return str(row[name]["S"]) if row and name in row else ""


def order(row: Item) -> OrderRow:
    """Read an order's row."""
    facts = json.loads(row["facts"]["S"])
    lines = facts["lines"]
    addresses = tuple(filter(None, (text(row, "email"), facts["email"])))
    return OrderRow(
        reference=row["pk"]["S"].removeprefix("ORDER#"),
        number=facts["registration_number"],
        due_ids=tuple(facts["due_ids"]),
        amounts=tuple(line["amount_centimes"] for line in lines if line["kind"] == "contribution"),
        total=sum(line["amount_centimes"] for line in lines),
        email=addresses[0] if addresses else None,
        state=row["state"]["S"],
        trans_id=text(row, "trans_id"),
        key_id=facts["key_id"],
        facts=row["facts"]["S"],
        addresses=addresses,
    )
