"""Tries the portal every few minutes through its public address, and says whether it works."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.canary import probes
from functions.canary.settings import Settings
from functions.shared import journal, outside, settings, start
from functions.shared.aws import secrets, table

logger, metrics = journal.opened()


def handle(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Try everything once: 1 for each probe that was right, 0 and a line of log for another."""
    wrong = probes.run(settings.read(Settings), outside.now())
    for name, why in wrong.items():
        metrics.add_metric(name, MetricUnit.Count, int(not why))
        if why:
            logger.warning("probe", extra={"probe": name, "wrong": why})
    metrics.flush_metrics()
    return {}


start.ready(lambda: settings.read(Settings), table.client, secrets.client)
