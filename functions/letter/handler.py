"""Signs receipts, makes letters and sends them, hears of them; the PDF of a receipt."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.letter import work
from functions.letter.api import PdfByHandle, PdfByReference
from functions.letter.settings import Settings
from functions.shared import journal, outside, settings, start, web
from functions.shared.asked import asked_payment
from functions.shared.aws import mail, signing, table
from functions.shared.rules.errors import Problem
from functions.shared.rules.receipts import receipt_of

logger, metrics = journal.opened()
app = web.application(logger, metrics)


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API, the stream, the schedule, or SES."""
    frozen = settings.read(Settings).payments == "frozen"
    if event.get("source") == "aws.ses":
        return work.news(event["detail"], logger, metrics)
    if frozen and ("sweep" in event or "Records" in event):
        return {"batchItemFailures": []}
    if event.get("sweep"):
        return work.sweep(context, logger, metrics)
    if "Records" in event:
        return work.batch(event["Records"], logger, metrics)
    return web.serve(app, metrics, event, context)


@app.post("/api/receipt/pdf")
def pdf() -> Response[bytes]:
    """Give the receipt of a paid order as the PDF that its letter carries."""
    from functions.letter import document, words  # noqa: PLC0415 - only this route needs them

    request = web.parse(app.current_event, PdfByReference, PdfByHandle)
    payment = asked_payment(request, web.address(app.current_event), outside.now())
    order = payment.order
    if order.state != "paid" or order.proof is None:
        raise Problem("not_ready")
    language = request.language or order.language
    portal_url = settings.read(Settings).portal_url
    content = document.pdf(receipt_of(order), words.load(language), portal_url, "paid")
    name = f'attachment; filename="recu-{order.reference}.pdf"'
    headers = web.HEADERS | {"Content-Disposition": name}
    return Response(200, "application/pdf", content, headers=headers)


start.ready(lambda: settings.read(Settings), table.client, signing.client, mail.client)
