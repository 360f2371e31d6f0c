"""Amounts as CMI reads and prints them. Inside, money is integer centimes."""

from __future__ import annotations

import re

AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
DIRHAM_CODE = "504"


def centimes(text: str) -> int:
    """Return the centimes of "1467.06", "1467.1" or "1467"; ValueError for anything else."""
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("not an amount")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def dirhams(amount_centimes: int) -> str:
    """Return 146706 as "1467.06"."""
    return f"{amount_centimes // 100}.{amount_centimes % 100:02d}"


def as_listed(text: str) -> str:
    """Return an item's amount as the page lists it ("1451.10" is shown 1451.1).

    What is not an amount is shown as it came: the bank does not check a merchant's lines.
    """
    try:
        return dirhams(centimes(text)).rstrip("0").rstrip(".")
    except ValueError:
        return text
