"""Very many worlds against the real handlers: every promise, and every hard case met."""

import os
from collections.abc import Iterator
from io import StringIO

import pytest

from tests.simulation import batch, coverage, deployment, witness

WORLDS = int(os.environ.get("WORLDS", "2000"))
ENOUGH = 2000
# Seeds whose world once broke a promise, or showed a weakness of the simulator itself.
REGRESSIONS = {
    29: "the amount of a reservation under moved names is not the order's",
    258: "one transaction, two messages: the bank's own is refused",
    882: "CMI tells of another transaction: the order is the operator's",
    1423: "captured twice against our word: the order is the operator's",
    1709: "captured against our word, and no message ever came",
    2825: "names put back and captured against our word: the comparison's",
}


@pytest.fixture(scope="module")
def printed() -> Iterator[StringIO]:
    """Set this process up for worlds; give what is logged in it."""
    with deployment.standing() as printed:
        yield printed


@pytest.mark.worlds
def test_worlds() -> None:
    """In every world each payer is debited at most once, and what was paid is told and kept."""
    report = batch.run(range(WORLDS))
    told = [f"make simulate SEED={seed}: {broken}" for seed, broken in report.broken.items()]
    assert not told, "\n".join(told[:10])
    if WORLDS >= ENOUGH:
        assert witness.missing(set(report.witnessed)) == []
    print(f"{report.worlds} worlds, {report.rate} a minute and core")  # noqa: T201 - the figure of the run


@pytest.mark.parametrize("seed", REGRESSIONS)
def test_regressions(seed: int, printed: StringIO) -> None:
    """A world that was once too much holds its promises now."""
    world, result = batch.lived(seed, printed)
    assert not result.broken, f"{REGRESSIONS[seed]}\n{world.story.told()}"


def test_same_seed_same_world(printed: StringIO) -> None:
    """A seed tells the same story again, to the last letter; another seed another one."""
    digests = [[batch.lived(seed, printed)[1].digest for seed in (3, 4, 5)] for _ in range(2)]
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 3


def test_same_story_in_another_process(printed: StringIO) -> None:
    """A seed that failed on one machine fails on every other."""
    here = {seed: batch.lived(seed, printed)[1].digest for seed in range(4)}
    there = {one.seed: one.digest for one in batch.spread(batch._some, range(4), 1)}
    assert here == there


def test_every_promise_is_placed() -> None:
    """Each of I1 to I26 says where it is checked."""
    assert list(coverage.WHERE) == [f"I{number}" for number in range(1, 27)]
