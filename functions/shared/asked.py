"""Asking for a payment: by handle, or by reference and registration number under a counter."""

from datetime import datetime

from pydantic_core import PydanticCustomError

from functions.shared import settings
from functions.shared.aws import dues, orders, secrets
from functions.shared.fields import Reference, RegistrationNumber, Token
from functions.shared.operations import NUMBER_FAULTS
from functions.shared.rules.errors import Problem
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.tokens import anonymous, handle_reference
from functions.shared.web import Request

FAULTS = {"reference": (*NUMBER_FAULTS, "check_digits"), "registration_number": NUMBER_FAULTS}
CODES = ("not_found", "too_many_requests")


class ByReference(Request):
    """A reference, with the registration number that makes it open something."""

    reference: Reference
    registration_number: RegistrationNumber


class ByHandle(Request):
    """The handle that a verified return from CMI gave to the browser."""

    handle: Token


def known_language(code: str | None) -> str | None:
    """Refuse a language that is not one of ours; None stands for the order's own."""
    if code is not None and code not in LANGUAGES:
        raise PydanticCustomError("unknown", "not a language of ours")
    return code


def asked_payment(request: ByReference | ByHandle, address: str, now: datetime) -> orders.Payment:
    """Give the payment that a request opens.

    Raise not_found, the same for an unknown reference, a number that is not its own and a handle
    that is not ours; or too_many_requests.
    """
    secret = secrets.read(settings.read(settings.Settings).token_secret, now).secrets(now)
    if isinstance(request, ByHandle):
        reference = handle_reference(request.handle, secret)
    else:
        dues.count_question(anonymous(address, secret[0]), now)
        reference = request.reference
    payment = orders.payment(reference) if reference else None
    if payment is None:
        raise Problem("not_found")
    number = payment.order.registration_number
    if isinstance(request, ByReference) and request.registration_number != number:
        raise Problem("not_found")
    return payment
