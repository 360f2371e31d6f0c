"""All that is known of one payment."""

from typing import Annotated, NoReturn

import typer
from rich.table import Table
from rich.text import Text

from functions.shared.aws import ledger, rows, table
from functions.shared.aws import orders as aws_orders
from functions.shared.rules.orders import Line, Order
from functions.shared.rules.receipts import masked
from ops.options import Listed, no_reference
from ops.orders import ADVICE
from ops.screen import End, amount, clock, console, grouped, plain, say, stop
from ops.timeline import story
from ops.words import queued, todo, told


def show(
    reference: Listed,
    *,
    number: Annotated[
        bool, typer.Option("--number", help="Show the registration number, and what holds it.")
    ] = False,
) -> None:
    """Show a payment, its quarters, and all that happened to it, on Morocco's clock."""
    found = ledger.everything(reference)
    order = next((rows.order(row) for row in found if row["sk"] == "ORDER"), None)
    if order is None and not found:
        _unknown(reference)
    if order is None:
        say(f"There is no payment {grouped(reference)} here, but CMI tells of one.", "yellow")
    else:
        _facts(order, number=number)
    _timeline(found)
    for row in filter(queued, found):
        say(f"Waits for the operator: {told(row)}", "yellow")
        say(f"  What to do: {todo(row)}.")


def _unknown(reference: str) -> NoReturn:
    """End where nothing is known, not even to CMI's list; say what is wrong with a reference."""
    name = grouped(reference)
    if wrong := no_reference(reference):
        stop(End.UNUSABLE, f"Nothing is known of {name}, and it is {wrong}.")
    stop(End.REFUSED, f"There is no payment {name}.")


def _facts(order: Order, *, number: bool) -> None:
    person = order.registration_number if number else masked(order.registration_number)
    say(f"Payment {grouped(order.reference)} of {person}")
    say(f"State: {order.state} ({ADVICE[order.state]})")
    say(f"Total: {amount(order.total_centimes)}, transaction {order.trans_id or 'none'}")
    stands = aws_orders.for_checkout(order.reference, order.registration_number, order.due_ids)[1]
    due_ids = iter(order.due_ids)
    for line in order.lines:
        due = stands.get(next(due_ids)) if line.kind == "contribution" else None
        say(f"  {_line(line, number=number)}{f', now {due.state}' if due else ''}")


def _line(line: Line, *, number: bool) -> str:
    """Give a line of an order. The core system's references may hold the registration number."""
    name = "quarter" if line.kind == "contribution" else "fee, month"
    reference = f" {line.reference}" if number else ""
    return f"{line.year} {name} {line.period}: {amount(line.amount_centimes)}{reference}"


def _timeline(found: list[table.Row]) -> None:
    shown = Table("Casablanca", "what happened", box=None)
    for moment in story(found):
        shown.add_row(clock(moment.at), Text(plain(moment.what)))
    console().print(shown)
