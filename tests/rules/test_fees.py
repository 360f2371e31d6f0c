"""The processing fee: 1 % and the VAT on it, rounded once; the month is Morocco's."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.fees import Tariff, fee_centimes, fee_line, tariffs

CASABLANCA = ZoneInfo("Africa/Casablanca")
PUBLISHED = Tariff(Decimal("0.01"), Decimal("0.10"))


@pytest.mark.parametrize(
    ("contributions", "fee"),
    [
        (145110, 1596),  # the published example: 15.9621
        (0, 0), (1, 0), (45, 0), (46, 1),  # 0.495 and 0.506 of a centime
        (500, 6),  # 5.5 centimes: half goes up
        (1500, 17),  # 16.5
        (2500, 28),  # 27.5: half up, where half-even would agree
        (4500, 50),  # 49.5, where half-even would agree, a float may not
        (13500, 149),  # 148.5, half-even would give 148
        (99_999_999, 1_100_000),
    ],
)  # fmt: skip
def test_fee(contributions: int, fee: int) -> None:
    """The fee is 1.1 % of the contributions, half centimes up (event 25)."""
    assert fee_centimes(contributions, PUBLISHED) == fee


@given(
    st.integers(0, 90 * 99_999_999),
    st.decimals(0, Decimal("0.9999"), places=4),
    st.decimals(0, Decimal("0.9999"), places=4),
)
def test_fee_is_exact(contributions: int, rate: Decimal, vat: Decimal) -> None:
    """The fee is the exact product rounded once, half up, for any schedule and any amount."""
    exact = contributions * Fraction(rate) * (1 + Fraction(vat))
    assert fee_centimes(contributions, Tariff(rate, vat)) == (2 * exact + 1) // 2


@pytest.mark.parametrize(
    ("instant", "year", "month"),
    [
        ("2020-05-05T21:50:51+00:00", 2020, 5),
        # Ramadan 2020: Morocco left +01:00 on 19 April and came back to it on 31 May.
        ("2020-04-30T23:30:00+00:00", 2020, 4),
        ("2020-05-31T22:59:00+00:00", 2020, 5),
        ("2020-05-31T23:30:00+00:00", 2020, 6),
        ("2020-06-30T23:30:00+00:00", 2020, 7),
        ("2020-12-31T22:59:59+00:00", 2020, 12),
        ("2020-12-31T23:00:00+00:00", 2021, 1),
    ],
)
def test_month_of_payment(instant: str, year: int, month: int) -> None:
    """The fee's line carries the month on the payer's clock, in and out of Ramadan."""
    line = fee_line(1596, "43190271885204", datetime.fromisoformat(instant))
    assert (line.year, line.period) == (year, month)
    assert line.code == f"{year}{month:02d}"
    assert (line.kind, line.account) == ("fee", "Frais de traitement")


def test_offset_moves_with_ramadan() -> None:
    """The machine's table of zones knows Morocco's Ramadan hour; without it months are wrong."""
    hours = timedelta(hours=1)
    assert datetime(2020, 5, 5, tzinfo=UTC).astimezone(CASABLANCA).utcoffset() == 0 * hours
    assert datetime(2020, 7, 5, tzinfo=UTC).astimezone(CASABLANCA).utcoffset() == hours


def test_schedule() -> None:
    """The schedule of the template is read exactly, never through a float."""
    text = '{"LOC": {"rate": "0.01", "vat": "0.10"}, "INT": {"rate": 0.01, "vat": 0}}'
    read = tariffs(text)
    assert read["LOC"] == PUBLISHED
    assert read["INT"] == Tariff(Decimal("0.01"), Decimal(0))


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "nonsense", '{"LOC": {"rate": "0.01", "vat": "0.10"}}',
        '{"LOC": {}, "INT": {}}', '{"LOC": 1, "INT": 2}',
        '{"LOC": {"rate": "x", "vat": "0"}, "INT": {"rate": "0", "vat": "0"}}',
        '{"LOC": {"rate": "NaN", "vat": "0"}, "INT": {"rate": "0", "vat": "0"}}',
        '{"LOC": {"rate": "-0.01", "vat": "0"}, "INT": {"rate": "0", "vat": "0"}}',
        '{"LOC": {"rate": "1", "vat": "0"}, "INT": {"rate": "0", "vat": "0"}}',
        '{"LOC": {"rate": "0", "vat": "0"}, "INT": {"rate": "0", "vat": "0"}, "X": {"rate": "0", "vat": "0"}}',
    ],
)  # fmt: skip
def test_bad_schedule(text: str) -> None:
    """A schedule that is not wholly right stops the function, rather than charge a wrong fee."""
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is what pydantic understands
        tariffs(text)
