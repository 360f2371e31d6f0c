"""Bugs of the kinds that real portals had, let loose: the worlds must notice each."""

from io import StringIO

import pytest

from tests.simulation import batch, bugs, bugs_around, coverage
from tests.simulation.conftest import Figure
from tests.simulation.planting import BUGS, Bug

MOST_SEEDS = 2000
PLANTED = (bugs.__name__, bugs_around.__name__)  # what is imported is noted


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_planted_bug(bug: Bug, printed: StringIO, figure: Figure) -> None:
    """A planted bug breaks the promise that stands for it, within some hundred worlds."""
    with bug.plant():
        for seed in range(MOST_SEEDS):
            _, result = batch.lived(seed, printed, bug.beside)
            if bug.breaks in {broken.promise for broken in result.broken}:
                break
        else:
            pytest.fail(f"{MOST_SEEDS} worlds did not notice: {bug.name}")
    figure("planted", (bug.name, bug.breaks, seed + 1))


def test_every_promise_can_be_broken() -> None:
    """For each of I1 to I26 a bug stands that breaks it: no promise is kept by not looking."""
    assert {bug.breaks for bug in BUGS} >= set(coverage.WHERE)
