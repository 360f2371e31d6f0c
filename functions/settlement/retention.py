"""What is to be forgotten by now: addresses of payers, and payments that CMI never saw."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.settlement.settings import Settings
from functions.shared import outside, web
from functions.shared.aws import retention, table, work
from functions.shared.rules.work import SHARDS, Who, shard, stamp

# An hour's time is over before this many; the next hour begins with another shard.
MOST_A_SHARD = 500
# A step is a read or two and a write; whoever is stopped in it has lost nothing.
RESERVE_MILLISECONDS = 10_000
# A row that breaks is looked at again the next day, and stands in nobody's way until then.
LATER = timedelta(days=1)


def sweep(told: Settings, context: LambdaContext, logger: Logger, metrics: Metrics) -> None:
    """Forget what is old enough, oldest first, each by itself; the next hour takes the rest."""
    now = outside.now()
    steps: tuple[tuple[Who, int, Callable[..., bool], str], ...] = (
        ("FORGET", told.email_days, retention.forget, "Forgotten"),
        ("STRIP", told.abandoned_days, retention.strip, "Stripped"),
    )
    for who, days, erase, name in steps:
        count = 0
        since = now - timedelta(days=days)
        for key in _rested(who, since, context):
            try:
                count += _erased(key, who, since, partial(erase, now=now))
            except Exception as error:  # noqa: BLE001 - told, and tried again the next day
                web.tell_broken(error, logger, metrics)
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.flush_metrics()


def _rested(who: Who, since: datetime, context: LambdaContext) -> Iterator[table.Key]:
    """Give the orders that rest since then or longer, while there is time."""
    for number in range(SHARDS):
        partition = shard(who, (number + since.hour) % SHARDS)
        for key in work.due(partition, since, MOST_A_SHARD):
            if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
                return
            yield key


def _erased(key: table.Key, who: Who, since: datetime, erase: Callable[[table.Row], bool]) -> bool:
    """Erase from one row if it has rested as long; put it off by a day where that breaks."""
    row = table.get(key)
    if row is None or not str(row.get("waits", "")).startswith(f"{who}#"):
        return False
    if row["waits_at"] > stamp(since):
        return False
    try:
        return erase(row)
    except Exception:
        work.postpone(key, 0, since, seen=row, until=since + LATER)
        raise
