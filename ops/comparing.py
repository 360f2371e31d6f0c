"""The daily comparison, run: read both sides, settle what is safe, queue the rest, report."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from functions.settlement.captured import Captured, UnusableError, form_of, left_out, read
from functions.settlement.comparison import Do, Finding, Kind, compare, dues_free
from functions.shared import outside
from functions.shared.aws import ledger, matters, moves
from functions.shared.aws import orders as aws_orders
from functions.shared.aws.moves import Word
from functions.shared.rules.ledger import day_of
from functions.shared.rules.orders import Order, OrderState
from ops import report
from ops.matters import settled
from ops.options import Dry, MaybeDay
from ops.papers import tried, write
from ops.screen import End, say, stop
from ops.words import queued

WHO = "comparison"
MOST_DAYS = 31
NOT_FREE = "CMI captured it, and a quarter of it is paid or being paid otherwise: refund"


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
        days = _days(theirs, day)
    except UnusableError as error:
        stop(End.UNUSABLE, f"{file} cannot be compared, and nothing was settled: {error}.")
    known = ledger.orders(line.reference for line in theirs)
    ours = [order for one in days for order in ledger.paid_on(one)]
    findings = compare(theirs, known, ours)
    target = file.with_name(f"{file.name}.comparison.csv")
    tried(target)
    if not dry_run:
        _close_matched(findings)
    over = days[-1] < day_of(outside.now())
    results = [report.Result(one, _followed(one, dry=dry_run, over=over)) for one in findings]
    write(target, report.paper(results))
    report.show(results, days, ours)
    if skipped:
        say(f"Left out of the list, as no captures: {skipped} lines")
    say(f"Report: {target}")
    same = all(finding.kind is Kind.MATCHED for finding in findings)
    raise typer.Exit(End.DONE if same else End.REFUSED)


def _days(theirs: Sequence[Captured], day: date | None) -> list[date]:
    """Give the days that a list is about: the one that was named, or all that it spans."""
    told = {day_of(line.at) for line in theirs}
    if day is not None:
        if strange := sorted(told - {day}):
            raise UnusableError(f"it tells of {strange[0]}, and not of {day} alone")
        return [day]
    if not told:
        raise UnusableError("it is empty: say by --day which day it is about")
    first, count = min(told), (max(told) - min(told)).days + 1
    if count > MOST_DAYS:
        raise UnusableError(f"it spans {count} days, more than {MOST_DAYS}")
    return [first + timedelta(days=number) for number in range(count)]


def _close_matched(findings: Sequence[Finding]) -> None:
    """Close matters of captures that another day's list lacked: nothing is left to look at."""
    matched = [one for one in findings if one.kind is Kind.MATCHED]
    keys = [matters.matter_key(one.reference, one.trans_id) for one in matched]
    for row in filter(queued, ledger.read(keys)):
        matters.close([(row["pk"], row["sk"])], outside.now())


def _followed(finding: Finding, *, dry: bool, over: bool) -> str:
    """Do what may follow a finding; say what was done. `over`: the last of its days is."""
    if finding.do is Do.SETTLE and finding.line and finding.order:
        return _settle(finding, finding.line, finding.order, dry=dry)
    if finding.kind is Kind.MISSING_THERE and not over:
        return "not queued: the day is not over"
    return _queue(finding, finding.why, dry=dry) if finding.do is Do.QUEUE else ""


def _settle(finding: Finding, line: Captured, order: Order, *, dry: bool) -> str:
    """Make an order PAID by CMI's list, under everyone's conditions."""
    if dry:
        return "would be settled" if _free(order) else f"would be queued: {NOT_FREE}"
    now = outside.now()
    word = Word(WHO, finding.why, line.trans_id, _sane(line.at, order, now))
    if not moves.move(order, OrderState.PAID, word, now):
        return _queue(finding, _why_not(order), dry=dry)
    settled(order.reference, line.trans_id)
    return "settled: paid"


def _why_not(order: Order) -> str:
    """Say why an order could not be settled: somebody was faster, or its quarters are not free."""
    now = ledger.order(order.reference)
    if now and (now.state, now.trans_id) != (order.state, order.trans_id):
        return f"it became {now.state} meanwhile: compare again"
    return NOT_FREE


def _free(order: Order) -> bool:
    if order.state is OrderState.CAPTURING:
        return True
    found = aws_orders.for_checkout(order.reference, order.registration_number, order.due_ids)
    return dues_free(order, found[1])


def _sane(at: datetime, order: Order, now: datetime) -> datetime:
    """Give the instant of a capture, never before its order nor to come: lists may tell days."""
    return min(max(at, order.started_at), now)


def _queue(finding: Finding, why: str, *, dry: bool) -> str:
    if dry:
        return f"would be queued: {why}"
    now = outside.now()
    matters.open_matter(finding.reference, finding.trans_id, why, now)
    return f"queued: {why}"
