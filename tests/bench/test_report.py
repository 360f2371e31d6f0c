"""What is told of a run: nothing that the run did not measure."""

import json
import re
from pathlib import Path

import pytest

from bench import figures, report
from bench.figures import Figure, Section, Table, Target

ROOT = Path(__file__).parents[2]
RESULTS = json.loads((ROOT / "docs" / "bench" / "results.json").read_text("utf-8"))


def test_the_page_is_the_run() -> None:
    """docs/bench.md says what the kept run measured, to the letter."""
    assert (ROOT / "docs" / "bench.md").read_text("utf-8") == report.page(RESULTS)


def test_the_readme_quotes_the_run() -> None:
    """Every figure of speed and cost in the README stands in the kept run's results."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert report.with_quotes(readme, RESULTS) == readme


def test_the_run_was_whole() -> None:
    """What is kept is a full run, with all its plots, on a machine that is not named."""
    assert RESULTS["quick"] is False
    assert set(RESULTS["machine"]) == {"processor", "cores", "memory", "system", "load before"}
    for file, _ in report.PLOTS.values():
        drawn = ROOT / "docs" / "bench" / file
        assert drawn.read_text("utf-8").startswith("<?xml")
        assert drawn.stat().st_size < 40_000


def test_missed_targets_are_argued() -> None:
    """The decision names every target that was missed, and none that is met for certain."""
    targets = [target for section in RESULTS["sections"] for target in section["targets"]]
    missed = {target["name"] for target in targets if not target["met"]}
    always, near = _named("Missed"), _named("Near their bound")
    assert missed - near == always
    assert near.isdisjoint(always)
    assert near <= {target["name"] for target in targets}


def _named(title: str) -> set[str]:
    """Give the targets that the decision's paragraph of a title names, one by one, as code."""
    said = (ROOT / report.DECISION).read_text("utf-8")
    _, found, after = said.partition(f"**{title}**")
    assert found, f"no paragraph says what is {title.lower()}"
    return set(re.findall("`([^`]+)`", after.partition("\n\n")[0]))


def test_a_readme_without_a_place() -> None:
    """Figures are never put anywhere but between their marks."""
    with pytest.raises(ValueError, match="no place"):
        report.with_quotes("# A project\n", RESULTS)


def test_kept_as_it_was() -> None:
    """A section comes back from its JSON as it went in."""
    table = Table("A table", ("one", "other"), (("row", (figures.of([1, 2, 4], "ms"), "none")),))
    target = Target("a bound", 1.5, 1.6, "×")
    section = Section("cold", "Cold", "About it.", [table], [target], {"ratio": 1.6})
    document = json.loads(json.dumps(figures.written(section)))
    assert figures.read(document) == section
    assert document["targets"][0]["met"] is False


def test_figures() -> None:
    """A figure shows its median with what lay around it; a count stands alone."""
    assert str(figures.of([3, 1, 2], "ms")) == "2 ms (1–3)"
    assert str(figures.count(1467.06, "DH")) == "1\N{NO-BREAK SPACE}467 DH"
    assert figures.ratio([2, 4, 6], [1, 2, 2]) == Figure(2, 2, 3, 3, "×")
    assert Target("worlds", 1500, 1600, at_most=False).met
