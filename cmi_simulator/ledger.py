"""What the bank authorised, captured, voided and declined: the truth about the money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmi_simulator.clock import local

if TYPE_CHECKING:
    from datetime import date, datetime

RANK = ("declined", "voided", "authorised", "captured")


class LedgerError(Exception):
    """The bank refuses a movement; `code` and the message as NestPay words them."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Entry:
    """One attempt on an order. Amounts are centimes; `code` is "" where the answer had none."""

    oid: str
    trans_id: str
    amount_centimes: int
    currency: str
    state: str
    code: str
    at: datetime
    masked_card: str
    auth_code: str
    host_reference: str
    replies: list[str] = field(default_factory=list)
    captured_centimes: int = 0
    captured_at: datetime | None = None
    refunded_centimes: int = 0

    def row(self) -> dict[str, object]:
        """Return the entry as `GET /ledger.json` gives it."""
        return {
            "oid": self.oid,
            "trans_id": self.trans_id,
            "amount_centimes": self.amount_centimes,
            "currency": self.currency,
            "state": self.state,
            "replies": list(self.replies),
            "code": self.code,
            "at": local(self.at).isoformat(timespec="seconds"),
            "captured_centimes": self.captured_centimes,
            "refunded_centimes": self.refunded_centimes,
        }


class Ledger:
    """Entries in the order in which they came. The caller holds the bank's lock."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def of(self, oid: str) -> list[Entry]:
        """Return the attempts on an order, oldest first."""
        return [entry for entry in self.entries if entry.oid == oid]

    def is_burnt(self, oid: str) -> bool:
        """Tell whether the order has had its success, whatever became of it."""
        return any(entry.state != "declined" for entry in self.of(oid))

    def best(self, oid: str) -> Entry | None:
        """Return the attempt that an order's status shows: the furthest on, then the latest."""
        return max(reversed(self.of(oid)), key=lambda e: RANK.index(e.state), default=None)

    def capture(self, entry: Entry, amount_centimes: int, now: datetime) -> None:
        """Debit an authorised amount or less. Raises LedgerError."""
        if entry.state != "authorised":
            raise LedgerError("CORE-2506", "Cannot post auth on zero net amount.")
        if not 0 < amount_centimes <= entry.amount_centimes:
            raise LedgerError("CORE-2512", "Not authorized to exceed pre authorization amount.")
        entry.state = "captured"
        entry.captured_centimes = amount_centimes
        entry.captured_at = now

    def void(self, entry: Entry, now: datetime) -> None:
        """Release an authorisation, or undo a capture of the same day. Raises LedgerError."""
        if not self.is_voidable(entry, now):
            raise LedgerError("CORE-2008", "Couldn't find any related transaction.")
        entry.state = "voided"

    def is_voidable(self, entry: Entry, now: datetime) -> bool:
        """Tell whether the entry is authorised, or captured but not yet settled."""
        if entry.state == "captured":
            return not is_settled(entry, now)
        return entry.state == "authorised"

    def credit(self, entry: Entry, amount_centimes: int, now: datetime) -> None:
        """Give back a settled capture, or part of it. Raises LedgerError."""
        if not is_settled(entry, now):
            raise LedgerError("CORE-2508", "Cannot refund, transaction not settled")
        net = entry.captured_centimes - entry.refunded_centimes
        if net == 0:
            raise LedgerError("CORE-2504", "Cannot refund on zero net amount.")
        if not 0 < amount_centimes <= net:
            raise LedgerError("CORE-2503", "Cannot refund more than net amount.")
        entry.refunded_centimes += amount_centimes

    def captured_on(self, day: date) -> list[Entry]:
        """Return the captures of one day in Casablanca that still stand, oldest first."""
        return [
            entry
            for entry in self.entries
            if entry.state == "captured"
            and entry.captured_at is not None
            and local(entry.captured_at).date() == day
        ]


def is_settled(entry: Entry, now: datetime) -> bool:
    """Tell whether a capture's day in Casablanca is over: settlement runs at midnight."""
    if entry.state != "captured" or entry.captured_at is None:
        return False
    return local(entry.captured_at).date() < local(now).date()
