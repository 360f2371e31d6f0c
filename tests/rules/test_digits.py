"""Numbers as people type them, on any keyboard."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.digits import CODE_DIGITS, REGISTRATION_DIGITS, fault, plain

SCRIPTS = {"Arabic-Indic": "٠", "Persian": "۰", "full-width": "０"}


@pytest.mark.parametrize("zero", SCRIPTS.values(), ids=SCRIPTS)
def test_other_digits(zero: str) -> None:
    """Digits of an Arabic, Persian or full-width keyboard are digits (event 2)."""
    typed = "".join(chr(ord(zero) + int(digit)) for digit in "123456789")
    assert plain(typed) == "123456789"
    assert fault(plain(typed), REGISTRATION_DIGITS) is None


@pytest.mark.parametrize(
    "typed",
    [
        " 123456789 ", "123 456 789", "123\u00a0456\u00a0789", "123\u202f456\u202f789",
        "\u200f123456789\u200e", "\u2067123456789\u2069", "\ufeff123456789", "123456789\r\n",
        "\u061c١٢٣٤٥٦٧٨٩", "١٢٣ 456 ۷۸۹",
    ],
)  # fmt: skip
def test_marks_and_spaces(typed: str) -> None:
    """Spaces and the direction marks of copied text do not count (event 3)."""
    assert plain(typed) == "123456789"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "required"), ("   ", "required"), ("\u200f", "required"),
        ("12345678", "too_short"), ("1234567890", "too_long"), ("9" * 500, "too_long"),
        ("-12345678", "not_digits"), ("12345678a", "not_digits"), ("12345678²", "not_digits"),
        ("¹²³⁴⁵⁶⁷⁸⁹", "not_digits"), ("①②③④⑤⑥⑦⑧⑨", "not_digits"), ("१२३४५६७८९", "not_digits"),
        ("1 OR 1=1", "not_digits"), ("12.345678", "not_digits"), ("123\u200b456789", "not_digits"),
        ("1234٬56789", "not_digits"), ("½", "not_digits"), ("123,456,789", "not_digits"),
    ],
)  # fmt: skip
def test_faults(typed: str, expected: str) -> None:
    """What is wrong is named, so that the page can say it (events 1, 2 and 3)."""
    assert fault(plain(typed), REGISTRATION_DIGITS) == expected


@given(st.text())
def test_accepted_is_ascii(typed: str) -> None:
    """Whatever is typed, an accepted code is four ASCII digits that were there."""
    code = plain(typed)
    if fault(code, CODE_DIGITS) is None:
        assert len(code) == CODE_DIGITS
        assert code.isascii()
        values = [unicodedata.digit(sign) for sign in typed if unicodedata.category(sign) == "Nd"]
        assert values == [int(digit) for digit in code]
