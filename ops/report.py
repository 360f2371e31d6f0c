"""The comparison's report: on the screen, and as CSV."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rich.table import Table
from rich.text import Text

from functions.settlement.comparison import Finding, Kind
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.sheets import Cell, sheet
from ops.screen import amount, clock, console, grouped, plain, say

HEADER = (
    "finding", "reference", "trans_id", "cmi_line", "cmi_captured_at", "cmi_dh", "our_dh",
    "our_state", "our_paid_at", "done", "why",
)  # fmt: skip
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Result:
    """A finding, and what was done about it."""

    finding: Finding
    done: str


def paper(results: Iterable[Result]) -> str:
    """Give the report as CSV, every line of it."""
    return sheet([HEADER, *map(_cells, results)])


def _cells(result: Result) -> list[Cell]:
    finding, line, order = result.finding, result.finding.line, result.finding.order
    return [
        finding.kind, finding.reference, finding.trans_id,
        line.number if line else "", clock(line.at) if line else "",
        dirhams(line.amount_centimes) if line else "",
        dirhams(order.total_centimes) if order else "", order.state if order else "",
        clock(order.paid_at) if order and order.paid_at else "",
        result.done, finding.why,
    ]  # fmt: skip


def show(results: Sequence[Result], days: Sequence[date], ours: Iterable[Order]) -> None:
    """Show differences, what stands in another day's account, counts and both totals."""
    told = [one for one in results if one.finding.kind is not Kind.MATCHED or one.finding.why]
    if told:
        _differences(told[:MOST_SHOWN])
    if len(told) > MOST_SHOWN:
        say(f"{len(told) - MOST_SHOWN} more are in the report.", "yellow")
    counts = Counter(one.finding.kind for one in results)
    span = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
    say(f"{span}: " + ", ".join(f"{counts[kind]} {kind}" for kind in Kind))
    lines = [one.finding.line for one in results if one.finding.line]
    paid = [order for order in ours if order.state is OrderState.PAID]
    say(f"CMI: {len(lines)} captures, {amount(sum(line.amount_centimes for line in lines))}")
    total_centimes = sum(order.total_centimes for order in paid)
    say(f"Here, before this comparison: {len(paid)} paid, {amount(total_centimes)}")


def _differences(results: Iterable[Result]) -> None:
    shown = Table("finding", "reference", "transaction", "CMI", "here", "what was done", "why")
    for one in results:
        line, order = one.finding.line, one.finding.order
        cells = (
            one.finding.kind, grouped(one.finding.reference), one.finding.trans_id,
            amount(line.amount_centimes) if line else "none",
            f"{amount(order.total_centimes)}, {order.state}" if order else "none",
            one.done, one.finding.why,
        )  # fmt: skip
        shown.add_row(*(Text(plain(cell)) for cell in cells))
    console().print(shown)
