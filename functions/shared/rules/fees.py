"""The processing fee: a share of the contributions and the VAT on it, by origin of the card."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.orders import CardOrigin, Line

ACCOUNT = "Frais de traitement"


@dataclass(frozen=True, slots=True)
class Tariff:
    """A fee's `rate` on the contributions and the `vat` on the fee, as shares (0.01 = 1 %)."""

    rate: Decimal
    vat: Decimal


Tariffs = dict[CardOrigin, Tariff]


def tariffs(text: str) -> Tariffs:
    """Read the schedule from its setting; raise ValueError where it is not wholly right."""
    try:
        schedule: Tariffs = {
            origin: Tariff(_share(shares["rate"]), _share(shares["vat"]))
            for origin, shares in json.loads(text, parse_float=str).items()
        }
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError("a fee is a rate and a VAT, shares from 0 to 1") from error
    if set(schedule) != {"LOC", "INT"}:
        raise ValueError("fees must be set for LOC and INT, no more and no less")
    return schedule


def _share(written: str | int) -> Decimal:
    share = Decimal(written)
    if not 0 <= share < 1:
        raise ArithmeticError("not a share")
    return share


def fee_centimes(contributions_centimes: int, tariff: Tariff) -> int:
    """Give the fee with its VAT, rounded once, half up, to the centime (published guide, 6)."""
    exact = contributions_centimes * tariff.rate * (1 + tariff.vat)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fee_line(amount_centimes: int, reference: str, now: datetime) -> Line:
    """Give the fee's line. It carries the year and month of payment in Morocco."""
    local = now.astimezone(CASABLANCA)
    return Line("fee", local.year, local.month, amount_centimes, reference, ACCOUNT)
