"""The daily comparison where a capture and its payment fall on two days, or on midnight."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.aws import moves
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import OrderState
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, stands
from tests.portal import GOLDEN, Json, Portal

FIFTH, SIXTH = "2020-05-05", "2020-05-06"
HOURS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lists:
    """CMI's lists of two days; that of 6 May begins with a capture a moment before midnight."""

    fifth: str
    sixth: str
    night: Json


@pytest.fixture
def lists(portal: Portal, tmp_path: Path) -> Lists:
    """Pay at noon of 5 May, just before midnight, and the next morning; give the lists."""
    paid = []
    start = portal.now.replace(hour=0, minute=0, second=0)
    for quarter, at in enumerate((12 * HOURS, 24 * HOURS - timedelta(seconds=3), 34 * HOURS), 2):
        portal.load(replace(GOLDEN, quarter=quarter, reference=f"BPC{quarter}"))
        portal.now = start + at
        seen = portal.first_lookup().json
        order = portal.checkout(seen | {"dues": seen["dues"][-1:]}).json
        portal.verdict(order, TransId=f"T{quarter}")
        captured_at = portal.now + timedelta(seconds=1)
        paid.append((order, entry(order["reference"], f"T{quarter}", at=captured_at)))
    portal.now = start + timedelta(days=2, hours=9)
    (_, noon), (night, midnight), (_, morning) = paid
    fifth = listed(tmp_path / "05.csv", noon)
    return Lists(fifth, listed(tmp_path / "06.csv", midnight, morning), night)


def found(name: str) -> list[tuple[str, ...]]:
    """Give the findings of the report on a list."""
    return report(Path(name))


@pytest.mark.parametrize("named", [True, False])
def test_before_midnight(asvi: Desk, lists: Lists, named: bool) -> None:
    """A list that begins a moment before its day is compared with that day, and says whose it is.

    The other payments of the day before are not looked for in it.
    """
    told = asvi.does("compare", lists.sixth, *(["--day", SIXTH] if named else []))
    assert found(lists.sixth) == [("matched", "T3", ""), ("matched", "T4", "")]
    assert "here of 2020-05-05" in told
    assert told.count("1467.06 DH, paid") == 1
    assert asvi.does("queue").strip() == EMPTY


def test_missing_until_the_next_list(asvi: Desk, lists: Lists) -> None:
    """A capture of midnight leaves the queue with the next day's list, and does not come back."""
    assert asvi("compare", lists.fifth, "--day", FIFTH).exit_code == 1
    assert found(lists.fifth) == [("matched", "T2", ""), ("missing there", "T3", "queued")]
    assert "days before and after" in asvi.does("queue")
    asvi.does("compare", lists.sixth, "--day", SIXTH)
    assert asvi.does("queue").strip() == EMPTY
    told = asvi.does("compare", lists.fifth, "--day", FIFTH)
    assert "in CMI's list of 2020-05-06" in told
    assert asvi.does("queue").strip() == EMPTY
    assert "captured, in CMI's list of 2020-05-06" in asvi.does("show", lists.night["reference"])


def test_next_list_first(portal: Portal, asvi: Desk, lists: Lists) -> None:
    """Whichever list is compared first, a capture that one of them has is missing in neither."""
    asvi.does("compare", lists.sixth, "--day", SIXTH, "--dry-run")
    assert asvi("compare", lists.fifth, "--day", FIFTH, "--dry-run").exit_code == 1
    asvi.does("compare", lists.sixth, "--day", SIXTH)
    asvi.does("compare", lists.fifth, "--day", FIFTH)
    assert asvi.does("queue").strip() == EMPTY
    before = portal.rows()
    asvi.does("compare", lists.sixth, "--day", SIXTH)
    asvi.does("compare", lists.fifth, "--day", FIFTH)
    assert portal.rows() == before


def test_gone_from_its_list(asvi: Desk, lists: Lists) -> None:
    """A capture that was found in a list is missing once that very list has it no more."""
    asvi.does("compare", lists.sixth, "--day", SIXTH)
    both = Path(lists.fifth).with_name("both.csv")
    lines = Path(lists.sixth).read_text().splitlines()
    both.write_text("\n".join([*Path(lists.fifth).read_text().splitlines(), lines[2]]))
    assert asvi("compare", str(both)).exit_code == 1
    assert ("missing there", "T3", "queued") in found(str(both))


def test_another_day(portal: Portal, asvi: Desk, tmp_path: Path) -> None:
    """A payment in the account of another day than CMI's is told with both days, and not queued.

    Each time, so that the day's totals are explained; the list of its day here does not miss it.
    """
    order = portal.checkout().json
    captured_at = portal.now
    portal.now += timedelta(days=1)
    word = Word("amina", "CMI's list of 5 May", "T1")
    assert moves.move(stands(order), OrderState.PAID, word, portal.now)
    portal.now += NEXT_DAY
    name = listed(tmp_path / "05.csv", entry(order["reference"], at=captured_at))
    for _ in range(2):
        told = asvi("compare", name, "--day", FIFTH)
        assert (told.exit_code, found(name)) == (1, [("another day", "T1", "")])
        assert "captured on 2020-05-05, here of 2020-05-06" in told.output
    cells = Path(f"{name}.comparison.csv").read_text().splitlines()[1]
    assert "2020-05-05 21:50:51" in cells
    assert "2020-05-06 21:50:51" in cells
    asvi.does("compare", listed(tmp_path / "06.csv"), "--day", SIXTH)
    assert asvi.does("queue").strip() == EMPTY


def test_to_come(portal: Portal, asvi: Desk, paid: Json, tmp_path: Path) -> None:
    """A list with a capture of a day to come is refused whole, like one of the year 1."""
    at = portal.now + timedelta(days=366)
    name = listed(tmp_path / "list.csv", entry(paid["reference"], at=at))
    before = portal.rows()
    told = asvi("compare", name)
    assert (told.exit_code, portal.rows()) == (2, before)
    assert "no capture is of 2021-05-06 yet" in told.output
