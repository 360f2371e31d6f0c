"""Signed texts that the portal hands out and takes back: tickets, sessions, handles.

A token is `<facts>.<mac>`: compact JSON and HMAC-SHA-256, both base64url without padding. Each
purpose has its own key, so that no token can stand in for another. Nothing is stored.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import ClassVar, Self

from functions.shared.rules.receipts import unpadded

LONGEST = 1024
HANDLE_MAC_BYTES = 16
TICKET_LIFE = timedelta(minutes=5)
SESSION_LIFE = timedelta(minutes=30)
SESSION_LONGEST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class _Token:
    purpose: ClassVar[str]

    def sealed(self, secret: bytes) -> str:
        """Write the token as text, signed for its purpose."""
        text = json.dumps(asdict(self), separators=(",", ":")).encode()
        return f"{unpadded(text)}.{unpadded(_mac(secret, self.purpose, text))}"

    @classmethod
    def opened(cls, token: str, secrets: Sequence[bytes]) -> Self | None:
        """Read a token back; None unless one of our keys signed it for this purpose."""
        head, dot, tail = token.partition(".")
        if not dot or len(token) > LONGEST or not token.isascii():
            return None
        try:
            text, mac = _padded(head), _padded(tail)
        except (binascii.Error, ValueError):
            return None
        # Every key is compared, whichever matches.
        ours = [hmac.compare_digest(_mac(key, cls.purpose, text), mac) for key in secrets]
        if not any(ours):
            return None
        facts = json.loads(text)
        return cls(**facts) if set(facts) == {field.name for field in fields(cls)} else None


@dataclass(frozen=True, slots=True)
class Ticket(_Token):
    """A control code that was shown. `expires` in seconds since 1970; `challenge` in hex."""

    purpose = "ticket"
    id: str
    code: str
    expires: int
    salt: str
    challenge: str
    most: int


@dataclass(frozen=True, slots=True)
class Session(_Token):
    """Somebody passed the control for a registration number. Times in seconds since 1970."""

    purpose = "session"
    number: str
    issued: int
    expires: int

    @classmethod
    def begun(cls, number: str, now: datetime) -> Self:
        """Begin a session of 30 minutes."""
        return cls(number, int(now.timestamp()), int((now + SESSION_LIFE).timestamp()))

    def renewed(self, now: datetime) -> Self:
        """Give 30 minutes more, up to 4 hours in all."""
        longest = self.issued + int(SESSION_LONGEST.total_seconds())
        return type(self)(
            self.number, self.issued, min(longest, int((now + SESSION_LIFE).timestamp()))
        )


def handle(reference: str, secret: bytes) -> str:
    """Give the handle that opens a receipt without the registration number."""
    mac = _mac(secret, "handle", reference.encode())[:HANDLE_MAC_BYTES]
    return f"{reference}.{unpadded(mac)}"


def handle_reference(text: str, secrets: Sequence[bytes]) -> str | None:
    """Give the reference that a handle opens; None unless it is one of ours."""
    if len(text) > LONGEST or not text.isascii():
        return None
    reference = text.partition(".")[0]
    ours = [hmac.compare_digest(handle(reference, key), text) for key in secrets]
    return reference if any(ours) else None


def anonymous(address: str, secret: bytes) -> str:
    """Give the name under which an address is counted: nobody can turn it back."""
    return unpadded(_mac(secret, "address", address.encode())[:HANDLE_MAC_BYTES])


def _mac(secret: bytes, purpose: str, text: bytes) -> bytes:
    return hmac.digest(secret, purpose.encode() + b":" + text, hashlib.sha256)


def _padded(text: str) -> bytes:
    """Decode base64url without padding, of which any bytes have one spelling; raise ValueError."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if unpadded(raw) != text:
        raise ValueError("another spelling")
    return raw
