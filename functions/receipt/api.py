"""What the receipt takes and gives (`api.md`)."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from functions.shared.asked import CODES, FAULTS, ByHandle, ByReference
from functions.shared.operations import Operation
from functions.shared.rules.payment import Word
from functions.shared.shown import ShownLine

LetterState = Literal["none", "waiting", "sent", "delivered", "bounced", "failed"]


class LetterNews(BaseModel):
    """What became of the letter, and the masked address it goes to."""

    state: LetterState
    to: str | None


class ReceiptAnswer(BaseModel):
    """State of a payment, and its receipt once it is paid."""

    reference: str
    state: Word
    reason: str | None
    lines: list[ShownLine]
    total_centimes: int
    card_origin: Literal["LOC", "INT"]
    started_at: datetime
    paid_at: datetime | None
    check_again_in_seconds: int | None
    until: datetime | None
    until_in_seconds: int | None
    registration_number: str
    language: str
    letter: LetterNews
    proof: str | None


OPERATIONS = (
    Operation(
        "POST", "/api/receipt", "Ask for the state of a payment and its receipt",
        (ByReference, ByHandle), ReceiptAnswer,
        codes=CODES,
        field_faults=FAULTS,
    ),
)  # fmt: skip
