"""Letters while SES, the key service or the stream fail: never a second one, never none."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError

from functions.letter import compose
from functions.shared.aws import mail, signing
from functions.shared.rules.errors import Unavailable
from tests.handlers.test_letter import letters, paid, told
from tests.handlers.wire import calls, lost
from tests.portal import GOLDEN, Json, Portal


@pytest.mark.parametrize(
    "code", ["MessageRejected", "AccountSuspendedException", "MailFromDomainNotVerifiedException"]
)
def test_refused(portal: Portal, code: str) -> None:
    """A letter that SES refuses is marked failed, for the operator; the payment stands (event 112)."""
    order = paid(portal)
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "SendEmail")
    with patch.object(mail.client(), "send_email", side_effect=error):
        assert portal.stream() == {"batchItemFailures": []}
    assert told(portal, order) == ("failed", True)
    (row,) = [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER")]
    assert row["waits"] == "QUEUE"
    assert portal.receipt(order).json["state"] == "paid"


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException"])
def test_busy(portal: Portal, code: str) -> None:
    """A letter that SES will not take now certainly did not leave: the sweep sends it (event 112)."""
    order = paid(portal)
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "SendEmail")
    with patch.object(mail.client(), "send_email", side_effect=error):
        assert portal.stream() == {"batchItemFailures": []}
    assert told(portal, order) == ("waiting", True)
    portal.now += timedelta(minutes=2)
    portal.invoke("LetterFunction", {"sweep": True})
    assert told(portal, order) == ("sent", True)
    assert len(letters()) == 1


@pytest.mark.parametrize("applied", [True, False])
def test_time_out(portal: Portal, applied: bool) -> None:
    """After a time-out nobody knows whether the letter left: none goes for ten minutes (event 111)."""
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
    """Where SES never says a word a letter goes twice more, then to the operator (event 111, I19)."""
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
    """A letter that fails before SES was asked is not taken for one that may have left (event 111)."""
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


def test_busy_for_a_day(portal: Portal) -> None:
    """A letter that SES will not take waits longer each time, and after a day for a person (112)."""
    paid(portal)
    error = ClientError({"Error": {"Code": "SendingPausedException", "Message": ""}}, "SendEmail")
    with patch.object(mail.client(), "send_email", side_effect=error) as tried:
        portal.stream()
        for _ in range(26 * 6):
            portal.now += timedelta(minutes=10)
            portal.invoke("LetterFunction", {"sweep": True})
    (row,) = [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER")]
    assert (row["waits"], row["queued_why"]) == ("QUEUE", "it failed again and again for a day")
    assert 140 <= tried.call_count <= 150
    assert letters() == []
