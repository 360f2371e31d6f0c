"""What docs/promises.md says of long runs is what they wrote."""

import json

from tests.simulation import crashes, record, witness

FIGURES = json.loads(record.FILE.read_text("utf-8"))
MANY = 100_000


def test_the_page_is_the_run() -> None:
    """docs/promises.md tells the kept runs' figures, to the letter."""
    assert record.PAGE.read_text("utf-8") == record.page(FIGURES)


def test_the_run_was_long() -> None:
    """A reader is told of many worlds that met every hard case, and of the stories that there are."""
    assert FIGURES["worlds"] >= MANY
    assert witness.missing(set(FIGURES["witnessed"])) == []
    assert FIGURES["stories"] == len(crashes.STORIES)
    assert (FIGURES["promises_broken"], FIGURES["points_broken"]) == (0, 0)
