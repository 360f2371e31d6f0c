"""Asking for a payment: by handle, or by reference and registration number under a counter."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from functions.shared import settings
from functions.shared.aws import dues, orders, secrets
from functions.shared.fields import Reference, RegistrationNumber, Token
from functions.shared.operations import NUMBER_FAULTS
from functions.shared.rules.errors import Problem, Unavailable
from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.tokens import anonymous, handle_reference
from functions.shared.web import Request

FAULTS = {"reference": (*NUMBER_FAULTS, "check_digits"), "registration_number": NUMBER_FAULTS}
CODES = ("not_found", "too_many_requests")


class Settings(settings.Serving):
    """What whoever tells of payments is told besides; `handle_days`: a handle's life."""

    handle_days: Annotated[int, Field(gt=0)]


class ByReference(Request):
    """A reference, with the registration number that makes it open something."""

    reference: Reference
    registration_number: RegistrationNumber


class ByHandle(Request):
    """The handle that a verified return from CMI gave to the browser."""

    handle: Token


def known_language(code: str | None) -> str | None:
    """Refuse a language that is not offered here; None stands for the order's own."""
    if code is not None and code not in settings.read(settings.Offering).languages:
        raise PydanticCustomError("unknown", "not a language of ours")
    return code


def asked_payment(request: ByReference | ByHandle, address: str, now: datetime) -> orders.Payment:
    """Give the payment that a request opens.

    Raise not_found, the same for an unknown reference, a number that is not its own and a handle
    that is not ours or too old; too_many_requests; or Unavailable where the table was restored
    and may lack the payment, or what became of it.
    """
    told = settings.read(Settings)
    secret = secrets.read(told.token_secret, now).secrets(now)
    if isinstance(request, ByHandle):
        reference = handle_reference(request.handle, secret)
    else:
        dues.count_question(anonymous(address, secret[0]), now)
        reference = request.reference
    payment = orders.payment(reference) if reference else None
    if payment is not None and not _opens(request, payment.order, now):
        payment = None
    paid = payment is not None and payment.order.state is OrderState.PAID
    if told.payments == "frozen" and not paid:
        raise Unavailable
    if payment is None:
        raise Problem("not_found")
    return payment


def _opens(request: ByReference | ByHandle, order: Order, now: datetime) -> bool:
    """Say whether a request opens an order: by its number, or while its handle is good."""
    if isinstance(request, ByReference):
        return request.registration_number == order.registration_number
    return now < order.started_at + timedelta(days=settings.read(Settings).handle_days)
