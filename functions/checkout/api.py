"""What the checkout takes and gives (`api.md`)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from functions.shared.asked import known_language
from functions.shared.fields import Token
from functions.shared.operations import Operation
from functions.shared.rules.addresses import address
from functions.shared.rules.orders import CardOrigin
from functions.shared.shown import ShownLine
from functions.shared.web import Request

# One transaction pays an order: at most 100 actions, of which a few are not dues (event 17).
MOST_DUES = 90


def _chosen(due_ids: list[str]) -> list[str]:
    if not due_ids:
        raise PydanticCustomError("problem.nothing_selected", "no due")
    if len(set(due_ids)) != len(due_ids):
        raise PydanticCustomError("duplicate", "a due stands twice")
    return due_ids


def _accepted(accepted: bool) -> bool:  # noqa: FBT001 - a validator's shape
    if not accepted:
        raise PydanticCustomError("problem.terms_not_accepted", "terms")
    return accepted


def _address(typed: str | None) -> str | None:
    if typed is None or not typed.strip():
        return None
    whole = address(typed)
    if whole is None:
        raise PydanticCustomError("problem.email_invalid", "not an address")
    return whole


DueId = Annotated[str, Field(min_length=1, max_length=100)]


class CheckoutRequest(Request):
    """What the payer chose and saw. Amounts are never taken from here."""

    session: Token
    due_ids: Annotated[
        list[DueId],
        Field(max_length=MOST_DUES, json_schema_extra={"minItems": 1, "uniqueItems": True}),
        AfterValidator(_chosen),
    ]
    card_origin: CardOrigin
    accept_terms: Annotated[bool, AfterValidator(_accepted), WithJsonSchema({"const": True})]
    terms_version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
    email: Annotated[str | None, AfterValidator(_address)]
    language: Annotated[str, AfterValidator(known_language)]
    seen_total_centimes: int
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{8,128}$")]


class Gateway(BaseModel):
    """The form that takes the payer to CMI: post `fields` to `url`, unchanged."""

    url: str
    fields: dict[str, str]


class CheckoutAnswer(BaseModel):
    """The order to confirm, and its signed form. `words`: what our letters can be told by."""

    reference: str
    words: tuple[str, str] | None
    lines: list[ShownLine]
    total_centimes: int
    item_count: int
    card_origin: Literal["LOC", "INT"]
    form_expires_in_seconds: int
    gateway: Gateway


OPERATIONS = (
    Operation(
        "POST", "/api/checkout", "Make an order and its signed form", (CheckoutRequest,),
        CheckoutAnswer, status=201,
        codes=(
            "session_expired", "nothing_selected", "terms_not_accepted", "email_invalid",
            "due_unknown", "due_paid", "due_confirming", "total_changed", "key_reused",
            "order_closed", "too_many_requests", "closed",
        ),
    ),
)  # fmt: skip
