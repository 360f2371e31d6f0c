"""The conditions of what files of dues state, each by itself."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest

from functions.shared.aws import dues, table
from functions.shared.rules.orders import Due, DueState
from functions.shared.rules.work import stamp
from tests.simulation.lonely import NOW, NUMBER, a_due, lonely, put, stands

D = DueState


@pytest.fixture(autouse=True)
def alone(printed: StringIO) -> Iterator[None]:
    """Look at one call alone."""
    del printed
    with lonely():
        yield


LATER, EARLIER = stamp(NOW + timedelta(seconds=1)), stamp(NOW - timedelta(days=1))
LOADED = [
    (None, D.UNPAID, 1, "A", "loaded"),
    ((D.UNPAID, 1, "A"), D.UNPAID, 2, "A", "loaded"),
    ((D.UNPAID, 1, "A"), D.UNPAID, 1, "B", "loaded"),
    ((D.UNPAID, 1, "A"), D.PAID, 1, "A", "loaded"),
    ((D.UNPAID, 1, "A"), D.UNPAID, 1, "A", "unchanged"),
    ((D.HELD, 1, "A"), D.UNPAID, 2, "A", "kept"),
    ((D.PAID, 1, "A"), D.UNPAID, 1, "A", "kept"),
    ((D.PAID, 1, "A"), D.UNPAID, 2, "B", "kept"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "state", "amount", "account", "found"), LOADED)
def test_loading(
    before: tuple[DueState, int, str] | None, state: DueState, amount: int, account: str, found: str
) -> None:
    """The file changes what is unpaid and differs, and never what is paid or held."""
    if before:
        put(a_due(before[0], None, before[1]) | {"account": before[2], "source": "old.csv"})
    due = Due(NUMBER, 2020, 1, amount, "BPC1", account, state)
    assert dues.load(due, NOW, "new.csv") == found
    row = table.get(dues.due_key(NUMBER, due.id)) or {}
    assert row["source"] == ("old.csv" if found == "kept" else "new.csv")


@pytest.mark.parametrize(
    ("issued", "state", "amount", "found"),
    [
        (EARLIER, D.UNPAID, 2, "loaded"), (stamp(NOW), D.UNPAID, 2, "loaded"),
        (EARLIER, D.UNPAID, 1, "unchanged"), (LATER, D.UNPAID, 1, "unchanged"),
        (LATER, D.UNPAID, 2, "outdated"), (LATER, D.PAID, 1, "outdated"),
    ],
)  # fmt: skip
def test_loading_late(issued: str, state: DueState, amount: int, found: str) -> None:
    """What a file states stands until one that was issued later states it again."""
    row = put(a_due(D.UNPAID, None, 1) | {"account": "A", "issued_at": issued})
    due = Due(NUMBER, 2020, 1, amount, "BPC1", "A", state)
    assert dues.load(due, NOW) == found
    left = stands(row)
    assert left["issued_at"] == max(issued, stamp(NOW))
    assert left["amount_centimes"] == (amount if found == "loaded" else 1)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_data_time(late: timedelta) -> None:
    """The date of the data never goes back, however late an older file's event comes."""
    dues.put_data_time(NOW)
    dues.put_data_time(NOW - late)
    assert dues.data_time() == NOW
    dues.put_data_time(NOW + timedelta(seconds=1))
    assert dues.data_time() == NOW + timedelta(seconds=1)
