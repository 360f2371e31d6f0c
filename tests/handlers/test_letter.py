"""Paid orders that the stream brings: signed once, told once."""

import base64
import email
import email.policy
import json
from email.message import EmailMessage
from unittest.mock import patch

import boto3
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from moto.ses.models import ses_backends

from functions.shared.aws import signing
from local.template import ACCOUNT, REGION
from tests.portal import GOLDEN, Json, Portal


def paid(portal: Portal, **changes: object) -> Json:
    """Pay the golden due and give the order."""
    order: Json = portal.checkout(None, **changes).json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    return order


def letters() -> list[EmailMessage]:
    """Give the letters that SES took, as a mail program reads them."""
    policy = email.policy.default
    taken = ses_backends[ACCOUNT][REGION].sent_messages
    return [email.message_from_string(one.raw_data, policy=policy) for one in taken]


def told(portal: Portal, order: Json) -> tuple[str, bool]:
    """Give what the payer is told of the letter, and whether the receipt is signed."""
    receipt = portal.receipt(order).json
    return receipt["letter"]["state"], receipt["proof"] is not None


def grouped(order: Json) -> str:
    """Give an order's reference in groups, as a letter shows it."""
    return " ".join(order["reference"][n : n + 4] for n in range(0, 14, 4))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_golden_letter(portal: Portal, language: str) -> None:
    """The payer gets one letter: reference in its subject, amounts in its text, the PDF attached."""
    order = paid(portal, language=language)
    assert portal.stream() == {"batchItemFailures": []}
    (letter,) = letters()
    assert letter["To"] == "payer@example.ma"
    assert grouped(order) in letter["Subject"].replace("\u00a0", " ")
    first, second = order["words"]
    assert letter["Subject"].startswith(f"{first} – {second}")
    text = letter.get_body(("plain",))
    assert text is not None
    assert "467,06" in text.get_content()
    assert GOLDEN.registration_number not in letter.as_string()
    (pdf,) = letter.iter_attachments()
    assert (pdf.get_content_type(), pdf.get_filename()) == (
        "application/pdf",
        f"recu-{order['reference']}.pdf",
    )
    assert pdf.get_content().startswith(b"%PDF-")
    assert told(portal, order) == ("sent", True)


def test_without_address(portal: Portal) -> None:
    """Without an e-mail the receipt is signed and nothing is sent (event 114)."""
    order = paid(portal, email=None)
    assert portal.stream() == {"batchItemFailures": []}
    assert letters() == []
    assert not [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER")]
    assert told(portal, order) == ("none", True)


@pytest.mark.parametrize("address", ["payer@example.ma", None])
def test_repeated_record(portal: Portal, address: str | None) -> None:
    """A record brought again, even the oldest, does nothing twice (events 103 and I25)."""
    order = paid(portal, email=address)
    record = portal.record(order)
    for _ in range(3):
        assert portal.deliver(record) == {"batchItemFailures": []}
    rows = portal.rows("ORDER#")
    portal.deliver(record)
    portal.stream()
    assert portal.rows("ORDER#") == rows
    assert len(letters()) == (1 if address else 0)


def test_two_at_once(portal: Portal) -> None:
    """Two copies of the function with one record: the claim lets one of them send (event 103)."""
    record = portal.record(paid(portal))
    inner: list[Json] = []
    sign = signing.sign

    def slow(text: str, key: str) -> bytes:
        if not inner:
            inner.append({})
            inner[0] = portal.deliver(record)
        return sign(text, key)

    with patch.object(signing, "sign", slow):
        portal.deliver(record)
    assert inner == [{"batchItemFailures": []}]
    assert len(letters()) == 1


def test_proof(portal: Portal) -> None:
    """The receipt's proof verifies under the key's public half, as the browser will check it."""
    order = paid(portal)
    portal.stream()
    text, key_id, signature = portal.receipt(order).json["proof"].split(".")
    key = base64.urlsafe_b64decode(key_id + "==").decode()
    raw = base64.urlsafe_b64decode(signature + "==")
    public = load_der_public_key(boto3.client("kms").get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(hashes.SHA256()))
    facts = json.loads(base64.urlsafe_b64decode(text + "=="))
    assert (facts["r"], facts["t"], facts["n"]) == (order["reference"], 146706, "xxxxx6789")
