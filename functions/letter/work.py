"""Paid orders that the stream brings: sign the receipt, then send the letter, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.letter.settings import Settings
from functions.shared import outside, settings, web
from functions.shared.aws import mail, orders, rows, signing, table
from functions.shared.rules import receipts
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.orders import Order

FIRST = 1


def batch(records: Sequence[Mapping[str, Any]], logger: Logger, metrics: Metrics) -> dict[str, Any]:
    """Handle each record by itself; name those to be brought again, so one stops no other."""
    failed = []
    for record in records:
        try:
            news = paid(rows.order(table.plain(record["dynamodb"]["NewImage"])), outside.now())
            metrics.add_metric(f"Letter.{news}", MetricUnit.Count, 1)
        except Exception as error:  # noqa: BLE001 - told, and brought again by the stream
            web.tell_broken(error, logger, metrics)
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    metrics.flush_metrics()
    return {"batchItemFailures": failed}


def paid(order: Order, now: datetime) -> str:
    """Sign a paid order's receipt and send its letter; give in a word what was done.

    The claim makes both happen once, however often the stream brings the order. A time-out of
    SES leaves the letter claimed: nobody knows whether it left, so nobody sends a second one.
    """
    receipt = receipts.receipt_of(order)
    proof = _proof(receipt)
    try:
        if order.email is None:
            orders.store_proof(order.reference, proof)
            return "signed"
        orders.claim_letter(order.reference, FIRST, proof, now)
    except Cancelled:
        return "repeated"
    return _send(order, proof, now)


def _proof(receipt: receipts.Receipt) -> str:
    key = settings.read(Settings).signing_key
    text = receipts.payload(receipt)
    return receipts.proof(text, key, signing.sign(text, key))


def _send(order: Order, proof: str, now: datetime) -> str:
    from functions.letter.compose import compose  # noqa: PLC0415 - brings typst
    from functions.letter.mail import message  # noqa: PLC0415 - only a letter to send needs it
    from functions.letter.words import load  # noqa: PLC0415 - likewise

    told = settings.read(Settings)
    receipt = replace(receipts.receipt_of(order), proof=proof)
    letter = compose("paid", receipt, load(order.language), told.portal_url)
    raw = message(letter, told.mail_from, order.email or "", order.reference, now)
    try:
        message_id = mail.send(raw, told.mail_from, order.email or "", order.reference)
    except mail.RefusedError:
        orders.letter_refused(order.reference, FIRST, now)
        return "refused"
    orders.letter_sent(order.reference, FIRST, message_id, now)
    return "sent"
