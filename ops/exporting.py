"""A day's payments for the accountants."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from functions.shared import outside
from functions.shared.aws import ledger
from functions.shared.rules.ledger import day_of
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.sheets import Cell, sheet
from ops.options import Day
from ops.papers import write
from ops.screen import amount, clock, say

HEADER = (
    "day", "paid_at", "reference", "trans_id", "state", "registration_number", "row", "year",
    "period", "code", "due_reference", "account", "card_origin", "amount_dh", "total_dh",
)  # fmt: skip
STATES = (OrderState.PAID, OrderState.REFUNDED)


def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The CSV to write.")],
    *,
    day: Day,
) -> None:
    """Write a day's payments as CSV: a line for each line of an order, and one for its total."""
    orders = [order for order in ledger.paid_on(day) if order.state in STATES]
    write(file, sheet([HEADER, *(line for order in orders for line in _lines(order))]))
    for state in STATES:
        of_state = [order for order in orders if order.state is state]
        total_centimes = sum(order.total_centimes for order in of_state)
        say(f"{len(of_state)} {state}, {amount(total_centimes)}")
    if day >= day_of(outside.now() - timedelta(minutes=1)):
        say("The day is not over: export it again tomorrow.", "yellow")


def _lines(order: Order) -> Iterator[list[Cell]]:
    paid_at = clock(order.paid_at) if order.paid_at else ""
    start: list[Cell] = [
        paid_at.partition(" ")[0], paid_at, order.reference, order.trans_id or "", order.state,
        order.registration_number,
    ]  # fmt: skip
    for line in order.lines:
        what: list[Cell] = [
            line.kind, line.year, line.period, line.code, line.reference, line.account,
            order.card_origin, dirhams(line.amount_centimes), "",
        ]  # fmt: skip
        yield [*start, *what]
    yield [*start, "total", *[""] * 5, order.card_origin, "", dirhams(order.total_centimes)]
