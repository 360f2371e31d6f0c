"""Find payments by the insured person's number, as a caller reads it out."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from functions.shared.aws import dues, ledger, table
from functions.shared.rules import digits
from functions.shared.rules.receipts import masked
from ops.screen import End, amount, clock, console, grouped, plain, say, stop


def _number(typed: str) -> str:
    number = digits.plain(typed)
    if wrong := digits.fault(number, digits.REGISTRATION_DIGITS):
        raise typer.BadParameter(f"no registration number ({wrong.replace('_', ' ')})")
    return number


Number = Annotated[
    str,
    typer.Option(
        prompt="Registration number",
        callback=_number,
        help="Asked for where it is left out: a typed command stays in the shell's history.",
    ),
]


def find(*, number: Number) -> None:
    """Show an insured person's quarters, the payments they belong to, and those begun just now."""
    found = ledger.of_number(number)
    if not found:
        stop(End.REFUSED, f"Nothing is known of {masked(number)}.")
    say(f"Insured person {masked(number)}")
    states = _states(found)
    shown = Table("quarter", "amount", "state", "payment", "it is")
    for row in found:
        shown.add_row(*(Text(plain(cell)) for cell in _cells(row, states)))
    console().print(shown)
    say("A payment that was declined or given up is found by its reference alone: asvi show.")


def _states(found: list[table.Row]) -> dict[str, str]:
    references = filter(None, map(_payment, found))
    return {reference: order.state for reference, order in ledger.orders(references).items()}


def _cells(row: table.Row, states: dict[str, str]) -> tuple[str, str, str, str, str]:
    payment = _payment(row)
    name, state = grouped(payment), states.get(payment, "")
    if row["sk"].startswith("OPEN#"):
        since = clock(datetime.fromisoformat(row["started_at"]))
        return "begun", "", since, name, state
    due = dues.due(row)
    return f"{due.year}-{due.quarter}", amount(due.amount_centimes), due.state, name, state


def _payment(row: table.Row) -> str:
    """Give the reference of the payment that a due belongs to or last belonged to, or begun."""
    if row["sk"].startswith("OPEN#"):
        return str(row["sk"]).removeprefix("OPEN#")
    return str(row.get("payment", ""))
