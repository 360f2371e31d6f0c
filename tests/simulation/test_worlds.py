"""Very many worlds against the real handlers: every promise, and every hard case met."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest

from tests.simulation import batch, coverage, witness
from tests.simulation.conftest import Figure
from tests.simulation.regressions import SEEDS

WORLDS = int(os.environ.get("WORLDS", witness.ENOUGH))
# So many parts that all processes of a run have their share until its end.
PARTS = 20


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """Give a folder that all processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = root / f"worlds-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("part", range(PARTS))
def test_worlds(part: int, printed: StringIO, shared: Path, figure: Figure) -> None:
    """In every world each payer is debited at most once, and what was paid is told and kept.

    The part that ends last looks at what all of them met: worlds without hard cases prove little.
    """
    report = batch.Report()
    for seed in range(part, WORLDS, PARTS):
        report.add(batch.lived(seed, printed)[1])
    told = [f"make simulate SEED={seed}: {broken}" for seed, broken in report.broken.items()]
    assert not told, "\n".join(told[:10])
    figure("worlds", (report.worlds, report.cpu_seconds, dict(report.witnessed)))
    (shared / f"{part}.part").write_text(json.dumps(sorted(report.witnessed)))
    (shared / f"{part}.part").rename(shared / f"{part}.json")
    parts = list(shared.glob("*.json"))
    if len(parts) == PARTS and WORLDS >= witness.ENOUGH:
        met = {what for one in parts for what in json.loads(one.read_text())}
        assert witness.missing(met) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_regressions(seed: int, printed: StringIO) -> None:
    """A world that was once too much holds its promises now."""
    world, result = batch.lived(seed, printed)
    assert not result.broken, f"{SEEDS[seed]}\n{world.story.told()}"


def test_same_seed_same_world(printed: StringIO) -> None:
    """A seed tells the same story again, to the last letter; another seed another one."""
    digests = [[batch.lived(seed, printed)[1].digest for seed in (3, 4, 5)] for _ in range(2)]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 3


def test_same_story_in_another_process(printed: StringIO) -> None:
    """A seed that failed on one machine fails on every other."""
    here = {seed: batch.lived(seed, printed)[1].digest for seed in range(4)}
    there = {one.seed: one.digest for one in batch.spread(range(4), 1)}
    assert here == there


def test_every_promise_is_placed() -> None:
    """Each of I1 to I26 says where it is checked, and is checked there."""
    assert list(coverage.WHERE) == [f"I{number}" for number in range(1, 27)]
    for promise, (places, _) in coverage.WHERE.items():
        found = {name for name in coverage.FILES if f'"{promise}"' in coverage.source(name)}
        assert found == set(places.split(", ")), promise
