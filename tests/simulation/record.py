"""The record of a long run, for `docs/promises.md`: figures that the run itself wrote."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.simulation.batch import Report

FILE = Path(__file__).parents[2] / "docs" / "promises-run.json"


def keep(report: Report, seeds: range) -> Path:
    """Write a run's figures, all promises kept; give where."""
    figures = {
        "day": datetime.now(UTC).date().isoformat(),
        "worlds": report.worlds,
        "first_seed": seeds.start,
        "worlds_a_minute_and_core": report.rate,
        "cpu_minutes": round(report.cpu_seconds / 60),
        "invocations": report.invocations,
        "calls_to_aws": report.calls,
        "promises_broken": len(report.broken),
        "witnessed": dict(sorted(report.witnessed.items())),
    }
    FILE.write_text(json.dumps(figures, indent=2) + "\n")
    return FILE
