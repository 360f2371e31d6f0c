"""What the receipt takes and gives (`api.md`)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError

from functions.shared.asked import CODES, FAULTS, ByHandle, ByReference
from functions.shared.fields import Moment
from functions.shared.operations import Operation
from functions.shared.rules.addresses import address
from functions.shared.rules.payment import Word
from functions.shared.shown import ShownLine

LetterState = Literal["none", "waiting", "sent", "delivered", "bounced", "failed"]


class LetterNews(BaseModel):
    """What became of the letter, and the masked address it goes to."""

    state: LetterState
    to: str | None


class ReceiptAnswer(BaseModel):
    """State of a payment, and its receipt once it is paid.

    `words`, in the order's `language`: the two that its letters can be told by.
    """

    reference: str
    words: tuple[str, str] | None
    state: Word
    reason: str | None
    lines: list[ShownLine]
    total_centimes: int
    card_origin: Literal["LOC", "INT"]
    started_at: Moment
    paid_at: Moment | None
    check_again_in_seconds: int | None
    until: Moment | None
    until_in_seconds: int | None
    registration_number: str
    language: str
    letter: LetterNews
    proof: str | None


def _address(typed: str) -> str:
    whole = address(typed)
    if whole is None:
        raise PydanticCustomError("problem.email_invalid", "not an address")
    return whole


class AgainByReference(ByReference):
    """Ask for the letter again, at the address it went to."""


class AgainByHandle(ByHandle):
    """Ask for the letter again; `email` corrects the address, once."""

    email: Annotated[str, AfterValidator(_address)] | None = None


class AgainAnswer(BaseModel):
    """A letter is on its way."""

    letter: LetterNews


OPERATIONS = (
    Operation(
        "POST", "/api/receipt", "Ask for the state of a payment and its receipt",
        (ByReference, ByHandle), ReceiptAnswer,
        codes=CODES,
        field_faults=FAULTS,
    ),
    Operation(
        "POST", "/api/receipt/letter", "Have the letter sent again, or to a corrected address",
        (AgainByReference, AgainByHandle), AgainAnswer, status=202,
        codes=(*CODES, "not_ready", "no_address", "address_kept", "email_invalid"),
        field_faults=FAULTS,
    ),
)  # fmt: skip
