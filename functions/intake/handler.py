"""Loads a file of dues that the fund's core system drops in S3."""

from datetime import datetime
from io import BytesIO
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime, TypeAdapter

from functions.intake.loading import LARGEST_BYTES, TOO_LARGE, Tally, finished, load, rejects_file
from functions.shared import journal, outside, settings, start
from functions.shared.aws import files, table

logger, metrics = journal.opened()
DROPPED, REJECTS = "dues/", "rejects/"
WHO = "intake"
_ISSUED = TypeAdapter(AwareDatetime)


def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Load the object that EventBridge tells of ("Object Created"), and write its refused lines.

    Loading again changes nothing, so a run that was cut short is simply run again. The event's
    time is when the file was dropped, however late the event comes: a newer file is not undone.
    """
    settings.read(settings.Settings)
    # Whoever brings a file by hand, without an event of S3's, brings it now.
    now = outside.now()
    issued_at = min(_ISSUED.validate_python(event["time"]), now) if "time" in event else now
    bucket, key = event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]
    name = key.removeprefix(DROPPED)
    tally = _loaded(files.read(bucket, key, LARGEST_BYTES), name, issued_at)
    files.write(bucket, f"{REJECTS}{name}.rejects.csv", rejects_file(tally.rejects))
    if not tally.unusable:
        finished(tally, name, WHO, issued_at)
    _report(tally)
    return {}


def _loaded(content: bytes | None, name: str, issued_at: datetime) -> Tally:
    tally = Tally()
    if content is None:
        tally.add(TOO_LARGE)
        return tally
    for found in load(BytesIO(content), name, issued_at):
        tally.add(found)
    return tally


def _report(tally: Tally) -> None:
    """Count; page somebody for a file of which nothing was read."""
    counts = {
        "DuesLoaded": tally.loaded, "DuesUnchanged": tally.unchanged, "DuesKept": tally.kept,
        "DuesOutdated": tally.outdated, "LinesRejected": tally.rejected,
        "Page": int(tally.unusable),
    }  # fmt: skip
    for name, count in counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    logger.info("intake", extra={"counts": counts})
    metrics.flush_metrics()


start.ready(lambda: settings.read(settings.Settings), table.client, files.client)
