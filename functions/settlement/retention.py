"""What is to be forgotten by now: addresses of payers, and payments that CMI never saw."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.settlement.settings import Settings
from functions.shared import outside, web
from functions.shared.aws import retention, table, work
from functions.shared.rules.work import SHARDS, Who, shard

MOST_A_SHARD = 100
# A step is a read or two and a write; whoever is stopped in it has lost nothing.
RESERVE_MILLISECONDS = 10_000
# A row that breaks is looked at again the next day, and stands in nobody's way until then.
LATER = timedelta(days=1)


def sweep(told: Settings, context: LambdaContext, logger: Logger, metrics: Metrics) -> None:
    """Forget what is old enough, oldest first, each by itself; the next hour takes the rest."""
    now = outside.now()
    steps: tuple[tuple[Who, int, Callable[[table.Row, datetime], bool], str], ...] = (
        ("FORGET", told.email_days, retention.forget, "Forgotten"),
        ("STRIP", told.abandoned_days, retention.strip, "Stripped"),
    )
    for who, days, erase, name in steps:
        count = 0
        for key in _rested(who, now - timedelta(days=days), context):
            try:
                count += _erased(key, who, erase, now)
            except Exception as error:  # noqa: BLE001 - told, and tried again the next day
                web.tell_broken(error, logger, metrics)
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.flush_metrics()


def _rested(who: Who, since: datetime, context: LambdaContext) -> Iterator[table.Key]:
    """Give the orders that rest since then or longer, while there is time."""
    for number in range(SHARDS):
        for key in work.due(shard(who, number), since, MOST_A_SHARD):
            if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
                return
            yield key


def _erased(
    key: table.Key, who: Who, erase: Callable[[table.Row, datetime], bool], now: datetime
) -> bool:
    """Erase from one row if it still rests there; put it off by a day where that breaks."""
    row = table.get(key)
    if row is None or not str(row.get("waits", "")).startswith(f"{who}#"):
        return False
    try:
        return erase(row, now)
    except Exception:
        later = datetime.fromisoformat(row["waits_at"]) + LATER
        work.postpone(key, 0, now, seen=row, until=later)
        raise
