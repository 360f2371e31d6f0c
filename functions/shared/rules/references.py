"""The reference of a payment: twelve digits and two that check them (ISO 7064 MOD 97-10)."""

import hashlib
import hmac
from typing import Literal

from functions.shared.rules import digits

DIGITS = 14
_RANDOM_DIGITS = 12
_MODULUS = 97


def reference_for(checkout_key: str, secret: bytes) -> str:
    """Give the reference of the order that a checkout's key names.

    The reference is a keyed hash of the page's key: nobody can predict it or choose it, and the
    same key names the same order for ever, so a repeated checkout finds what the first one made.
    """
    mac = hmac.digest(secret, b"reference:" + checkout_key.encode(), hashlib.sha256)
    return with_check_digits(f"{int.from_bytes(mac[:16], 'big') % 10**_RANDOM_DIGITS:012d}")


def with_check_digits(twelve: str) -> str:
    """Append the two check digits: the whole is then 1 modulo 97, as in a bank's RIB."""
    return f"{twelve}{_MODULUS + 1 - int(twelve) * 100 % _MODULUS:02d}"


def fault(reference: str) -> digits.Fault | Literal["check_digits"] | None:
    """Say what is wrong with a reference in plain digits; None if nothing."""
    wrong = digits.fault(reference, DIGITS)
    if wrong is None and int(reference) % _MODULUS != 1:
        return "check_digits"
    return wrong
