"""Bugs of the kinds that real portals had, let loose: the worlds must notice each."""

from collections.abc import Iterator
from io import StringIO

import pytest

from tests.simulation import batch, deployment
from tests.simulation.bugs import BUGS, Bug

MOST_SEEDS = 1500


@pytest.fixture(scope="module")
def printed() -> Iterator[StringIO]:
    with deployment.standing() as printed:
        yield printed


@pytest.mark.worlds
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_planted_bug(bug: Bug, printed: StringIO) -> None:
    """A planted bug breaks a promise, the one that stands for it, within some hundred worlds."""
    with bug.plant():
        for seed in range(MOST_SEEDS):
            _, result = batch.lived(seed, printed)
            if result.broken:
                break
    assert result.broken, f"{MOST_SEEDS} worlds did not notice: {bug.name}"
    print(f"{bug.name}: seed {seed}, {result.broken[0].promise}")  # noqa: T201 - the figure of the run
    assert result.broken[0].promise in bug.breaks, result.broken
