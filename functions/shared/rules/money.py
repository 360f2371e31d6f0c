"""Amounts: integers of centimes everywhere, text only at the edges."""

import re

CENTIMES = 100
# One grammar for what CMI and the fund's files write: 1467.06, 1451.1, 12. Nothing else is read,
# because Decimal and int accept signs, exponents, underscores and other scripts (event 74).
AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


def centimes(dirhams: str) -> int | None:
    """Read an amount in dirhams, `1467.06`, as centimes; None where it is not one."""
    match = AMOUNT.fullmatch(dirhams)
    if match is None:
        return None
    whole, part = match.groups()
    return int(whole) * CENTIMES + int((part or "").ljust(2, "0"))


def dirhams(amount_centimes: int) -> str:
    """Write an amount as CMI reads it: dirhams, a dot, two digits (`cmi.md`, Request)."""
    if amount_centimes < 0:
        raise ValueError("an amount to pay is not negative")
    whole, part = divmod(amount_centimes, CENTIMES)
    return f"{whole}.{part:02d}"
