"""What the payer types on the card page, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cmi_simulator import cards
from cmi_simulator.clock import local
from cmi_simulator.verdict import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KEPT = ("holder", "pan", "month", "year", "accept")
YEARS_AHEAD = 15
LONGEST_HOLDER = 60
# Arabic keyboards type these; a bank reads them as digits.
OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


class CardFormError(Exception):
    """`errors` is a word of the page by field name; `kept` what stays typed (never the code)."""

    def __init__(self, errors: dict[str, str], kept: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors
        self.kept = kept


def read(posted: Mapping[str, str], now: datetime, client_address: str) -> Typed:
    """Return what was typed, checked. Raises CardFormError with every field that is wrong."""
    values = {name: posted.get(name, "").strip() for name in (*KEPT, "cvv")}
    digits = {n: _digits(values[n]) for n in ("pan", "month", "year", "cvv")}
    found = {
        "holder": _holder_error(values["holder"]),
        "pan": _number_error(digits["pan"]),
        "month": _expiry_error(digits["month"], digits["year"], now),
        "cvv": "" if re.fullmatch(r"[0-9]{3}", digits["cvv"]) else "cvv_wrong",
        "accept": "" if values["accept"] else "accept_missing",
    }
    errors = {name: word for name, word in found.items() if word}
    card = cards.find(digits["pan"])
    if errors or card is None:
        raise CardFormError(errors, {name: values[name] for name in KEPT})
    year = f"20{digits['year'][-2:]}"
    return Typed(card, values["holder"], digits["month"].zfill(2), year, client_address)


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text).translate(OTHER_DIGITS)


def _holder_error(text: str) -> str:
    return "" if 0 < len(text) <= LONGEST_HOLDER and text.isprintable() else "holder_missing"


def _number_error(number: str) -> str:
    if not re.fullmatch(r"[0-9]{12,19}", number) or not cards.is_luhn(number):
        return "pan_wrong"
    return "" if cards.find(number) else "pan_unknown"


def _expiry_error(month: str, year: str, now: datetime) -> str:
    """Find a missing date, or one past: a card is good to the end of its month."""
    if not re.fullmatch(r"0?[1-9]|1[0-2]", month) or not re.fullmatch(r"(20)?[0-9]{2}", year):
        return "expiry_wrong"
    today = local(now)
    last = (2000 + int(year[-2:]), int(month))
    return "expiry_past" if last < (today.year, today.month) else ""


def years(now: datetime) -> list[str]:
    """Return the years that the page offers, this one first."""
    first = local(now).year
    return [str(year) for year in range(first, first + YEARS_AHEAD + 1)]
