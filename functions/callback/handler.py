"""CMI's verdict, server to server; the browser's return and cancel.

The verdict's five steps end in the reply that decides the money, so nothing but the read and the
transaction stands on its path. The browser's two routes never change an order.
"""

from datetime import datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BeforeValidator

from functions.callback import browser
from functions.shared import journal, outside, settings, start, web
from functions.shared.aws import orders, secrets, table
from functions.shared.rules import probe, references
from functions.shared.rules.cmi.answer import LARGEST_BYTES, Forged, Message, Reading, read
from functions.shared.rules.cmi.form import Merchant
from functions.shared.rules.cmi.senders import Networks, among, networks
from functions.shared.rules.decision import Decision, Evidence, Reply, Save, decide
from functions.shared.rules.errors import Problem, Unavailable
from functions.shared.rules.languages import DEFAULT
from functions.shared.rules.orders import Attempt, Order, OrderState

logger, metrics = journal.opened()
app = web.application(logger, metrics)
_CONTESTS = 3


class Settings(settings.Offering):
    """What the callback is told besides what all functions are."""

    store_key_secret: str
    portal_url: str
    merchant_id: str
    evidence: Evidence
    gateway_addresses: Annotated[Networks, BeforeValidator(networks)]

    @property
    def merchant(self) -> Merchant:
        """What the fund is to CMI."""
        return Merchant(self.merchant_id, self.portal_url)


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API."""
    settings.read(Settings)
    return web.serve(app, metrics, event, context)


@app.post("/cmi/callback")
def callback() -> Response[str]:
    """Answer a verdict with one of CMI's three words."""
    if settings.read(Settings).payments == "frozen":
        raise Problem("closed")
    now = outside.now()
    reading = _reading(now)
    order, before = _load(reading)
    decision = _decide(reading, order, before)
    decision = _saved(reading, order, decision, now)
    _report(reading, decision)
    return browser.plain(decision.reply)


@app.get("/cmi/return")
@app.post("/cmi/return")
def returned() -> Response[str]:
    """Send the browser on to the receipt, or to the follow-up page where nothing vouches for it."""
    now = outside.now()
    reading = _reading(now)
    told = settings.read(Settings)
    secret = secrets.read(told.token_secret, now).secrets(now)[0]
    return browser.redirect(browser.after_return(reading, told.merchant, _language(), secret))


@app.get("/cmi/cancel")
@app.post("/cmi/cancel")
def cancelled() -> Response[str]:
    """Send the browser back to the recap, from which the payer can try again."""
    return browser.redirect(browser.after_cancel(_language()))


def _language() -> str:
    """Give the language that the browser comes back in, or the one for everybody else."""
    asked = app.current_event.query_string_parameters.get("l", "")
    return asked if asked in settings.read(Settings).languages else DEFAULT


def _reading(now: datetime) -> Reading:
    content = web.body(app.current_event, LARGEST_BYTES)
    content_type = web.header(app.current_event, "content-type")
    name = settings.read(Settings).store_key_secret
    keys = secrets.read(name, now)
    reading = read(content, content_type, keys.accepted(now))
    newer = secrets.read(name, now, doubted=True) if isinstance(reading, Forged) else keys
    return reading if newer == keys else read(content, content_type, newer.accepted(now))


def _load(reading: Reading) -> tuple[Order | None, Attempt | None]:
    if not isinstance(reading, Message) or references.fault(reading.oid) is not None:
        return None, None
    return orders.for_verdict(reading.oid, reading.trans_id, reading.code)


def _decide(
    reading: Reading, order: Order | None, before: Attempt | None, *, dues_free: bool = True
) -> Decision:
    told = settings.read(Settings)
    return decide(reading, order, before, told.merchant, told.evidence, dues_free=dues_free)


def _saved(reading: Reading, order: Order | None, decision: Decision, now: datetime) -> Decision:
    """Save what the decision leaves; give the decision that stands after it."""
    for _ in range(_CONTESTS):
        if decision.save is Save.NOTHING or order is None or not isinstance(reading, Message):
            return decision
        made = _attempt(reading, decision, now)
        if decision.state is None:
            stands = orders.keep(order, made, suspect=decision.save is Save.SUSPECT)
            return decision if stands is made else _decide(reading, order, stands)
        contest = _committed(order, decision.state, made, now)
        if contest is None:
            return decision
        # Somebody was faster: the same table, walked again with the facts as they now stand.
        order = contest.order
        decision = _decide(reading, order, contest.attempt, dues_free=contest.dues_free)
    return Decision("9 unknown", Reply.FAILURE, page=True)


def _committed(
    order: Order, after: OrderState, made: Attempt, now: datetime
) -> orders.Contest | None:
    """Commit a payment. Where the answer was lost, what stands in the table decides (row 9)."""
    try:
        return orders.pay(order, after, made, now)
    except Unavailable:
        stands, attempt = orders.for_verdict(order.reference, made.trans_id, made.code)
        if attempt is None or attempt.reply != Reply.CAPTURE:
            raise
        return orders.Contest(stands, attempt, dues_free=True)


def _attempt(message: Message, decision: Decision, now: datetime) -> Attempt:
    return Attempt(
        trans_id=message.trans_id,
        code=message.code,
        reply=decision.reply,
        approved=decision.release or decision.save is Save.PAYMENT,
        reason=decision.reason,
        at=now,
    )


def _report(reading: Reading, decision: Decision) -> None:
    """Count the row, and page somebody where the table says so."""
    probed = isinstance(reading, Message) and reading.oid == probe.REFERENCE and not decision.page
    row = decision.row.split()[0]
    metrics.add_metric("Probe" if probed else f"Verdict.{row}", MetricUnit.Count, 1)
    if decision.page:
        metrics.add_metric("Page", MetricUnit.Count, 1)
    elsewhere = isinstance(reading, Message) and not probed and not _from_cmi()
    if elsewhere:
        metrics.add_metric("VerdictElsewhere", MetricUnit.Count, 1)
    known = isinstance(reading, Message) and references.fault(reading.oid) is None
    oid = reading.oid if isinstance(reading, Message) and known else None
    said = {"row": decision.row, "reply": decision.reply, "oid": oid}
    logger.info("verdict", extra=said | ({"elsewhere": True} if elsewhere else {}))


def _from_cmi() -> bool:
    """Say whether the caller is where CMI said it calls from; only the signature decides."""
    return among(web.address(app.current_event), settings.read(Settings).gateway_addresses)


@app.exception_handler(Problem)  # type: ignore[untyped-decorator] # Powertools leaves it so
def failed(refusal: Problem) -> Response[str]:
    """Answer FAILURE to CMI, and the follow-up page to a browser, whatever went wrong."""
    metrics.add_metric("Refused", MetricUnit.Count, 1)
    logger.info("refused", extra={"code": refusal.code})
    return _fallback()


@app.exception_handler(Exception)  # type: ignore[untyped-decorator] # likewise
def broken(error: Exception) -> Response[str]:
    """Likewise, for what nobody foresaw."""
    web.tell_broken(error, logger, metrics)
    return _fallback()


def _fallback() -> Response[str]:
    if app.current_event.path == "/cmi/callback":
        return browser.plain(Reply.FAILURE)
    return browser.redirect(browser.follow_up(_language()))


start.ready(
    table.client, lambda: secrets.check(settings.read(Settings).store_key_secret, outside.now())
)
