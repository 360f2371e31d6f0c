"""The processing fee: a share of the contributions and the VAT on it, by origin of the card."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from functions.shared.rules.orders import CardOrigin, Line

CASABLANCA = ZoneInfo("Africa/Casablanca")
ACCOUNT = "Frais de traitement"


@dataclass(frozen=True, slots=True)
class Tariff:
    """A fee's `rate` on the contributions and the `vat` on the fee, as shares (0.01 = 1 %)."""

    rate: Decimal
    vat: Decimal


Tariffs = dict[CardOrigin, Tariff]


def tariffs(text: str) -> Tariffs:
    """Read the schedule from its setting; raise ValueError where an origin lacks or is unknown."""
    schedule: Tariffs = {
        origin: Tariff(Decimal(shares["rate"]), Decimal(shares["vat"]))
        for origin, shares in json.loads(text).items()
    }
    if set(schedule) != {"LOC", "INT"}:
        raise ValueError("fees must be set for LOC and INT, no more and no less")
    return schedule


def fee_centimes(contributions_centimes: int, tariff: Tariff) -> int:
    """Give the fee with its VAT, rounded once, half up, to the centime (published guide, 6)."""
    exact = contributions_centimes * tariff.rate * (1 + tariff.vat)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fee_line(amount_centimes: int, reference: str, now: datetime) -> Line:
    """Give the fee's line. It carries the year and month of payment in Morocco."""
    local = now.astimezone(CASABLANCA)
    return Line("fee", local.year, local.month, amount_centimes, reference, ACCOUNT)
