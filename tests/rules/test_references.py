"""References: two digits tell a typing error from a payment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.references import fault, reference_for, with_check_digits

TWELVE = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")


def test_published_example() -> None:
    """The reference of the golden case is valid."""
    assert with_check_digits("431902718852") == "43190271885204"
    assert fault("43190271885204") is None


@given(TWELVE)
def test_made_is_valid(twelve: str) -> None:
    """What we make has fourteen digits and passes."""
    assert len(with_check_digits(twelve)) == 14
    assert fault(with_check_digits(twelve)) is None


@given(TWELVE, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit(twelve: str, place: int, added: int) -> None:
    """Any single wrong digit is caught (ISO 7064 MOD 97-10)."""
    reference = with_check_digits(twelve)
    wrong = str((int(reference[place]) + added) % 10)
    assert fault(reference[:place] + wrong + reference[place + 1 :]) == "check_digits"


@given(TWELVE, st.integers(0, 12))
def test_two_digits_swapped(twelve: str, place: int) -> None:
    """Two neighbours swapped are caught."""
    reference = with_check_digits(twelve)
    first, second = reference[place], reference[place + 1]
    swapped = reference[:place] + second + first + reference[place + 2 :]
    assert fault(swapped) == (None if first == second else "check_digits")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "required"),
        ("4319", "too_short"),
        ("4" * 15, "too_long"),
        ("4319027188520x", "not_digits"),
    ],
)
def test_other_faults(typed: str, expected: str) -> None:
    """What else is wrong with a reference is named like any number's fault."""
    assert fault(typed) == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_one_key_one_reference(key: str, other: str) -> None:
    """A page's key names one reference for ever; another key or secret names another one."""
    reference = reference_for(key, b"secret")
    assert fault(reference) is None
    assert reference == reference_for(key, b"secret")
    assert reference != reference_for(key, b"other secret")
    assert (reference == reference_for(other, b"secret")) == (key == other)
