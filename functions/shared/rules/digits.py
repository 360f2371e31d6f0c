"""Numbers that people type: registration number, control code, reference.

Arabic keyboards write Arabic-Indic or Persian digits, others full-width ones; people group
digits with spaces; text copied from a right-to-left page brings direction marks. All of that is
accepted. `str.isdigit` is not asked: it takes superscripts for digits (event 2).
"""

from typing import Literal

Fault = Literal["required", "too_short", "too_long", "not_digits"]

REGISTRATION_DIGITS = 9
CODE_DIGITS = 4
_ZEROS = "0٠۰０"
_DIGITS = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}
# Spaces (also no-break, thin, figure), direction marks and isolates, the byte order mark.
_IGNORED = dict.fromkeys(
    map(ord, " \t\r\n\u00a0\u1680\u2007\u2009\u202f\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        "\u2066\u2067\u2068\u2069\ufeff")
)  # fmt: skip
_ASCII = frozenset("0123456789")


def plain(typed: str) -> str:
    """Give what was typed with its digits in ASCII and without spaces and direction marks."""
    return typed.translate(_DIGITS | _IGNORED)


def fault(number: str, length: int) -> Fault | None:
    """Say what is wrong with a plain number that should have `length` digits; None if nothing."""
    if not number:
        return "required"
    if not _ASCII.issuperset(number):
        return "not_digits"
    if len(number) < length:
        return "too_short"
    return "too_long" if len(number) > length else None
