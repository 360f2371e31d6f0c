"""The record of long runs: figures that the runs themselves wrote, and `docs/promises.md` tells."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.simulation import witness
from tests.simulation.batch import Report

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# What decides how a seed's world goes: the same trees and the same seed replay it.
DECIDING = ("functions", "ops", "tests/simulation")
FILE, PAGE = DOCS / "promises-run.json", DOCS / "promises.md"
START, END = "<!-- figures of make simulate -->", "<!-- end of the figures -->"
RAREST = 6
TOLD = """
`make simulate WORLDS={worlds} FIRST={first_seed} RECORD=1`, {worlds_day}: **{worlds:,} worlds, {promises_broken} promises broken**, \
{invocations:,} invocations of the handlers and
{calls_to_aws:,} calls to AWS, in {cpu_minutes:,} minutes of a core ({worlds_a_minute_and_core:,} worlds a minute and core), \
on the git trees {worlds_of}. Each of the {cases} hard cases was met; the rarest:

{rarest}

`make simulate CRASHES=1 RECORD=1`, {points_day}: **{points:,} crash points, {points_broken} broken**: each request of \
{stories} short stories lost, applied
with its answer lost, or followed by a crash, once and for good, and every two of them, on {points_of}.
"""


def code() -> str:
    """Name the code that a run is of by its git trees; raise SystemExit where it is in no commit."""
    if _git("status", "--porcelain", "--", *DECIDING):
        raise SystemExit(f"commit {' and '.join(DECIDING)} first: a record names the code that ran")
    return ", ".join(f"`{name}` {_git('rev-parse', f'HEAD:{name}')[:10]}" for name in DECIDING)


def _git(*words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True, text=True)
    return ran.stdout.strip()


def worlds(report: Report, seeds: range, of: str) -> None:
    """Keep a run's figures. `of`: the code that ran."""
    _keep({
        "worlds_of": of,
        "worlds_day": _today(),
        "worlds": report.worlds,
        "first_seed": seeds.start,
        "worlds_a_minute_and_core": report.rate,
        "cpu_minutes": round(report.cpu_seconds / 60),
        "invocations": report.invocations,
        "calls_to_aws": report.calls,
        "promises_broken": len(report.broken),
        "witnessed": dict(sorted(report.witnessed.items())),
    })  # fmt: skip


def crash_points(points: int, broken: int, stories: int, of: str) -> None:
    """Keep how many crash points there are, and how many broke a promise. `of`: as above."""
    _keep({
        "points_of": of,
        "points_day": _today(),
        "points": points,
        "points_broken": broken,
        "stories": stories,
    })  # fmt: skip


def told(figures: dict[str, Any]) -> str:
    """Give the page's paragraphs of both runs."""
    met = sorted(figures["witnessed"].items(), key=lambda one: (one[1], one[0]))
    rarest = "\n".join(f"- in {count:,} worlds: {what}" for what, count in met[:RAREST])
    text = TOLD.format(cases=len(witness.wanted()), rarest=rarest, **figures)
    return f"{START}{text}{END}"


def page(figures: dict[str, Any]) -> str:
    """Give the page with the figures between their marks; raise ValueError without marks."""
    before, start, rest = PAGE.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{PAGE.name} has no place for the figures")
    return before + told(figures) + after


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _keep(part: dict[str, Any]) -> None:
    """Write a run's figures beside those of the other kind, and both into the page."""
    figures = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    figures |= part
    FILE.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    if "points" in figures and "worlds" in figures:
        PAGE.write_text(page(figures), "utf-8")
