"""Lighthouse's phone on the four pages that matter, in French and Arabic; for `make test-all`.

Scores are of Lighthouse's simulated phone and line (150 ms, 1.6 Mbit/s), which it computes from
what it loaded, not from this machine's speed. Figures go to `docs/lighthouse.json`.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHROMIUM, SWITCHES
from tests.pages.portal import ROOT
from tests.quality.edge import built, served

PROGRAM = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
FIGURES = ROOT / "docs" / "lighthouse.json"
FIRST_PAINT_MS = 1_000
PAGES = ["", "assure/", "assure/creance/", "assure/recu/"]
# What a payer's own page is kept out of, search engines score it down for.
NO_INDEX = ("assure/creance/", "assure/recu/")
SCORES = ("performance", "accessibility", "best-practices", "seo")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built(tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module")
def figures() -> Iterator[dict[str, dict[str, float]]]:
    """Gather what was measured; write it once all pages were."""
    gathered: dict[str, dict[str, float]] = {}
    yield gathered
    if len(gathered) == 2 * len(PAGES):
        FIGURES.write_text(json.dumps(gathered, indent=1) + "\n")


def report(address: str, *more: str) -> Any:  # noqa: ANN401 - Lighthouse's own JSON
    """Let Lighthouse look at a page; give its report."""
    assert PROGRAM.is_file(), "Lighthouse is not installed: `make test-all` does it"
    chrome = f"--chrome-flags=--headless {' '.join(SWITCHES)}"
    command = ["node", str(PROGRAM), address, "--quiet", "--output=json", chrome, *more]
    browser = {**os.environ, "CHROME_PATH": CHROMIUM}
    done = subprocess.run(
        command, env=browser, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_page(origin: str, figures: dict[str, dict[str, float]], language: str, path: str) -> None:
    """The page has full marks, paints within a second, and nothing on it moves."""
    told = report(f"{origin}/{language}/{path}")
    scores = {name: round(told["categories"][name]["score"] * 100) for name in SCORES}
    audits = told["audits"]
    measured = {
        "first_paint_ms": round(audits["first-contentful-paint"]["numericValue"]),
        "largest_paint_ms": round(audits["largest-contentful-paint"]["numericValue"]),
        "blocking_ms": round(audits["total-blocking-time"]["numericValue"]),
        "shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
        "bytes": audits["total-byte-weight"]["numericValue"],
    }
    figures[f"{language}/{path}"] = {**scores, **measured}
    if path in NO_INDEX:
        del scores["seo"]
        assert audits["is-crawlable"]["score"] == 0
    assert set(scores.values()) == {100}, scores
    assert measured["first_paint_ms"] <= FIRST_PAINT_MS
    assert measured["shift"] <= 0.01


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_slow_line(origin: str, language: str) -> None:
    """At 400 ms and 400 kbit/s the number can be typed within five seconds."""
    slow = ["--throttling.rttMs=400", "--throttling.throughputKbps=400"]
    told = report(f"{origin}/{language}/assure/", "--only-categories=performance", *slow)
    assert told["audits"]["interactive"]["numericValue"] <= 5_000
