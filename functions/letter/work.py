"""What the stream and SES bring: receipts to sign, letters to send, news of letters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.letter.settings import Settings
from functions.shared import outside, settings, web
from functions.shared.aws import letters, mail, orders, rows, signing, table
from functions.shared.rules import receipts
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.letters import AFTER
from functions.shared.rules.orders import Order
from functions.shared.rules.references import fault

Json = Mapping[str, Any]


def batch(records: Sequence[Json], logger: Logger, metrics: Metrics) -> dict[str, Any]:
    """Handle each record by itself; name those to be brought again, so one stops no other."""
    failed = []
    for record in records:
        try:
            row = table.plain(record["dynamodb"]["NewImage"])
            done = paid(rows.order(row)) if row["sk"] == "ORDER" else asked(row)
            metrics.add_metric(f"Letter.{done}", MetricUnit.Count, 1)
        except Exception as error:  # noqa: BLE001 - told, and brought again by the stream
            web.tell_broken(error, logger, metrics)
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    metrics.flush_metrics()
    return {"batchItemFailures": failed}


def paid(order: Order) -> str:
    """Sign a paid order's receipt and send its letter; give in a word what was done.

    The claim makes both happen once, however often the stream brings the order. A time-out of
    SES leaves the letter claimed: nobody knows whether it left, so nobody sends a second one.
    """
    signed = replace(order, proof=_proof(order))
    try:
        if order.email is None:
            letters.store_proof(order.reference, signed.proof or "")
            return "signed"
        letters.claim(order.reference, orders.FIRST, outside.now(), signed.proof)
    except Cancelled:
        return "repeated"
    return _send(signed, orders.FIRST, "paid", receipts.receipt_of(signed))


def asked(row: table.Row) -> str:
    """Send a letter that somebody asked for after the payment was decided."""
    letter = rows.letter(row)
    payment = orders.payment(row["pk"].removeprefix("ORDER#"))
    if payment is None or (payment.order.paid_at and not payment.order.proof):
        raise LookupError("no order, or its receipt is not signed yet")
    try:
        letters.claim(payment.order.reference, letter.name, outside.now())
    except Cancelled:
        return "repeated"
    at = payment.order.paid_at if letter.kind == "copy" else letter.at
    return _send(
        payment.order, letter.name, letter.kind, receipts.facts(payment.order, at or letter.at)
    )


def news(detail: Json, logger: Logger, metrics: Metrics) -> dict[str, Any]:
    """Note what SES tells of a letter. Events come in any order, twice, or of nothing of ours."""
    tags = detail["mail"]["tags"]
    reference, name = tags.get("oid", [""])[0], tags.get("letter", [""])[0]
    state = AFTER.get(detail["eventType"])
    known = state is not None and fault(reference) is None and name.replace("-", "").isalnum()
    if state is not None and known:
        noted = letters.told(reference, name, state, outside.now())
        logger.info("news", extra={"oid": reference, "letter": state, "noted": noted})
        metrics.add_metric(f"Letter.{state}", MetricUnit.Count, 1)
        metrics.flush_metrics()
    return {}


def _proof(order: Order) -> str:
    key = settings.read(Settings).signing_key
    text = receipts.payload(receipts.receipt_of(order))
    return receipts.proof(text, key, signing.sign(text, key))


def _send(order: Order, name: str, kind: str, facts: receipts.Receipt) -> str:
    """Compose a claimed letter and hand it to SES, once."""
    from functions.letter.compose import compose  # noqa: PLC0415 - brings typst
    from functions.letter.mail import message  # noqa: PLC0415 - only a letter to send needs it
    from functions.letter.words import load  # noqa: PLC0415 - likewise

    told, now, to = settings.read(Settings), outside.now(), order.email or ""
    letter = compose(kind, facts, load(order.language), told.portal_url)
    raw = message(letter, told.mail_from, to, order.reference, now)
    tags = {"oid": order.reference, "letter": name}
    try:
        message_id = mail.send(raw, told.mail_from, to, told.configuration_set, **tags)
    except mail.RefusedError:
        letters.refused(order.reference, name, now)
        return "refused"
    letters.sent(order.reference, name, message_id, outside.now())
    return "sent"
