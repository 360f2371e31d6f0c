"""Settles what a verdict alone does not: proofs, releases, expiry (stream and schedule).

Once an hour it forgets what is no longer to be kept.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.settlement import api, retention
from functions.settlement.batch import Batch, waiting
from functions.settlement.settings import Settings
from functions.shared import journal, outside, settings, start
from functions.shared.aws import table

logger, metrics = journal.opened()


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Settle what a batch of the stream brings, or all that has waited until now.

    While the table waits to be compared with CMI's lists, what waits is counted and left alone.
    """
    told = settings.read(Settings)
    frozen = told.payments == "frozen"
    if event.get("forget"):
        if not frozen:
            retention.sweep(told, context, logger, metrics)
        return {}
    batch = Batch(api.access(told, outside.now()), context, logger, metrics)
    if "Records" in event:
        batch.stream(() if frozen else map(_key, event["Records"]))
    else:
        batch.sweep(() if frozen else waiting())
        batch.count_queue()
    batch.report()
    return {"batchItemFailures": []}


def _key(record: dict[str, Any]) -> table.Key:
    keys = table.plain(record["dynamodb"]["Keys"])
    return keys["pk"], keys["sk"]


start.ready(lambda: settings.read(Settings), table.client)
