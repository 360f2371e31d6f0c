"""What follows a finding of the comparison: settle what is safe, queue the rest, say which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from functions.settlement.captured import Captured
from functions.settlement.comparison import Do, Finding, Kind, dues_free
from functions.shared import outside
from functions.shared.aws import matters, moves, table
from functions.shared.aws import orders as aws_orders
from functions.shared.aws.moves import Word
from functions.shared.rules.cmi.answer import APPROVED
from functions.shared.rules.ledger import day_of
from functions.shared.rules.orders import Order, OrderState
from ops.matters import settled
from ops.screen import amount

WHO = "comparison"
CLOSED = "closed before: nothing to do"
# Whoever closed it may have given the money back: no list settles it any more.
BY_A_PERSON = (
    "CMI captured it, and a matter about it was closed by hand: asvi settle it, "
    "or asvi done if the money was given back"
)


@dataclass(frozen=True, slots=True)
class Run:
    """How a comparison runs: on which day, and `noted`: the matters as they stood."""

    dry: bool
    today: date
    noted: Mapping[tuple[str, str], table.Row]


def followed(finding: Finding, run: Run) -> str:
    """Do what may follow a finding; say what was done, or would be."""
    if finding.do is Do.SETTLE and finding.line and finding.order:
        return _settle(finding, finding.line, finding.order, run)
    if finding.kind is Kind.MISSING_THERE and not _over(finding, run.today):
        return "not queued: the day is not over"
    return _queue(finding, finding.why, run) if finding.do is Do.QUEUE else ""


def _over(finding: Finding, today: date) -> bool:
    """Say whether the day of a payment is over, so that CMI's list of it is whole."""
    paid_at = finding.order.paid_at if finding.order else None
    return paid_at is None or day_of(paid_at) < today


def _settle(finding: Finding, line: Captured, order: Order, run: Run) -> str:
    """Make an order PAID by CMI's list, under everyone's conditions."""
    row = run.noted.get(finding.key, {})
    if "queued_why" in row and "waits" not in row:
        return _queue(finding, BY_A_PERSON, run)
    if run.dry:
        why = _hindrance(line, order)
        return _queue(finding, why, run) if why else "would be settled"
    now = outside.now()
    word = Word(WHO, finding.why, line.trans_id, _sane(line.at, order, now))
    if not moves.move(order, OrderState.PAID, word, now):
        why = _hindrance(line, order) or "somebody was faster: compare again"
        return _queue(finding, why, run)
    settled(order.reference, line.trans_id)
    return "settled: paid"


def _hindrance(line: Captured, order: Order) -> str:
    """Say what stands in the way of an order that CMI captured, as it stands now; "" if nothing."""
    now, dues = aws_orders.for_checkout(order.reference, order.registration_number, order.due_ids)
    if now is None or (now.state, now.trans_id) != (order.state, order.trans_id):
        return f"it became {now.state if now else 'unknown'} meanwhile: compare again"
    captured = f"CMI captured {amount(line.amount_centimes)}"
    if line.trans_id != order.trans_id:
        _, told = aws_orders.for_verdict(order.reference, line.trans_id, APPROVED)
        if told:
            return f"{captured}, though its approval was refused here: refund"
    if order.state is not OrderState.CAPTURING and not dues_free(order, dues):
        return f"{captured}, and a quarter of it is paid or being paid otherwise: refund"
    return ""


def _sane(at: datetime, order: Order, now: datetime) -> datetime:
    """Give the instant of a capture, never before its order nor to come: lists may tell days."""
    return min(max(at, order.started_at), now)


def _queue(finding: Finding, why: str, run: Run) -> str:
    """Queue a finding, unless the very same was closed before."""
    if run.dry:
        done = matters.closed(run.noted.get(finding.key, {}), why)
        return CLOSED if done else f"would be queued: {why}"
    opened = matters.open_matter(finding.reference, finding.trans_id, why, outside.now())
    return f"queued: {why}" if opened else CLOSED
