"""Answers of the gateway's routes: CMI's plain words, and redirects to constant places."""

from aws_lambda_powertools.event_handler import Response

from functions.shared.rules.cmi.answer import APPROVED, Message, Reading
from functions.shared.rules.cmi.form import Merchant
from functions.shared.rules.decision import Reply, vouched
from functions.shared.rules.references import fault
from functions.shared.rules.tokens import handle

_COMMON = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def plain(reply: Reply) -> Response[str]:
    """Answer CMI with exactly these bytes."""
    return Response(200, "text/plain; charset=utf-8", str(reply), headers=dict(_COMMON))


def redirect(place: str) -> Response[str]:
    """Send the browser on by GET, telling the next page nothing of this address."""
    headers = _COMMON | {"Location": place, "Referrer-Policy": "no-referrer"}
    return Response(303, "text/plain; charset=utf-8", "", headers=headers)


def after_return(reading: Reading, merchant: Merchant, language: str, secret: bytes) -> str:
    """Say where a return leads: to the receipt if CMI vouches for it, else to the follow-up page.

    The handle opens a receipt, so the order's number must stand under its own name.
    """
    if not isinstance(reading, Message) or not vouched(reading, merchant):
        return follow_up(language)
    if fault(reading.oid) is not None:
        return follow_up(language)
    approved = reading.code == APPROVED and reading.get("Response") == "Approved"
    outcome = "ok" if approved else "fail"
    return f"/{language}/assure/recu/#h={handle(reading.oid, secret)}&r={outcome}"


def after_cancel(language: str) -> str:
    """Say where « Annuler » leads."""
    return f"/{language}/assure/transaction/#cancelled"


def follow_up(language: str) -> str:
    """Say where a payer can ask with reference and number."""
    return f"/{language}/suivi/"
