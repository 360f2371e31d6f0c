"""Every crash point of some short stories: no request to AWS may be the one that must not fail."""

from collections import Counter
from io import StringIO

import pytest

from tests.simulation import crashes
from tests.simulation.conftest import Figure

HANDLERS = {
    "lookup",
    "checkout",
    "callback",
    "receipt",
    "letter",
    "settlement",
    "import",
    "operator",
}


def _failing(points: list[crashes.Point]) -> list[str]:
    return [f"{point}: {broken[0]}" for point in points if (broken := crashes.run(point)[1])]


@pytest.mark.parametrize("story", crashes.STORIES)
def test_every_crash_point(story: str, printed: StringIO, figure: Figure) -> None:
    """Each request lost, applied with its answer lost, or followed by a crash; retries too."""
    del printed
    made = crashes.requests(story)
    points = list(crashes.singles(story, made.total()))
    assert not (failing := _failing(points)), "\n".join(failing[:5])
    figure("crashes", (story, dict(made), len(points)))


@pytest.mark.long
@pytest.mark.parametrize("story", crashes.STORIES)
@pytest.mark.parametrize("part", range(8))
def test_every_two_crash_points(story: str, part: int, printed: StringIO, figure: Figure) -> None:
    """Every two requests of a story with every two faults."""
    del printed
    made = crashes.requests(story)
    points = list(crashes.pairs(story, made.total()))[part::8]
    assert not (failing := _failing(points)), "\n".join(failing[:5])
    figure("crashes", (f"{story}, pairs {part + 1}/8", dict(made), len(points)))


def test_every_handler_is_crashed(printed: StringIO) -> None:
    """The stories pass through every function, the operator's commands and the loading of dues."""
    del printed
    made: Counter[str] = Counter()
    for story in crashes.STORIES:
        made += crashes.requests(story)
    assert set(made) == HANDLERS
