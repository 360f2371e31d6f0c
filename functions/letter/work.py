"""What the stream and SES bring: receipts to sign, letters to send, news of letters."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.letter.settings import Settings
from functions.shared import outside, settings, web
from functions.shared.aws import letters, mail, orders, rows, signing, table
from functions.shared.aws import work as index
from functions.shared.rules import receipts
from functions.shared.rules.errors import Cancelled, Problem
from functions.shared.rules.letters import AFTER, fits
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.references import fault
from functions.shared.rules.settlement import AFTER_A_BREAK, FIRST_DAY_TRIES
from functions.shared.rules.work import SHARDS, shard

Json = Mapping[str, Any]
MOST_A_SHARD = 10
# What leaves a letter unsent, to be tried again.
LEFT = ("held", "broken")
# One letter's signature, PDF and SES call, each up to its time-out.
RESERVE_MILLISECONDS = 9_000


def batch(records: Sequence[Json], logger: Logger, metrics: Metrics) -> dict[str, Any]:
    """Handle each record by itself; name those to be brought again, so one stops no other."""
    failed = []
    for record in records:
        try:
            row = table.plain(record["dynamodb"]["NewImage"])
            done = paid(rows.order(row)) if row["sk"] == "ORDER" else asked(row)
            _count(done, _age_seconds(row), metrics)
        except Exception as error:  # noqa: BLE001 - told, and brought again by the stream
            web.tell_broken(error, logger, metrics)
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    metrics.flush_metrics()
    return {"batchItemFailures": failed}


def paid(order: Order) -> str:
    """Sign a paid order's receipt and send its letter; give in a word what was done.

    The claim makes both happen once, however often the stream brings the order. It is the last
    step before SES, so a letter that could not be written is still wanted. A time-out of SES
    leaves the letter claimed: nobody knows whether it left, so nobody sends a second one.
    """
    signed = replace(order, proof=_proof(order))
    try:
        if order.email is None:
            letters.store_proof(order.reference, signed.proof or "")
            return "signed"
        raw = _written(signed, orders.FIRST, "paid", receipts.receipt_of(signed))
        letters.claim(order.reference, orders.FIRST, outside.now(), signed.proof)
    except Cancelled:
        return "repeated"
    return _send(signed, orders.FIRST, raw)


def asked(row: table.Row) -> str:
    """Send a letter that is not sent with its payment, or that waits too long for it."""
    letter = rows.letter(row)
    payment = orders.payment(row["pk"].removeprefix("ORDER#"))
    if payment is None:
        raise LookupError("a letter of no order")
    order = payment.order
    if not fits(letter.kind, order.state):
        index.finish((row["pk"], row["sk"]), outside.now(), seen=row)
        return "outdated"
    if order.state is OrderState.PAID and not order.proof:
        return paid(order)
    if order.email is None:
        # Its address was forgotten since it was wanted: there is nowhere to send it.
        index.finish((row["pk"], row["sk"]), outside.now(), seen=row)
        return "outdated"
    of_payment = letter.kind in ("paid", "copy")
    at = order.paid_at if of_payment and order.paid_at else letter.at
    raw = _written(order, letter.name, letter.kind, receipts.facts(order, at))
    try:
        letters.claim(order.reference, letter.name, outside.now())
    except Cancelled:
        return "repeated"
    return _send(order, letter.name, raw, row.get("tries", 0))


def sweep(context: LambdaContext, logger: Logger, metrics: Metrics) -> dict[str, Any]:
    """Do what the stream lost: sign, send, and send again where SES never said a word."""
    now, oldest = outside.now(), 0.0
    for number in range(SHARDS):
        for key in index.due(shard("MAIL", number), now, MOST_A_SHARD):
            # Whoever is stopped after a claim leaves a letter of which nobody knows.
            if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
                break
            try:
                done = _swept(key, now)
            except Exception as error:  # noqa: BLE001 - told, and tried again at a later sweep
                web.tell_broken(error, logger, metrics)
                done = _put_off(key, now)
            age = _age_seconds(_row(key)) if done in ("sent", *LEFT) else 0.0
            _count(done, age, metrics)
            oldest = max(oldest, age if done in LEFT else 0)
    metrics.add_metric("OldestLetter", MetricUnit.Seconds, oldest)
    metrics.flush_metrics()
    return {}


def _count(done: str, age_seconds: float, metrics: Metrics) -> None:
    """Count what was done, and how long a letter that left was waited for."""
    metrics.add_metric(f"Letter.{done}", MetricUnit.Count, 1)
    if done == "sent":
        metrics.add_metric("LetterDelay", MetricUnit.Seconds, age_seconds)


def _row(key: table.Key) -> table.Row:
    with suppress(Problem):
        return table.get(key) or {}
    return {}


def _age_seconds(row: table.Row) -> float:
    """Give how long ago a letter came to be owed; nothing where that is not known."""
    since = row.get("paid_at") or row.get("at")
    return (outside.now() - datetime.fromisoformat(since)).total_seconds() if since else 0


def _swept(key: table.Key, now: datetime) -> str:
    row = _waiting(key)
    if row is None:
        return "repeated"
    if row.get("tries", 0) >= FIRST_DAY_TRIES:
        index.enqueue(key, "it failed again and again for a day", now, seen=row)
        return "queued"
    if key[1] == "ORDER":
        return paid(rows.order(row))
    if row.get("sends", 0) >= letters.MOST_SENDS:
        index.enqueue(key, "SES never said what became of it", now, seen=row)
        return "queued"
    return asked(row)


def _put_off(key: table.Key, now: datetime) -> str:
    """Leave what broke for ten minutes; after a day it is the operator's."""
    with suppress(Problem):
        row = _waiting(key)
        if row:
            index.postpone(key, max(row.get("tries", 0), AFTER_A_BREAK), now, seen=row)
    return "broken"


def _waiting(key: table.Key) -> table.Row | None:
    """Read a row that waits for this function, and for nobody else by now."""
    row = table.get(key)
    return row if row and str(row.get("waits", "")).startswith("MAIL#") else None


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


def _written(order: Order, name: str, kind: str, facts: receipts.Receipt) -> bytes:
    """Write an order's letter of a name and kind, as it goes to SES."""
    from functions.letter.compose import compose  # noqa: PLC0415 - brings typst
    from functions.letter.mail import message  # noqa: PLC0415 - only a letter to send needs it
    from functions.letter.words import load  # noqa: PLC0415 - likewise

    told, to = settings.read(Settings), order.email or ""
    letter = compose(kind, facts, load(order.language), told.portal_url)
    return message(letter, told.mail_from, to, order.reference, name, outside.now())


def _send(order: Order, name: str, raw: bytes, tries: int = 0) -> str:
    """Hand a claimed letter to SES, once; `tries`: how often SES was too busy for it before."""
    told, to = settings.read(Settings), order.email or ""
    tags = {"oid": order.reference, "letter": name}
    try:
        message_id = mail.send(raw, told.mail_from, to, told.configuration_set, **tags)
    except mail.BusyError:
        letters.hold(order.reference, name, tries, outside.now())
        return "held"
    except mail.RefusedError:
        letters.refused(order.reference, name, outside.now())
        return "refused"
    letters.sent(order.reference, name, message_id, outside.now())
    return "sent"
