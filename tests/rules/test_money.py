"""Amounts as text: one grammar in, one way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.money import centimes, dirhams


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1467.06", 146706), ("1451.1", 145110), ("12", 1200), ("0.00", 0), ("0.01", 1),
        ("007.50", 750), ("999999999.99", 99_999_999_999),
    ],
)  # fmt: skip
def test_read(text: str, amount: int) -> None:
    """CMI writes dirhams with a dot and up to two digits."""
    assert centimes(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1467.060", "1467,06", "1 467.06", "1_467.06", "+1467.06", "-1467.06", "NaN",
        "1E+3", "Infinity", "١٤٦٧", "١٤٦٧.٠٦", "1467.06\n", " 1467.06", "1467.", ".06", "1467..06",
        "0x10", "1234567890", "1467.٠٦", "²", "１４６７", "1467.06 ", "1467.06\0",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    """Anything else is no amount, though Decimal or int would read several (event 74)."""
    assert centimes(text) is None


@given(st.integers(0, 99_999_999_999))
def test_round_trip(amount: int) -> None:
    """What we write to CMI reads back as the same centimes."""
    assert centimes(dirhams(amount)) == amount


@given(st.text(max_size=15))
def test_never_two_readings(text: str) -> None:
    """Whatever comes is refused or is plain ASCII that stands for itself."""
    amount = centimes(text)
    assert amount is None or (text.isascii() and float(text) == pytest.approx(amount / 100))


def test_nothing_negative() -> None:
    """A negative amount is a mistake of ours and never reaches CMI."""
    with pytest.raises(ValueError, match="negative"):
        dirhams(-1)
