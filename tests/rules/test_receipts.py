"""The receipt and its signature, as a browser's WebCrypto verifies it."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.orders import OrderState
from functions.shared.rules.receipts import (
    discreet,
    masked,
    payload,
    proof,
    raw_signature,
    receipt_of,
)
from tests.rules.samples import LINES, NOW, ORDER, REFERENCE, order

PAID = order(state=OrderState.PAID, paid_at=NOW)
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SCALARS = st.integers(1, ORDER_OF_P256 - 1) | st.integers(1, 2**64)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_payload() -> None:
    """What is signed is what the receipt says: reference, total, time, masked number, lines."""
    receipt = receipt_of(PAID)
    assert json.loads(_decoded(payload(receipt))) == {
        "v": 1, "r": REFERENCE, "t": 146706, "p": "2020-05-05T21:50:51+00:00", "n": "xxxxx6789",
        "l": [["202001", 145110]], "f": [["202005", 1596]],
    }  # fmt: skip


def test_number_within_a_reference() -> None:
    """A due's reference that is made of the registration number does not give it away."""
    told = order(lines=(replace(LINES[0], reference="20201123456789"), LINES[1]))
    assert [line.reference for line in discreet(told)] == ["20201xxxxx6789", REFERENCE]
    assert discreet(ORDER) == LINES


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "00000000000098"}, {"lines": LINES[:1]}, {"paid_at": NOW + timedelta(seconds=1)},
        {"registration_number": "123456780"},
    ],
)  # fmt: skip
def test_every_fact_is_signed(changes: dict[str, object]) -> None:
    """Another reference, line, time or number is another text to sign."""
    changed = order(state=OrderState.PAID, **({"paid_at": NOW} | changes))
    assert payload(receipt_of(changed)) != payload(receipt_of(PAID))


@given(st.binary(min_size=1, max_size=64))
def test_signature_of_a_real_key(text: bytes) -> None:
    """A DER signature turned to r‖s is the same signature, for a key made elsewhere."""
    key = ec.derive_private_key(4319, ec.SECP256R1())
    raw = raw_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
    assert len(raw) == 64
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key.public_key().verify(encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))


@given(SCALARS, SCALARS)
def test_scalars_of_any_length(r: int, s: int) -> None:
    """Short scalars are padded and long ones lose DER's sign byte: always 32 bytes each."""
    expected = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert raw_signature(encode_dss_signature(r, s)) == expected


@pytest.mark.parametrize(
    "der",
    [
        b"\x31\x06\x02\x01\x01\x02\x01\x01", b"\x30\x07\x02\x01\x01\x02\x01\x01",
        b"\x30\x06\x03\x01\x01\x02\x01\x01", b"\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01",
        b"\x30\x26\x02\x22" + b"\x01" * 34 + b"\x02\x00",
        encode_dss_signature(2**263, 1), encode_dss_signature(1, 1)[:-1], b"", b"\x30",
        b"\x30\x07\x02\x02\x00\x01\x02\x01\x01", b"\x30\x06\x02\x01\x81\x02\x01\x01",
        encode_dss_signature(1, 2**250)[:-9],
    ],
)  # fmt: skip
def test_not_a_signature(der: bytes) -> None:
    """What is no P-256 signature in DER is refused, never half read into a proof."""
    with pytest.raises(ValueError, match="not a DER signature"):
        raw_signature(der)


def test_proof_has_three_parts() -> None:
    """The QR's text is payload, key id and signature, base64url without padding."""
    signed = payload(receipt_of(PAID))
    parts = proof(signed, "arn:key/1", encode_dss_signature(1, 2)).split(".")
    assert parts[0] == signed
    assert _decoded(parts[1]) == b"arn:key/1"
    assert _decoded(parts[2]) == (1).to_bytes(32, "big") + (2).to_bytes(32, "big")
    assert "=" not in "".join(parts)


def test_no_receipt_without_payment() -> None:
    """An order that was not paid has no receipt."""
    with pytest.raises(ValueError, match="not paid"):
        receipt_of(ORDER)


def test_masked_number() -> None:
    """A receipt shows four digits of nine."""
    assert masked("123456789") == "xxxxx6789"
