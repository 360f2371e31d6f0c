"""Dues to an order, and the signed form that takes the payer to CMI."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.checkout import ordering
from functions.checkout.api import CheckoutAnswer, CheckoutRequest, Gateway
from functions.shared import journal, outside, settings, start, web
from functions.shared.aws import orders, secrets, table
from functions.shared.rules.cmi.form import Merchant, signed_form
from functions.shared.rules.errors import Problem
from functions.shared.rules.orders import Order
from functions.shared.rules.pairs import pair_for, said
from functions.shared.rules.references import reference_for
from functions.shared.rules.tokens import Session, anonymous
from functions.shared.shown import ShownLine

logger, metrics = journal.opened()
app = web.application(logger, metrics)


class Settings(settings.Offering):
    """What the checkout is told besides what all functions are."""

    fees: settings.Fees
    store_key_secret: str
    portal_url: str
    gateway_url: str
    merchant_id: str
    line_items: Literal["on", "off"]

    @property
    def merchant(self) -> Merchant:
        """What the fund is to CMI."""
        return Merchant(self.merchant_id, self.portal_url, self.line_items == "on")


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event of the HTTP API."""
    settings.read(Settings)
    return web.serve(app, metrics, event, context)


@app.post("/api/checkout")
def checkout() -> Response[str]:
    """Make an order of the chosen dues, or find the one that the same key made before."""
    request = web.parse(app.current_event, CheckoutRequest)
    now, told = outside.now(), settings.read(Settings)
    if told.payments != "open":
        raise Problem("closed")
    secret = secrets.read(told.token_secret, now).secrets(now)
    number = _number(request, secret, now)
    reference = reference_for(request.key, secret[0])
    before, dues = orders.for_checkout(reference, number, request.due_ids)
    keys = dict(secrets.read(told.store_key_secret, now).accepted(now))
    if before is None:
        new = ordering.new_order(
            request, reference, number, dues, told.fees, next(iter(keys)),
            outside.random_bytes(ordering.RND_BYTES), now,
        )  # fmt: skip
        new = replace(new, pair=pair_for(reference, secret[0]))
        before = orders.start(new, anonymous(web.address(app.current_event), secret[0]))
        metrics.add_metric("PaymentStarted", MetricUnit.Count, 1)
        logger.info("started", extra={"oid": new.reference})
    order = ordering.repeated(before, request, number, now)
    if order.key_id not in keys:
        raise Problem("order_closed")
    return web.answer(_answer(order, told, keys[order.key_id], now), status=201)


def _number(request: CheckoutRequest, secret: list[bytes], now: datetime) -> str:
    session = Session.opened(request.session, secret)
    if session is None or web.later(app.current_event, now).timestamp() >= session.expires:
        raise Problem("session_expired")
    return session.number


def _answer(order: Order, told: Settings, store_key: str, now: datetime) -> CheckoutAnswer:
    return CheckoutAnswer(
        reference=order.reference,
        words=said(order.pair, order.language) if order.pair else None,
        lines=[ShownLine.of(line) for line in order.lines],
        total_centimes=order.total_centimes,
        item_count=order.item_count,
        card_origin=order.card_origin,
        form_expires_in_seconds=int((order.form_until - now).total_seconds()),
        gateway=Gateway(url=told.gateway_url, fields=signed_form(order, told.merchant, store_key)),
    )


start.ready(
    table.client, lambda: secrets.check(settings.read(Settings).store_key_secret, outside.now())
)
