"""What a payer is about to pay, and how far it has come: the nouns of the money side."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

CardOrigin = Literal["LOC", "INT"]
# Numbers of two nouns (`pairs.py`).
Pair = tuple[int, int]
LineKind = Literal["contribution", "fee"]
LARGEST_CENTIMES = 99_999_999
QUARTERS = range(1, 5)


class DueState(StrEnum):
    """A quarter's due. HELD: its capture was asked for and is not yet proved."""

    UNPAID = "unpaid"
    HELD = "held"
    PAID = "paid"


class OrderState(StrEnum):
    """An order of payment (`design.md` §4); the edges stand in `payment.EDGES`."""

    OPEN = "open"
    EXPIRED = "expired"
    CAPTURING = "capturing"
    PAID = "paid"
    RELEASED = "released"
    UNCAPTURED = "uncaptured"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Due:
    """A quarter's contribution, as the fund's core system issued it."""

    registration_number: str
    year: int
    quarter: int
    amount_centimes: int
    reference: str
    account: str
    state: DueState = DueState.UNPAID
    trans_id: str | None = None

    @property
    def id(self) -> str:
        """Name of the due among those of its registration number, `2020-1-<reference>`."""
        return f"{self.year}-{self.quarter}-{self.reference}"

    @property
    def fit(self) -> bool:
        """Whether it can be offered: the fund's data may hold what nobody can pay (event 18)."""
        whole = 0 < self.amount_centimes <= LARGEST_CENTIMES and self.quarter in QUARTERS
        return whole and bool(self.reference)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order. `period`: the quarter 1-4, or for the fee the month 1-12 of payment."""

    kind: LineKind
    year: int
    period: int
    amount_centimes: int
    reference: str
    account: str

    @property
    def code(self) -> str:
        """CMI's article code: the year and the period on two digits (published guide, step 7)."""
        return f"{self.year}{self.period:02d}"


@dataclass(frozen=True, slots=True)
class Order:
    """A payment started by a payer.

    All but the fields from `state` on never change, save `email`: its payer may correct it once,
    after the letter came back or where none was given, and before it was forgotten (`corrected`).
    `pair`: the two words that the payer was shown; an order older than they has none.
    """

    reference: str
    registration_number: str
    due_ids: tuple[str, ...]
    lines: tuple[Line, ...]
    card_origin: CardOrigin
    language: str
    email: str | None
    terms_version: str
    rnd: str
    key_id: str
    started_at: datetime
    form_until: datetime
    open_until: datetime
    pair: Pair | None = None
    state: OrderState = OrderState.OPEN
    trans_id: str | None = None
    decided_at: datetime | None = None
    paid_at: datetime | None = None
    proof: str | None = None
    corrected: bool = False

    @property
    def total_centimes(self) -> int:
        """Sum of the contributions and the fee, in centimes."""
        return sum(line.amount_centimes for line in self.lines)

    @property
    def item_count(self) -> int:
        """Number of quarters paid; the fee is no item."""
        return sum(line.kind == "contribution" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One verdict of CMI on an order: what must be kept of it, and the reply it got.

    `approved` says that the bank reserved money; on an order that was not paid by this attempt
    that money is to be released. `reason` is the payer's word for a refusal, the bank's or ours.
    """

    trans_id: str
    code: str
    reply: str
    approved: bool
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """A payment that was started for a registration number. Never names its reference."""

    started_at: datetime
    due_ids: tuple[str, ...]
    until: datetime
