"""The daily comparison, run: read both sides, settle what is safe, queue the rest, report."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from functions.settlement.captured import Captured, UnusableError, form_of, left_out, read
from functions.settlement.comparison import Do, Finding, Kind, Ours, compare, strayed_to
from functions.settlement.days import days_of
from functions.shared import outside
from functions.shared.aws import ledger, matters, table
from functions.shared.rules.ledger import day_of
from ops import report
from ops.following import Run, followed
from ops.options import Dry, MaybeDay
from ops.papers import tried, write
from ops.screen import End, say, stop
from ops.words import queued

Noted = dict[tuple[str, str], table.Row]


def compare_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    day: MaybeDay = None,
    columns: Annotated[
        str, typer.Option(envvar="ASVI_COLUMNS", help="JSON: how CMI's list is written.")
    ] = "",
    dry_run: Dry = False,
) -> None:
    """Compare CMI's list of captured payments with ours; the report is FILE.comparison.csv."""
    try:
        content, form = file.read_bytes(), form_of(columns)
        theirs, skipped = read(content, form), left_out(content, form)
        days = days_of(theirs, day, outside.now())
    except UnusableError as error:
        stop(End.UNUSABLE, f"{file} cannot be compared, and nothing was settled: {error}.")
    ours, noted = _ours(theirs, days)
    findings = compare(theirs, ours)
    target = file.with_name(f"{file.name}.comparison.csv")
    tried(target)
    if not dry_run:
        _confirm(findings, noted, days)
    run = Run(dry=dry_run, today=day_of(outside.now()), noted=noted)
    results = [report.Result(one, followed(one, run)) for one in findings]
    write(target, report.paper(results))
    report.show(results, days, ours.paid)
    if skipped:
        say(f"Left out of the list, as no captures: {skipped} lines")
    say(f"Report: {target}")
    same = all(finding.kind is Kind.MATCHED for finding in findings)
    raise typer.Exit(End.DONE if same else End.REFUSED)


def _ours(theirs: Sequence[Captured], days: list[date]) -> tuple[Ours, Noted]:
    """Read our side, and what comparisons before noted about it."""
    known = ledger.orders(line.reference for line in theirs)
    paid = [order for one in days for order in ledger.paid_on(one)]
    keys = [line.key for line in theirs]
    noted = matters.of([*keys, *((order.reference, order.trans_id or "") for order in paid)])
    about = {one.isoformat() for one in days}
    found = {key: row["found_in"] for key, row in noted.items() if "found_in" in row}
    elsewhere = {key: day for key, day in found.items() if day not in about}
    return Ours(days, known, paid, elsewhere), noted


def _confirm(findings: Sequence[Finding], noted: Noted, days: Sequence[date]) -> None:
    """Close matters of captures that another list lacked, and note what stands in another day's.

    A transaction about which there is still something to do stays as it is.
    """
    open_still = {one.key for one in findings if one.do is not Do.NOTHING}
    now = outside.now()
    for one in findings:
        if one.key in open_still:
            continue
        row = noted.get(one.key)
        if row and queued(row):
            matters.close([(row["pk"], row["sk"])], now)
        if listed := strayed_to(one, days):
            matters.found_in(one.reference, one.trans_id, listed, now)
