"""NestPay's "Hash Version 3": the signature of a form and of the bank's answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSIGNED = frozenset({"HASH", "ENCODING"})
"""Names left out of the signed text, in any letter case."""


class AmbiguousOrderError(ValueError):
    """The official samples would sort these names differently, so nobody can sign them."""


def signed_order(names: Mapping[str, str]) -> list[str]:
    """Return the names that count, in the order in which their values are signed.

    Raises AmbiguousOrderError when the PHP sample (natural order: id2 before id10) and the JSP
    sample (upper-cased characters: id10 before id2) disagree, or two names differ by case only.
    """
    counted = [name for name in names if name.upper() not in UNSIGNED]
    by_character = sorted(counted, key=str.upper)
    if len({name.upper() for name in counted}) != len(counted):
        raise AmbiguousOrderError("two names differ by letter case only")
    if by_character != sorted(counted, key=_natural):
        raise AmbiguousOrderError("natural and character order differ")
    return by_character


def sign(fields: Mapping[str, str], store_key: str) -> str:
    """Return the base64 SHA-512 of the fields' values under the merchant's store key.

    Raises AmbiguousOrderError as `signed_order` does.
    """
    values = [fields[name] for name in signed_order(fields)]
    text = "|".join(_escaped(value) for value in [*values, store_key])
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


def matches(fields: Mapping[str, str], store_key: str, posted: str) -> bool:
    """Tell whether `posted` is the signature of the fields; an unsortable form never matches."""
    try:
        expected = sign(fields, store_key)
    except AmbiguousOrderError:
        return False
    return hmac.compare_digest(expected.encode(), posted.encode())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


def _natural(name: str) -> list[tuple[int, int]]:
    """Make runs of digits compare as numbers, and as a digit with any other character."""
    parts = re.findall(r"[0-9]+|[^0-9]", name.upper())
    return [(0x30, int(part)) if part.isdecimal() else (ord(part), 0) for part in parts]
