"""The receipt: what a paid order lets its payer show, and its signed form.

The signed text ("proof") is `<payload>.<key id>.<signature>`, each part base64url without
padding: the payload compact JSON, the signature ECDSA P-256 over SHA-256 of the payload's text
as raw r‖s, which is what WebCrypto verifies.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime

from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.orders import CardOrigin, Line, LineKind, Order, Pair

SCALAR_BYTES = 32
KINDS: tuple[LineKind, ...] = ("contribution", "fee")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Facts of a receipt. `registration_number` is masked, `proof` is None until signed.

    In a letter of something that was not paid, `paid_at` is the instant that it tells of.
    """

    reference: str
    registration_number: str
    lines: tuple[Line, ...]
    total_centimes: int
    card_origin: CardOrigin
    paid_at: datetime
    language: str
    proof: str | None
    pair: Pair | None = None


def masked(registration_number: str) -> str:
    """Give the number as it may be shown to whoever holds the receipt: xxxxx6789."""
    return "x" * (len(registration_number) - 4) + registration_number[-4:]


def discreet(order: Order) -> tuple[Line, ...]:
    """Give an order's lines with the registration number masked in them too.

    The core system may make a due's reference of it, and a letter may go to a relative.
    """
    number = order.registration_number
    return tuple(
        replace(line, reference=line.reference.replace(number, masked(number)))
        for line in order.lines
    )


def receipt_of(order: Order) -> Receipt:
    """Give the receipt of an order that was paid; raise ValueError for any other."""
    if order.paid_at is None:
        raise ValueError("an order that was not paid has no receipt")
    return facts(order, order.paid_at)


def facts(order: Order, at: datetime) -> Receipt:
    """Give what a letter tells of an order, paid or not, as of the instant `at`."""
    return Receipt(
        reference=order.reference,
        registration_number=masked(order.registration_number),
        lines=discreet(order),
        total_centimes=order.total_centimes,
        card_origin=order.card_origin,
        paid_at=at,
        language=order.language,
        proof=order.proof,
        pair=order.pair,
    )


def payload(receipt: Receipt) -> str:
    """Give the text to sign: version, reference, total, time in Morocco, number, lines, fee."""
    lines = {kind: [line for line in receipt.lines if line.kind == kind] for kind in KINDS}
    facts = {
        "v": 1,
        "r": receipt.reference,
        "t": receipt.total_centimes,
        "p": receipt.paid_at.astimezone(CASABLANCA).isoformat(timespec="seconds"),
        "n": receipt.registration_number,
        "l": [[line.code, line.amount_centimes] for line in lines["contribution"]],
        "f": [[line.code, line.amount_centimes] for line in lines["fee"]],
    }
    return unpadded(json.dumps(facts, separators=(",", ":")).encode())


def proof(signed_payload: str, key_id: str, signature_der: bytes) -> str:
    """Join a payload, the signing key's id and its DER signature into the QR's text."""
    return f"{signed_payload}.{unpadded(key_id.encode())}.{unpadded(raw_signature(signature_der))}"


def raw_signature(der: bytes) -> bytes:
    """Turn an ECDSA signature from DER (RFC 3279 §2.2.3) into the 64 bytes r‖s of WebCrypto."""
    r, rest = _integer(der[2:])
    s, _ = _integer(rest)
    # DER writes a number in one way: what is not so written is cut short, padded or no signature.
    if max(r, s).bit_length() > 8 * SCALAR_BYTES or der != _der(r, s):
        raise ValueError("not a DER signature of P-256")
    return r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big")


def _integer(der: bytes) -> tuple[int, bytes]:
    """Split an INTEGER off, if one is there: its value, and what follows."""
    end = 2 + int.from_bytes(der[1:2], "big")
    return int.from_bytes(der[2:end], "big"), der[end:]


def _der(*scalars: int) -> bytes:
    """Write a SEQUENCE of INTEGERs that are not negative."""
    written = [n.to_bytes(n.bit_length() // 8 + 1, "big") for n in scalars]
    content = b"".join(b"\x02" + bytes([len(n)]) + n for n in written)
    return b"\x30" + bytes([len(content)]) + content


def unpadded(raw: bytes) -> str:
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
