"""Loads a file of dues that the fund's core system drops in S3."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.intake.lines import parsed
from functions.intake.loading import LARGEST_BYTES, TOO_LARGE, Tally, load, rejects_file
from functions.shared import journal, outside, settings, start
from functions.shared.aws import dues, files, table

logger, metrics = journal.opened()
DROPPED, REJECTS = "dues/", "rejects/"


def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Load the object that EventBridge tells of ("Object Created"), and write its refused lines.

    Loading again changes nothing, so a run that was cut short is simply run again.
    """
    settings.read(settings.Settings)
    bucket, key = event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]
    name = key.removeprefix(DROPPED)
    tally = _loaded(files.read(bucket, key, LARGEST_BYTES), name)
    files.write(bucket, f"{REJECTS}{name}.rejects.csv", rejects_file(tally.rejects))
    if not tally.unusable:
        dues.put_data_time(outside.now())
    _report(tally)
    return {}


def _loaded(content: bytes | None, name: str) -> Tally:
    if content is None:
        return Tally(rejects=[TOO_LARGE])
    tally = Tally()
    for found in load(parsed(content.split(b"\n")), name):
        tally.add(found)
    return tally


def _report(tally: Tally) -> None:
    """Count; page somebody for a file of which nothing was read."""
    counts = {
        "DuesLoaded": tally.loaded, "DuesUnchanged": tally.unchanged, "DuesKept": tally.kept,
        "LinesRejected": len(tally.rejects), "Page": int(tally.unusable),
    }  # fmt: skip
    for name, count in counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    logger.info("intake", extra={"counts": counts})
    metrics.flush_metrics()


start.ready(lambda: settings.read(settings.Settings), table.client, files.client)
