"""Paid orders that the stream brings: signed once, told once."""

import base64
import email
import email.policy
import json
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from moto.ses.models import ses_backends

from functions.letter import compose
from functions.shared.aws import mail, signing
from functions.shared.rules.errors import Unavailable
from local.template import ACCOUNT, REGION
from tests.handlers.wire import calls, lost
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


@pytest.mark.parametrize(
    "code", ["MessageRejected", "AccountSuspendedException", "MailFromDomainNotVerifiedException"]
)
def test_refused(portal: Portal, code: str) -> None:
    """A letter that SES refuses is marked failed, for the operator; the payment stands (112)."""
    order = paid(portal)
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "SendEmail")
    with patch.object(mail._client(), "send_email", side_effect=error):
        assert portal.stream() == {"batchItemFailures": []}
    assert told(portal, order) == ("failed", True)
    (row,) = [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER")]
    assert row["waits"] == "QUEUE"
    assert portal.receipt(order).json["state"] == "paid"


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException"])
def test_busy(portal: Portal, code: str) -> None:
    """A letter that SES will not take now certainly did not leave: the sweep sends it (112)."""
    order = paid(portal)
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "SendEmail")
    with patch.object(mail._client(), "send_email", side_effect=error):
        assert portal.stream() == {"batchItemFailures": []}
    assert told(portal, order) == ("waiting", True)
    portal.now += timedelta(minutes=2)
    portal.invoke("LetterFunction", {"sweep": True})
    assert told(portal, order) == ("sent", True)
    assert len(letters()) == 1


@pytest.mark.parametrize("applied", [True, False])
def test_time_out(portal: Portal, applied: bool) -> None:
    """After a time-out nobody knows whether the letter left: none goes for ten minutes (111)."""
    record = portal.record(order := paid(portal))
    with lost("SendEmail", applied=applied) as gone:
        failures = portal.deliver(record)["batchItemFailures"]
    assert len(gone) == 1  # botocore itself tried once only
    for _ in range(len(failures) + 1):
        assert portal.deliver(record) == {"batchItemFailures": []}
    portal.now += timedelta(minutes=9)
    portal.invoke("LetterFunction", {"sweep": True})
    assert len(letters()) == int(applied)
    assert told(portal, order) == ("waiting", True)


def test_silence_of_ses(portal: Portal) -> None:
    """Where SES never says a word a letter goes twice more, then to the operator (111, I19)."""
    record = portal.record(order := paid(portal))
    with lost("SendEmail", applied=True) as gone:
        portal.deliver(record)
        for _ in range(6):
            portal.now += timedelta(minutes=11)
            portal.invoke("LetterFunction", {"sweep": True})
    assert len(gone) == len(letters()) == 3
    (row,) = [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER")]
    assert row["waits"] == "QUEUE"
    assert portal.receipt(order).json["state"] == "paid"


def test_lost_stream(portal: Portal) -> None:
    """What the stream never brought the sweep signs and sends, once (I16)."""
    order, silent = paid(portal), paid_silently(portal)
    for _ in range(3):
        portal.now += timedelta(minutes=2)
        portal.invoke("LetterFunction", {"sweep": True})
    assert (told(portal, order), told(portal, silent)) == (("sent", True), ("none", True))
    assert len(letters()) == 1


def paid_silently(portal: Portal) -> Json:
    """Pay another due of the number, without an address."""
    portal.load(replace(GOLDEN, quarter=2, reference="SECOND"))
    return paid(portal, email=None)


def test_letter_that_cannot_be_written(portal: Portal) -> None:
    """A letter that fails before SES was asked is not taken for one that may have left (111)."""
    record = portal.record(order := paid(portal))
    with patch.object(compose, "as_text", side_effect=KeyError("word")):
        failures = portal.deliver(record)["batchItemFailures"]
    assert failures == [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]
    assert letters() == []
    assert portal.deliver(record) == {"batchItemFailures": []}
    assert told(portal, order) == ("sent", True)


def test_one_poisoned_record(portal: Portal) -> None:
    """A record that fails is named, and the others go on (event 103)."""
    good = portal.record(paid(portal))
    poison = {"dynamodb": {"NewImage": {"sk": {"S": "ORDER"}}, "SequenceNumber": "poison"}}
    answer = portal.deliver(poison, good)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "poison"}]}
    assert len(letters()) == 1


def test_key_service_down(portal: Portal) -> None:
    """Without the signing key the record is brought again, and then signed and sent (event 99)."""
    record = portal.record(order := paid(portal))
    with lost("Sign", applied=False), calls() as made:
        failures = portal.deliver(record)["batchItemFailures"]
    assert failures == [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]
    assert set(made) == {"Sign"}
    assert told(portal, order) == ("waiting", False)
    assert portal.deliver(record) == {"batchItemFailures": []}
    assert told(portal, order) == ("sent", True)


def test_key_service_down_for_one(portal: Portal) -> None:
    """A signature that fails for one order stops no other order of the batch."""
    portal.load(second := replace(GOLDEN, registration_number="222222222"))
    first = portal.record(paid(portal))
    listed = portal.first_lookup(second.registration_number).json
    other = portal.checkout(listed, email="other@example.ma").json
    portal.verdict(other)
    real, asked = signing.sign, iter([Unavailable])

    def failing(text: str, key: str) -> bytes:
        for error in asked:
            raise error
        return real(text, key)

    with patch.object(signing, "sign", failing):
        answer = portal.deliver(first, portal.record(other))
    assert answer == {
        "batchItemFailures": [{"itemIdentifier": first["dynamodb"]["SequenceNumber"]}]
    }
    assert [letter["To"] for letter in letters()] == ["other@example.ma"]


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
