import re
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.shared.rules.letters import AFTER
from local import template
from local.aws import Mail
from local.news import DETAIL_TYPES, event_of
from local.patterns import matches
from local.postman import ASKED

NOW = datetime(2020, 5, 5, 21, 52, tzinfo=UTC)
RAW = (
    b"Subject: Bonjour\r\nFrom: asvi@cnss.example\r\nTo: payer@example.ma\r\n"
    b"Date: Tue, 05 May 2020 21:51:03 +0000\r\n"
    b"X-ASVI-Reference: 43190271885204\r\nX-ASVI-Letter: 2\r\n\r\ntexte\r\n"
)
MAIL = Mail("m-1", "asvi@cnss.example", ("payer@example.ma",), RAW)


def told(kind: str) -> Any:  # noqa: ANN401 - an event is any JSON
    """Give the event of a kind."""
    return event_of(kind, MAIL, NOW)


def test_envelope() -> None:
    """An event comes in EventBridge's envelope, under the name that SES gives its kind."""
    event = told("Bounce")
    assert re.fullmatch(r"[0-9a-f-]{36}", event.pop("id"))
    assert event.pop("detail")["eventType"] == "Bounce"
    assert event == {
        "version": "0",
        "detail-type": "Email Bounced",
        "source": "aws.ses",
        "account": "123456789012",
        "time": "2020-05-05T21:52:00Z",
        "region": "eu-west-3",
        "resources": ["arn:aws:ses:eu-west-3:123456789012:configuration-set/asvi-local"],
    }


def test_mail() -> None:
    """An event names the mail as SES does: its id, its time, its addresses, its tags in lists."""
    mail = told("Send")["detail"]["mail"]
    assert (mail["messageId"], mail["timestamp"]) == ("m-1", "2020-05-05T21:51:03.000Z")
    assert (mail["source"], mail["destination"]) == ("asvi@cnss.example", ["payer@example.ma"])
    assert {"name": "Subject", "value": "Bonjour"} in mail["headers"]
    assert mail["commonHeaders"]["subject"] == "Bonjour"
    assert {name: mail["tags"][name] for name in ("oid", "letter", "ses:configuration-set")} == {
        "oid": ["43190271885204"], "letter": ["2"], "ses:configuration-set": ["asvi-local"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("Send", {}),
        ("Delivery", {"recipients": ["payer@example.ma"], "timestamp": "2020-05-05T21:52:00.000Z"}),
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}),
        ("Complaint", {"complainedRecipients": [{"emailAddress": "payer@example.ma"}]}),
        ("Reject", {"reason": "Bad content"}),
    ],
)
def test_kinds(kind: str, part: dict[str, Any]) -> None:
    """Each kind has its own part, under its own name, and no other kind's."""
    detail = told(kind)["detail"]
    assert set(detail) == {"eventType", "mail", kind.lower()}
    assert part.items() <= detail[kind.lower()].items()


def test_bounced_recipient() -> None:
    """A bounce says which address was refused, and what its server answered."""
    (recipient,) = told("Bounce")["detail"]["bounce"]["bouncedRecipients"]
    assert (recipient["emailAddress"], recipient["status"]) == ("payer@example.ma", "5.1.1")


def test_every_kind_is_heard() -> None:
    """Whatever can be played is published, matches the letter function's rule, and means something."""
    (rule,) = [one for one in template.read().rules() if one.function == "LetterFunction"]
    assert set(ASKED.values()) | {"Send"} == set(DETAIL_TYPES) == set(AFTER)
    for kind in DETAIL_TYPES:
        assert matches(rule.pattern, told(kind))
        assert kind.upper() in template.read().mail_events()
