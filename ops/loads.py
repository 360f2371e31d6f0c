"""The files of dues that were loaded."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from functions.shared.aws import loads
from ops.screen import clock, console, plain, say

MOST = 20


def shown(
    *, most: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = MOST
) -> None:
    """Show the files of dues that were loaded, newest first, by whom, and how their lines ended."""
    rows = loads.latest(most)
    if not rows:
        say("No file was loaded yet.")
        return
    table = Table("when", "file", "by", "lines")
    for row in rows:
        lines = ", ".join(f"{row[end]} {end}" for end in loads.ENDS if row[end])
        when = clock(datetime.fromisoformat(row["at"]))
        table.add_row(*(Text(plain(cell)) for cell in (when, row["source"], row["who"], lines)))
    console().print(table)
