"""Control code; registration number to dues; session renewal."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.lookup import listing
from functions.lookup.api import (
    CodeAnswer,
    CodeRequest,
    FirstLookup,
    Health,
    ProofOfWork,
    Renewal,
)
from functions.shared import VERSION, journal, outside, settings, start, web
from functions.shared.aws import dues, secrets, table
from functions.shared.rules import control
from functions.shared.rules.errors import Problem
from functions.shared.rules.tokens import Session, Ticket, anonymous

logger, metrics = journal.opened()
app = web.application(logger, metrics)
LARGEST_REPORT_BYTES = 16 * 1024


class Settings(settings.Serving):
    """What the look-up is told besides what all functions are."""

    fees: settings.Fees
    proof_doublings: int


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API."""
    settings.read(Settings)
    return web.serve(app, metrics, event, context)


@app.post("/api/control-code")
def control_code() -> Response[str]:
    """Show a code. Nothing is stored but the address's count."""
    web.parse(app.current_event, CodeRequest)
    now = outside.now()
    secret = _secrets(now)[0]
    wrong = dues.count_code(anonymous(web.address(app.current_event), secret), now)
    most = control.most_for(wrong, settings.read(Settings).proof_doublings)
    shown = control.ticket(outside.random_bytes(control.RANDOM_BYTES), most, now)
    metrics.add_metric("ControlCode", MetricUnit.Count, 1)
    return web.answer(
        CodeAnswer(
            ticket=shown.sealed(secret),
            control_code=shown.code,
            expires_in_seconds=shown.expires - int(now.timestamp()),
            proof=ProofOfWork(salt=shown.salt, challenge=shown.challenge, maxnumber=shown.most),
        )
    )


@app.post("/api/lookup")
def lookup() -> Response[str]:
    """List what a number owes, to whoever copied the code or still holds a session."""
    request = web.parse(app.current_event, FirstLookup, Renewal)
    now = outside.now()
    session = _renewed(request, now) if isinstance(request, Renewal) else _begun(request, now)
    found, started = dues.of_number(session.number)
    loaded_at = listing.data_time(now)
    fees = settings.read(Settings).fees
    answer = listing.answer(session, found, started, fees, loaded_at, now)
    _report(listing.unfit(found))
    metrics.add_metric("Lookup", MetricUnit.Count, 1)
    return web.answer(answer.model_copy(update={"session": session.sealed(_secrets(now)[0])}))


def _begun(request: FirstLookup, now: datetime) -> Session:
    """Burn the control code, whatever the outcome, and begin a session if it was right."""
    secrets_ = _secrets(now)
    ticket = Ticket.opened(request.ticket, secrets_)
    if ticket is None or web.later(app.current_event, now).timestamp() >= ticket.expires:
        raise Problem("control_code_expired")
    right = control.same_code(ticket, request.control_code)
    proved = control.proved(ticket, request.proof.number)
    address = anonymous(web.address(app.current_event), secrets_[0])
    random = outside.random_bytes(dues.NONCE_BYTES)
    dues.spend_ticket(ticket.id, address, random, now, right=right and proved)
    if not right:
        raise Problem("control_code_wrong")
    if not proved:
        raise Problem("proof_wrong")
    return Session.begun(request.registration_number, now)


def _renewed(request: Renewal, now: datetime) -> Session:
    session = Session.opened(request.session, _secrets(now))
    if session is None or web.later(app.current_event, now).timestamp() >= session.expires:
        raise Problem("session_expired")
    return session.renewed(now)


def _secrets(now: datetime) -> list[bytes]:
    return secrets.read(settings.read(Settings).token_secret, now).secrets(now)


def _report(unfit: int) -> None:
    """Tell operations of dues that cannot be offered; never whose they are."""
    if unfit:
        metrics.add_metric("UnfitDues", MetricUnit.Count, unfit)
        logger.warning("dues that cannot be paid", extra={"count": unfit})


@app.get("/api/health")
def health() -> Response[str]:
    """Say that the API is up, and which version of it."""
    return web.answer(Health(version=VERSION))


@app.post("/api/csp")
def csp() -> Response[str]:
    """Count a page's report of something that the content policy blocked."""
    web.body(app.current_event, LARGEST_REPORT_BYTES)
    metrics.add_metric("CspReport", MetricUnit.Count, 1)
    return Response(204, headers=dict(web.HEADERS))


start.ready(lambda: settings.read(Settings), table.client, secrets.client)
