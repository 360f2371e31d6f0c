"""The conditions on the comparison's matters: what was closed stays so, what was found is noted."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest

from functions.shared.aws import matters, table
from functions.shared.rules.work import stamp
from tests.simulation.lonely import NOW, REFERENCE, TRANS, Row, lonely

KEY = matters.matter_key(REFERENCE, TRANS)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def alone(printed: StringIO) -> Iterator[None]:
    """Look at one call alone."""
    del printed
    with lonely():
        yield


def matter() -> Row:
    """Read the matter."""
    return table.get(KEY) or {}


def test_keeps_its_place() -> None:
    """A difference that is found again waits since it was found first."""
    assert matters.open_matter(REFERENCE, TRANS, "first", NOW)
    assert matters.open_matter(REFERENCE, TRANS, "first", LATER)
    assert matters.open_matter(REFERENCE, TRANS, "another", LATER)
    row = matter()
    assert (row["at"], row["waits_at"], row["queued_why"]) == (stamp(NOW), stamp(NOW), "another")


def test_stays_closed() -> None:
    """A difference that was closed waits again for another reason alone."""
    assert matters.open_matter(REFERENCE, TRANS, "first", NOW)
    assert matters.close([KEY], NOW)
    assert not matters.open_matter(REFERENCE, TRANS, "first", LATER)
    assert "waits" not in matter()
    assert matters.open_matter(REFERENCE, TRANS, "another", LATER)
    row = matter()
    assert (row["waits"], row["waits_at"], row["queued_why"]) == ("QUEUE", stamp(LATER), "another")


def test_found_in_another_list() -> None:
    """Where a capture was found is noted once for a list, and leaves a matter as it stands."""
    matters.found_in(REFERENCE, TRANS, date(2020, 5, 6), NOW)
    matters.found_in(REFERENCE, TRANS, date(2020, 5, 6), LATER)
    assert (matter()["found_in"], matter()["found_at"]) == ("2020-05-06", stamp(NOW))
    assert matters.open_matter(REFERENCE, TRANS, "amount", NOW)
    matters.found_in(REFERENCE, TRANS, date(2020, 5, 7), LATER)
    assert (matter()["found_in"], matter()["found_at"]) == ("2020-05-07", stamp(LATER))
    assert (matter()["waits"], matter()["queued_why"]) == ("QUEUE", "amount")
