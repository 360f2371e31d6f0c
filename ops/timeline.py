"""A payment's rows as one story: who did what when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from functions.shared.aws import rows, table
from functions.shared.rules.addresses import masked
from ops.screen import amount
from ops.words import queued, why

_ERASED = {
    "forgotten_at": "the payer's address was", "stripped_at": "number, quarters and amounts were",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a payment."""

    at: datetime
    what: str


def story(found: list[table.Row]) -> list[Moment]:
    """Give what the rows of one payment tell, oldest first; of one instant, causes first."""
    causes = sorted(found, key=lambda row: list(_TOLD).index(_kind(row)))
    moments = [moment for row in causes for moment in _TOLD[_kind(row)](row)]
    return sorted(moments, key=lambda moment: moment.at)


def _kind(row: table.Row) -> str:
    name = row["sk"].partition("#")[0]
    return name if name in _TOLD else ""


def _order(row: table.Row) -> Iterator[Moment]:
    order = rows.order(row)
    mail = f", letter to {masked(order.email)}" if order.email else ", no letter"
    for name, what in _ERASED.items():
        if name in row:
            mail = ""
            yield Moment(datetime.fromisoformat(row[name]), f"{what} erased")
    what = f"payment started: {amount(order.total_centimes)}, card {order.card_origin}{mail}"
    yield Moment(order.started_at, what)
    if order.decided_at:
        yield Moment(order.decided_at, f"accepted: transaction {order.trans_id}")
    if order.paid_at:
        yield Moment(order.paid_at, f"paid (evidence: {row.get('evidence', 'none')})")


def _attempt(row: table.Row) -> Iterator[Moment]:
    made = rows.attempt(row)
    said = "approved" if made.approved else f"declined ({made.reason}, {made.code})"
    if made.approved and made.reason:
        said = f"approved, refused by us ({made.reason})"
    yield Moment(made.at, f"CMI, transaction {made.trans_id}: {said}; we replied {made.reply}")


def _suspect(row: table.Row) -> Iterator[Moment]:
    made = rows.attempt(row)
    yield Moment(made.at, f"a message that was altered on its way; we replied {made.reply}")


def _letter(row: table.Row) -> Iterator[Moment]:
    letter = rows.letter(row)
    name = f"letter {letter.name} ({letter.kind})"
    yield Moment(letter.at, f"{name} wanted, asked by {row.get('asked', 'the payment')}")
    for column, what in (("claimed_at", "handed to SES"), ("sent_at", "taken by SES")):
        if column in row:
            yield Moment(datetime.fromisoformat(row[column]), f"{name} {what}")
    if "told_at" in row:
        yield Moment(datetime.fromisoformat(row["told_at"]), f"{name} {letter.state}, says SES")


def _event(row: table.Row) -> Iterator[Moment]:
    what = f"{row['what']} by {row['who']}: {row['why']}"
    yield Moment(datetime.fromisoformat(row["at"]), what)


def _matter(row: table.Row) -> Iterator[Moment]:
    if "queued_why" in row:
        state = "waits for the operator" if queued(row) else "closed since"
        yield Moment(datetime.fromisoformat(row["at"]), f"comparison: {why(row)} ({state})")
    if "found_in" in row:
        what = f"comparison: captured, in CMI's list of {row['found_in']}"
        yield Moment(datetime.fromisoformat(row["found_at"]), what)


def _nothing(_: table.Row) -> Iterator[Moment]:
    return iter(())


_TOLD = {
    "ATTEMPT": _attempt, "SUSPECT": _suspect, "ORDER": _order, "EVENT": _event,
    "LETTER": _letter, "MATTER": _matter, "": _nothing,
}  # fmt: skip
