"""Types of the fields that several requests carry, with their faults' codes."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from functions.shared.rules import digits, references
from functions.shared.rules.morocco import CASABLANCA


def _registration_number(typed: str) -> str:
    number = digits.plain(typed)
    return _checked(number, digits.fault(number, digits.REGISTRATION_DIGITS))


def _control_code(typed: str) -> str:
    code = digits.plain(typed)
    return _checked(code, digits.fault(code, digits.CODE_DIGITS))


def _reference(typed: str) -> str:
    reference = digits.plain(typed)
    return _checked(reference, references.fault(reference))


def _checked(number: str, fault: str | None) -> str:
    if fault is not None:
        raise PydanticCustomError(fault, "not a number of ours")
    return number


def _described(digits: int) -> WithJsonSchema:
    """Describe a number to programs; what people type instead is read as well."""
    more = "Digits of other scripts, spaces and direction marks are read as people type them."
    pattern = f"^[0-9]{{{digits}}}$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": more})


RegistrationNumber = Annotated[
    str, AfterValidator(_registration_number), _described(digits.REGISTRATION_DIGITS)
]
ControlCode = Annotated[str, AfterValidator(_control_code), _described(digits.CODE_DIGITS)]
Reference = Annotated[str, AfterValidator(_reference), _described(references.DIGITS)]
# Instants are told in Morocco's time, with its offset: phones' own tables may be out of date.
Moment = Annotated[
    datetime,
    PlainSerializer(lambda at: at.astimezone(CASABLANCA).isoformat(timespec="seconds")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Token = Annotated[str, Field(min_length=1, max_length=1024)]
