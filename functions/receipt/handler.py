"""State of a payment and its receipt, by handle or by reference and registration number."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.receipt.api import (
    AgainAnswer,
    AgainByHandle,
    AgainByReference,
    LetterNews,
    LetterState,
    ReceiptAnswer,
)
from functions.shared import journal, outside, settings, start, web
from functions.shared.asked import ByHandle, ByReference, Settings, asked_payment
from functions.shared.aws import letters as wanted
from functions.shared.aws import secrets, table
from functions.shared.aws.orders import Payment
from functions.shared.rules.addresses import masked as masked_address
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.letters import asked_again, corrected, newest
from functions.shared.rules.pairs import said
from functions.shared.rules.payment import told
from functions.shared.rules.receipts import discreet, masked
from functions.shared.shown import ShownLine

logger, metrics = journal.opened()
app = web.application(logger, metrics)
_LETTERS: dict[str, LetterState] = {
    "wanted": "waiting", "claimed": "waiting", "sent": "sent", "delivered": "delivered",
    "bounced": "bounced", "failed": "failed",
}  # fmt: skip


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API."""
    settings.read(Settings)
    return web.serve(app, metrics, event, context)


@app.post("/api/receipt")
def receipt() -> Response[str]:
    """Tell the payer what is known of a payment."""
    request = web.parse(app.current_event, ByReference, ByHandle)
    now = outside.now()
    payment = asked_payment(request, web.address(app.current_event), now)
    return web.answer(_answer(payment, now))


def _answer(payment: Payment, now: datetime) -> ReceiptAnswer:
    order = payment.order
    news = told(order, payment.attempts, now)
    return ReceiptAnswer(
        reference=order.reference,
        words=said(order.pair, order.language) if order.pair else None,
        state=news.state,
        reason=news.reason,
        lines=[ShownLine.of(line) for line in discreet(order)],
        total_centimes=order.total_centimes,
        card_origin=order.card_origin,
        started_at=order.started_at,
        paid_at=order.paid_at,
        check_again_in_seconds=news.check_again_in_seconds,
        until=news.until,
        until_in_seconds=max(0, int((news.until - now).total_seconds())) if news.until else None,
        registration_number=masked(order.registration_number),
        language=order.language,
        letter=_letter(payment),
        proof=order.proof,
    )


def _letter(payment: Payment) -> LetterNews:
    """Tell the newest letter's news; none where no address was given or none is owed yet."""
    email, last = payment.order.email, newest(payment.letters)
    if not email or (last is None and payment.order.decided_at is None):
        return LetterNews(state="none", to=None)
    state = _LETTERS[last.state] if last else "waiting"
    return LetterNews(state=state, to=masked_address(email))


@app.post("/api/receipt/letter")
def letter_again() -> Response[str]:
    """Have the letter sent again, marked as a copy; a handle may correct the address, once."""
    request = web.parse(app.current_event, AgainByReference, AgainByHandle)
    now = outside.now()
    if settings.read(Settings).payments == "frozen":
        raise Unavailable
    payment = asked_payment(request, web.address(app.current_event), now)
    order, letters = payment.order, payment.letters
    email = request.email if isinstance(request, AgainByHandle) else None
    name = corrected(order, letters) if email else asked_again(order, letters, now)
    if name is not None:
        wanted.want(order.reference, name, now, email)
    to = masked_address(email or order.email or "")
    return web.answer(AgainAnswer(letter=LetterNews(state="waiting", to=to)), status=202)


start.ready(lambda: settings.read(Settings), table.client, secrets.client)
