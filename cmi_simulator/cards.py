"""Test cards: the number decides the outcome, as in a bank's sandbox."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bank says of an attempt.

    `code` is NestPay's ProcReturnCode ("" when the answer carries none), `md_status` the
    result of the 3-D authentication, `message` the English ErrMsg.
    """

    name: str
    code: str
    message: str
    md_status: str = "1"

    @property
    def approved(self) -> bool:
        """Whether the money is authorised."""
        return self.code == "00"

    @property
    def response(self) -> str:
        """NestPay's one-word answer."""
        if self.approved:
            return "Approved"
        return "Error" if self.code in {"", "99"} else "Declined"


@dataclass(frozen=True, slots=True)
class Card:
    """A number of sixteen digits, its outcome, and one sentence for people."""

    number: str
    outcome: Outcome
    what: str

    @property
    def brand(self) -> str:
        """The scheme's name, as EXTRA.CARDBRAND has it."""
        return "VISA" if self.number.startswith("4") else "MASTERCARD"


APPROVED = Outcome("approved", "00", "")
FUNDS = Outcome("funds", "51", "Insufficient funds")

CARDS = (
    Card("4000000000000010", APPROVED, "Visa, approved."),
    Card("5453010000066100", APPROVED, "Mastercard, approved."),
    Card("4000000000510000", FUNDS, "Declined: not enough money on the account."),
    Card(
        "4000000000610008",
        Outcome("limit", "61", "Exceeds withdrawal amount limit"),
        "Declined: the card's limit is reached.",
    ),
    Card(
        "4000000000570004",
        Outcome("not_enabled", "57", "Transaction not permitted to cardholder"),
        "Declined: the card is not enabled for payments on the internet.",
    ),
    Card(
        "4000000000140006",
        Outcome("card_data", "14", "Invalid account number"),
        "Declined: the bank does not know this number.",
    ),
    Card(
        "4000000000540007",
        Outcome("expired_card", "54", "Expired card"),
        "Declined: the bank says that the card has expired.",
    ),
    Card(
        "4000000000050007",
        Outcome("bank_refused", "05", "Refusé par l'émetteur"),
        "Declined by the payer's bank without a reason (its message has an accent and a quote).",
    ),
    Card(
        "4000000000910002",
        Outcome("bank_unavailable", "91", "Issuer or switch is inoperative"),
        "Declined: the payer's bank cannot be reached.",
    ),
    Card(
        "4000000000820003",
        Outcome("cvv", "82", "CVV validation error"),
        "Declined: wrong verification code, says the bank.",
    ),
    Card(
        "4000000000300006",
        Outcome("authentication", "", "Not authenticated", md_status="0"),
        "3-D authentication failed: mdStatus 0, and an answer without ProcReturnCode.",
    ),
    Card(
        "4000000000990004",
        Outcome("technical", "99", "System error. Acquirer transmit."),
        "Technical error at the gateway: ProcReturnCode 99.",
    ),
    Card(
        "4000000000070005",
        Outcome("approved_unauthenticated", "00", "", md_status="7"),
        "Approved, but mdStatus 7: a merchant should not capture it.",
    ),
)


def find(number: str) -> Card | None:
    """Return the test card with this number of digits only, or None."""
    return next((card for card in CARDS if card.number == number), None)


def is_luhn(number: str) -> bool:
    """Tell whether the digits end in their check digit (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def listing() -> list[dict[str, str]]:
    """Return the cards as `GET /cards.json` gives them."""
    return [
        {
            "number": card.number,
            "outcome": card.outcome.name,
            "code": card.outcome.code,
            "what": card.what,
        }
        for card in CARDS
    ]
