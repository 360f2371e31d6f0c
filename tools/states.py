"""Draw `docs/payment-states.md` from the tables in the code; with `--check`, compare it."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from functions.shared.rules.orders import Attempt, Order, OrderState
from functions.shared.rules.payment import DUE_STATES, EDGES, OPEN_LIFE, PAYABLE, told

TARGET = Path("docs/payment-states.md")
START = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)


def page() -> str:
    """Give the whole page."""
    return "\n".join(
        [
            "# The states of a payment",
            "",
            "Drawn by `make states` from `functions/shared/rules/payment.py`; not edited by hand.",
            "",
            "## The order",
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> open: checkout",
            *[f"    {before} --> {after}: {why}" for (before, after), why in EDGES.items()],
            "```",
            "",
            "Any other edge raises. A refusal is a row in the log of attempts, never a state. An",
            f"approval pays an order that is {' or '.join(sorted(PAYABLE))}, and no other.",
            "",
            "## The due",
            "",
            "| when the order becomes | its dues become |",
            "|---|---|",
            *[f"| {order} | {due} |" for order, due in DUE_STATES.items()],
            "",
            "Starting a payment changes no due: nobody can lock a due of anybody.",
            "",
            "## What the payer is told",
            "",
            "| order | attempts | word | reason | asked again |",
            "|---|---|---|---|---|",
            *_words(),
            "",
        ]
    )


def _words() -> list[str]:
    """Give a line for each order state, with and without attempts, in and out of its time."""
    declined = _attempt(approved=False, reason="funds")
    refused = _attempt(approved=True, reason="already_paid")
    histories = {"none": [], "declined": [declined], "approved, refused by us": [refused]}
    lines = []
    for state in OrderState:
        for history, attempts in histories.items():
            lines += _lines(state, history, attempts)
    return lines


def _lines(state: OrderState, history: str, attempts: list[Attempt]) -> list[str]:
    order = _order(state)
    moments = {"": START, " (its time over)": order.open_until}
    if state not in (OrderState.OPEN, OrderState.CAPTURING):
        moments = {"": START}
    lines = []
    for when, now in moments.items():
        news = told(order, attempts, now)
        again = f"after {news.check_again_in_seconds} s" if news.check_again_in_seconds else ""
        lines.append(
            f"| {state}{when} | {history} | `{news.state}` | {news.reason or ''} | {again} |"
        )
    return lines


def _attempt(*, approved: bool, reason: str) -> Attempt:
    return Attempt("T1", "00" if approved else "51", "APPROVED", approved, reason, START)


def _order(state: OrderState) -> Order:
    new = Order(
        reference="43190271885204", registration_number="123456789", due_ids=(), lines=(),
        card_origin="LOC", language="fr", email=None, terms_version="", rnd="", key_id="",
        started_at=START, form_until=START, open_until=START + OPEN_LIFE,
    )  # fmt: skip
    return replace(new, state=state, decided_at=START)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is the one that would be written."""
    if arguments != ["--check"]:
        TARGET.write_text(page())
        return 0
    if TARGET.exists() and TARGET.read_text() == page():
        return 0
    print(f"{TARGET} is not what the code says: run `make states` and commit it")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
