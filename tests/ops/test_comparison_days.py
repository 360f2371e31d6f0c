"""Which days a list is about, and in which day's account its captures stand: the pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from functions.settlement.captured import UnusableError
from functions.settlement.comparison import Do, Kind, Ours, compare, strayed_to
from functions.settlement.days import days_of, listed_on
from functions.shared.rules.orders import OrderState
from tests.ops.test_comparison import REFERENCE, capture, order

MIDNIGHT = datetime(2020, 5, 6, tzinfo=UTC)  # Ramadan: Casablanca is on UTC
NOON = MIDNIGHT + timedelta(hours=12)
NOW = datetime(2020, 5, 8, tzinfo=UTC)
FOURTH, FIFTH, SIXTH, SEVENTH = (date(2020, 5, day) for day in (4, 5, 6, 7))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def listed(*moments: datetime) -> list[date]:
    """Give the days of a list of captures, where none is named."""
    return days_of([replace(capture(), at=at) for at in moments], None, NOW)


@pytest.mark.parametrize(
    ("moments", "days"),
    [
        ([NOON], [SIXTH]),
        ([NOON - 2 * DAY, NOON], [FOURTH, FIFTH, SIXTH]),
        ([MIDNIGHT - 10 * MINUTE, NOON], [SIXTH]),
        ([MIDNIGHT - 11 * MINUTE, NOON], [FIFTH, SIXTH]),
        ([MIDNIGHT + DAY + 9 * MINUTE, NOON], [SIXTH]),
        ([MIDNIGHT + DAY + 10 * MINUTE, NOON], [SIXTH, SEVENTH]),
        ([MIDNIGHT - MINUTE, NOON - DAY, NOON], [FIFTH, SIXTH]),
        ([MIDNIGHT - MINUTE, NOON + DAY], [FIFTH, SIXTH, SEVENTH]),
        ([MIDNIGHT - MINUTE], [FIFTH]),
    ],
)
def test_days_of_a_list(moments: list[datetime], days: list[date]) -> None:
    """A day that only its neighbour's midnight tells of is not one that the list is about."""
    assert listed(*moments) == days


def test_one_midnight() -> None:
    """Two captures on both sides of midnight are of the one day, the other, or both: ask."""
    with pytest.raises(UnusableError, match="by --day"):
        listed(MIDNIGHT - MINUTE, MIDNIGHT)


def test_nothing_listed() -> None:
    """An empty list says by itself of no day that nothing was captured on it."""
    with pytest.raises(UnusableError, match="it is empty"):
        listed()
    assert days_of([], SIXTH, NOW) == [SIXTH]


def test_too_many_days() -> None:
    """A list of more than a month is not one that is compared by mistake."""
    assert len(listed(NOON - 30 * DAY, NOON)) == 31
    with pytest.raises(UnusableError, match="32 days"):
        listed(NOON - 31 * DAY, NOON)


@pytest.mark.parametrize(
    ("at", "fits"),
    [
        (MIDNIGHT - 11 * MINUTE, False),
        (MIDNIGHT - 10 * MINUTE, True),
        (MIDNIGHT + DAY + 9 * MINUTE, True),
        (MIDNIGHT + DAY + 10 * MINUTE, False),
    ],
)
def test_named_day(at: datetime, fits: bool) -> None:
    """The list of a named day may hold a capture of its midnights, and none of another day."""
    lines = [replace(capture(), at=at), replace(capture("T2"), at=NOON)]
    if fits:
        assert days_of(lines, SIXTH, NOW) == [SIXTH]
        return
    with pytest.raises(UnusableError, match=r"it tells of 2020-05-0[57], and not of 2020-05-06"):
        days_of(lines, SIXTH, NOW)


@pytest.mark.parametrize("named", [None, SIXTH])
def test_to_come(named: date | None) -> None:
    """A capture that is yet to come is a mistake of the list, but for the clocks' difference."""
    with pytest.raises(UnusableError, match="line 2: no capture is of 2020-05-09 yet"):
        days_of([replace(capture(), at=NOW + DAY + MINUTE)], named, NOW)
    assert days_of([replace(capture(), at=NOW + DAY)], None, NOW) == [date(2020, 5, 9)]
    with pytest.raises(UnusableError, match="no capture is of 9999-12-31 yet"):
        days_of([replace(capture(), at=datetime.max.replace(tzinfo=UTC))], named, NOW)


def test_listed_on() -> None:
    """A capture about midnight stands under the list's day, any other under its own."""
    assert listed_on(MIDNIGHT - MINUTE, [SIXTH]) == SIXTH
    assert listed_on(MIDNIGHT - MINUTE, [FIFTH, SIXTH]) == FIFTH
    assert listed_on(MIDNIGHT, [FIFTH, SIXTH]) == SIXTH
    assert listed_on(NOON, [FOURTH]) == SIXTH


@pytest.mark.parametrize(
    ("captured_at", "paid_at", "kind", "told"),
    [
        (NOON, NOON, Kind.MATCHED, ""),
        (NOON, NOON + 11 * timedelta(hours=1), Kind.MATCHED, ""),
        (NOON, MIDNIGHT - MINUTE, Kind.MATCHED, "here of 2020-05-05"),
        (MIDNIGHT - MINUTE, MIDNIGHT - MINUTE, Kind.MATCHED, "here of 2020-05-05"),
        (MIDNIGHT - MINUTE, MIDNIGHT, Kind.MATCHED, ""),
        (NOON, NOON - DAY, Kind.ANOTHER_DAY, "captured on 2020-05-06, here of 2020-05-05"),
        (NOON, NOON + DAY, Kind.ANOTHER_DAY, "captured on 2020-05-06, here of 2020-05-07"),
        (NOON, None, Kind.MATCHED, ""),
    ],
)
@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.REFUNDED])
def test_day_of_the_payment(
    captured_at: datetime, paid_at: datetime | None, kind: Kind, told: str, state: OrderState
) -> None:
    """A payment in another day's account than its capture is named, for both totals differ (I20)."""
    ours = replace(order(state), paid_at=paid_at)
    line = replace(capture(), at=captured_at)
    (finding,) = compare([line], Ours([SIXTH], {REFERENCE: ours}, [], {}))
    assert (finding.kind, finding.do) == (kind, Do.NOTHING)
    assert finding.why.startswith(told)
    assert bool(finding.why) is bool(told)
    assert (strayed_to(finding, [SIXTH]) == SIXTH) is bool(told)


def test_strays_from_nothing() -> None:
    """A capture for an order that is not ours is in no other day's account."""
    (finding,) = compare([capture()], Ours([SIXTH], {}, [], {}))
    assert strayed_to(finding, [SIXTH]) is None


def test_found_elsewhere() -> None:
    """A payment whose capture another day's list has is not missing in its own day's."""
    elsewhere = {(REFERENCE, "T1"): "2020-05-07"}
    (finding,) = compare([], Ours([SIXTH], {}, [order()], elsewhere))
    assert (finding.kind, finding.do, finding.why) == (
        Kind.MATCHED, Do.NOTHING, "in CMI's list of 2020-05-07",
    )  # fmt: skip
    assert strayed_to(finding, [SIXTH]) is None
    (other,) = compare([], Ours([SIXTH], {}, [order(trans_id="T2")], elsewhere))
    assert other.kind is Kind.MISSING_THERE
