"""Load a file of dues."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from functions.intake.loading import (
    LARGEST_BYTES,
    TOO_LARGE,
    Tally,
    finished,
    load,
    rejects_file,
)
from functions.shared import outside
from ops.options import Dry, Who
from ops.papers import write
from ops.screen import End, console, say, stop


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    who: Who,
    dry_run: Dry = False,
) -> None:
    """Load the core system's file of dues; refused lines go to FILE.rejects.csv beside it."""
    rejects = file.with_name(f"{file.name}.rejects.csv")
    # Of an earlier run: this one may be cut short, and leave none.
    rejects.unlink(missing_ok=True)
    tally, now = Tally(), outside.now()
    if file.stat().st_size > LARGEST_BYTES:
        tally.add(TOO_LARGE)
    else:
        _load(file, tally, now, dry=dry_run)
    if tally.rejects:
        write(rejects, rejects_file(tally.rejects))
    if tally.unusable:
        stop(End.UNUSABLE, f"{file} is no file of dues ({tally.rejects[0].reason}): nothing read.")
    if not dry_run:
        finished(tally, file.name, who, now)
    _summary(tally, rejects, dry=dry_run)
    raise typer.Exit(End.REFUSED if tally.rejects else End.DONE)


def _load(file: Path, tally: Tally, issued_at: datetime, *, dry: bool) -> None:
    """Load line by line, with a bar that follows the bytes read."""
    screen = console(error=True)
    shown = Progress(console=screen, transient=True, disable=not screen.is_terminal)
    with shown as bar, file.open("rb") as opened:
        task = bar.add_task("Loading", total=file.stat().st_size)

        def lines() -> Iterator[bytes]:
            for line in opened:
                bar.advance(task, len(line))
                yield line

        for found in load(lines(), file.name, issued_at, dry=dry):
            tally.add(found)


def _summary(tally: Tally, rejects: Path, *, dry: bool) -> None:
    if dry:
        say(f"{tally.loaded} lines are good; nothing was loaded (--dry-run).")
    else:
        say(f"{tally.loaded} loaded")
        say(f"{tally.unchanged} unchanged")
        say(f"{tally.kept} kept, because they are paid or being confirmed")
    if tally.outdated:
        say(f"{tally.outdated} outdated, because a newer file states them", "yellow")
    if tally.rejects:
        say(f"{tally.rejected} rejected: {rejects}", "yellow")
