"""The daily comparison run again: what was closed, what stays, and the true reason for it."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.aws import retention, rows, table
from functions.shared.rules.orders import OrderState
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, state
from tests.portal import Json, Portal

CLOSED = "closed before"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where CMI's list is."""
    return tmp_path / "captured.csv"


def waits_since(portal: Portal) -> list[str]:
    """Give since when each difference waits."""
    found = [row for row in portal.rows("ORDER#") if row["sk"].startswith("MATTER#")]
    return [row["waits_at"] for row in found if "waits" in row]


def test_closed_by_a_person(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """What a person closed is not asked of the next one for the same list."""
    portal.now += NEXT_DAY
    name = listed(file)
    assert asvi("compare", name, "--day", "2020-05-05").exit_code == 1
    assert "1467.06 DH here" in asvi.does("queue")
    asvi.does("done", paid["reference"], "--why", "honoured")
    for dry in (["--dry-run"], []):
        told = asvi("compare", name, "--day", "2020-05-05", *dry)
        assert (told.exit_code, report(file)) == (1, [("missing there", "T1", CLOSED)])
    assert asvi.does("queue").strip() == EMPTY


def test_given_back_before(portal: Portal, asvi: Desk, file: Path) -> None:
    """Money that a person gave back is not called paid by its old list once its quarter is free."""
    late, other = portal.checkout().json, portal.checkout().json
    portal.verdict(other, TransId="T2")
    name = listed(file, entry(late["reference"], at=portal.now))
    portal.now += NEXT_DAY
    asvi("compare", name)
    asvi.does("done", late["reference"], "--why", "given back at CMI")
    asvi.does("refund", other["reference"], "--why", "asked for")
    for dry in (["--dry-run"], []):
        told = asvi("compare", name, *dry)
        assert told.exit_code == 1
        assert "was closed by hand" in told.output
    assert state(late) is OrderState.OPEN
    portal.now += timedelta(hours=1)
    asvi.does("done", late["reference"], "--why", "given back, I said")
    asvi("compare", name)
    assert (state(late), asvi.does("queue").strip()) == (OrderState.OPEN, EMPTY)


def test_another_difference(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """Something else about a capture that was looked at is a matter again, with both amounts."""
    first = portal.now
    portal.now += NEXT_DAY
    assert asvi("compare", listed(file), "--day", "2020-05-05").exit_code == 1
    asvi.does("done", paid["reference"], "--why", "honoured")
    name = listed(file, entry(paid["reference"], amount_centimes=146705, at=first))
    assert asvi("compare", name, "--dry-run").exit_code == 1
    assert report(file) == [("amount differs", "T1", "would be queued")]
    assert asvi("compare", name).exit_code == 1
    told = "CMI captured 1467.05 DH, and 1467.06 DH was ordered"
    assert told in asvi.does("queue")
    assert told in asvi.does("show", paid["reference"])


def test_the_same_line_twice(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """A line that stands twice waits since it was found first, however often it is compared."""
    line = entry(paid["reference"], at=portal.now)
    name = listed(file, line, line)
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    since = waits_since(portal)
    portal.now += timedelta(days=2)
    assert asvi("compare", name).exit_code == 1
    assert waits_since(portal) == since
    assert len(since) == 1


def test_refused_and_captured(portal: Portal, asvi: Desk, file: Path) -> None:
    """A capture of what we refused is given back, and both runs say so: its quarter is free."""
    order = portal.checkout().json
    portal.verdict(order, mdStatus="0")
    name = listed(file, entry(order["reference"], at=portal.now))
    portal.now += NEXT_DAY
    for dry in (["--dry-run"], []):
        told = asvi("compare", name, *dry)
        assert told.exit_code == 1
        assert "CMI captured 1467.06 DH, though its approval was refused here" in told.output
        assert "paid or being paid otherwise" not in told.output
    assert report(file) == [("missing here", "T1", "queued")]
    assert state(order) is OrderState.OPEN


def test_erased(portal: Portal, asvi: Desk, file: Path) -> None:
    """A capture for an order whose quarters were erased is not told as one of another amount."""
    order = portal.checkout().json
    row = table.get(rows.order_key(order["reference"]))
    assert row
    assert retention.strip(row, portal.now)
    name = listed(file, entry(order["reference"], at=portal.now))
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert report(file) == [("missing here", "T1", "queued")]
    assert "CMI captured 1467.06 DH for quarters that were erased" in asvi.does("queue")
