"""The operator's queue."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from functions.shared import outside
from functions.shared.aws import ledger
from ops.screen import clock, console, grouped, plain, say
from ops.words import about, kind, todo, why

MOST = 100
# Nothing is put there for later; whoever put it may have a clock ahead of this machine's.
AHEAD = timedelta(days=1)


def queue(
    *, most: Annotated[int, typer.Option(min=1, max=1000, help="At most so many rows.")] = MOST
) -> None:
    """Show what waits for the operator, oldest first, why, and what to do."""
    rows = ledger.queued(outside.now() + AHEAD, most)
    if not rows:
        say("Nothing waits.", "green")
        return
    shown = Table("since", "reference", "what", "why", "what to do")
    for row in rows:
        reference = grouped(row["pk"].removeprefix("ORDER#"))
        since = clock(datetime.fromisoformat(row["waits_at"]))
        cells = (since, reference, f"{kind(row)} {about(row)}", why(row), todo(row))
        shown.add_row(*(Text(plain(cell)) for cell in cells))
    console().print(shown)
    more = "; there may be more: --most" if len(rows) == most else ""
    say(f"{len(rows)} waiting{more}.")
