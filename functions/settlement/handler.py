"""Settles what a verdict alone does not: proofs, releases, expiry (stream and schedule)."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.settlement import work
from functions.settlement.api import Api
from functions.settlement.settings import Settings
from functions.settlement.xml import Credentials
from functions.shared import outside, settings, web
from functions.shared.aws import secrets, table
from functions.shared.aws import work as index
from functions.shared.rules.errors import Problem
from functions.shared.rules.work import SHARDS, shard

logger, metrics = Logger(), Metrics()
MOST_A_SHARD = 25
# What breaks is looked at again after ten minutes.
AFTER_A_BREAK = 3
# A sweep stops here and leaves the rest to the next one, a minute later.
RESERVE_MILLISECONDS = 15_000


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Settle what a batch of the stream brings, or all that has waited until now."""
    told = settings.read(Settings)
    api = _api(told)
    records = event.get("Records")
    keys: Iterable[table.Key] = _waiting() if records is None else map(_key, records)
    counts: dict[str, int] = {}
    for key in keys:
        if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
            break
        done = _settled(key, api)
        counts[done] = counts.get(done, 0) + 1
    if api and api.shut:
        metrics.add_metric("StatusApiRefused", MetricUnit.Count, 1)
    logger.info("settled", extra={"counts": counts})
    if metrics.metric_set:
        metrics.flush_metrics()
    return {"batchItemFailures": []}


def _settled(key: table.Key, api: Api | None) -> str:
    """Settle one matter; one that breaks is postponed and stops no other."""
    try:
        step = work.settle(key, api)
    except Exception as error:  # noqa: BLE001 - told, and tried again later
        web.tell_broken(error, logger, metrics)
        with suppress(Problem):
            index.postpone(key, AFTER_A_BREAK, outside.now())
        return "broken"
    if step.page:
        metrics.add_metric("Page", MetricUnit.Count, 1)
        logger.warning("page", extra={"oid": key[0].removeprefix("ORDER#"), "why": step.why})
    return step.do


def _key(record: dict[str, Any]) -> table.Key:
    keys = table.plain(record["dynamodb"]["Keys"])
    return keys["pk"], keys["sk"]


def _waiting() -> Iterator[table.Key]:
    """Give what waits, shard by shard; each minute begins with another shard."""
    now = outside.now()
    for number in range(SHARDS):
        partition = shard("WORK", (number + now.minute) % SHARDS)
        yield from index.due(partition, now, MOST_A_SHARD)


def _api(told: Settings) -> Api | None:
    if told.status_api == "off":
        return None
    password = secrets.read(told.status_api_secret, outside.now()).current
    name, _, word = password.partition(":")
    return Api(told.status_api_url, told.status_api, Credentials(told.merchant_id, name, word))
