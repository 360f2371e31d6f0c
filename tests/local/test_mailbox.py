import base64
import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from werkzeug.wrappers import Response

from local import mailbox
from local.aws import Mail
from local.postman import Played

SUBJECT = "Confirmation de paiement, référence 4319 0271 8852 04"


def raw(subject: str = SUBJECT) -> bytes:
    """Make a letter as the letter function does: text, HTML, PDF."""
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "Payeur <payeur@example.ma>"
    message["Date"] = datetime(2020, 5, 5, 21, 51, 3, tzinfo=UTC)
    message["X-ASVI-Letter"] = "1"
    message.set_content("وصل الأداء <b>")
    message.add_alternative("<p>1 467,06 DH</p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="reçu.pdf")
    return bytes(message)


def mail(content: bytes | None = None) -> Mail:
    """Give a letter as SES took it."""
    return Mail("id-1", "asvi@cnss.example", ("payeur@example.ma",), content or raw())


def told(_mail: Mail) -> list[Played]:
    """Say that SES sent and delivered."""
    at = datetime(2020, 5, 5, 21, 51, 4, tzinfo=UTC)
    return [(at, "Send"), (at, "Delivery")]


def shown(path: str) -> Response:
    """Give the mailbox's page at a path, for a mailbox with one letter."""
    response = mailbox.answer(path, [mail()], told)
    assert response is not None
    return response


def test_json() -> None:
    """A program reads address, subject, text, HTML, attachment and reference of each letter."""
    (letter,) = json.loads(json.dumps(mailbox.as_json([mail()])))
    assert letter["to"] == ["payeur@example.ma"]
    assert letter["subject"] == SUBJECT
    assert letter["text"] == "وصل الأداء <b>\n"
    assert letter["html"].startswith("<p>1 467,06 DH</p>")
    assert (letter["reference"], letter["name"]) == ("43190271885204", "1")
    (attachment,) = letter["attachments"]
    assert (attachment["name"], attachment["type"]) == ("reçu.pdf", "application/pdf")
    assert base64.b64decode(attachment["base64"]) == b"%PDF-1.7"


@pytest.mark.parametrize("space", ["", "\u00a0", "\u202f"])
def test_reference(space: str) -> None:
    """The reference is found in the subject whatever space groups it."""
    grouped = space.join(("4319", "0271", "8852", "04"))
    assert mailbox.letter_of(raw(f"({grouped})")).reference == "43190271885204"


def test_no_reference() -> None:
    """A subject without a reference has none; a longer number is not taken for one."""
    assert mailbox.letter_of(raw("Bonjour 431902718852045")).reference is None


def test_list() -> None:
    """The list leads to each letter, with its time and its news; an empty mailbox says so."""
    page = shown("").get_data(as_text=True)
    assert 'href="/_local/mail/1/"' in page
    assert "2020-05-05 21:51:03" in page
    assert "Send, Delivery" in page
    empty = mailbox.answer("", [], told)
    assert empty is not None
    assert "Aucun courrier" in empty.get_data(as_text=True)


def test_letter() -> None:
    """A letter's page shows its text escaped and its HTML in a frame where nothing can run."""
    page = shown("1/").get_data(as_text=True)
    assert "وصل الأداء &lt;b&gt;" in page
    assert "<script>" not in page
    assert '<iframe sandbox title="HTML" src="/_local/mail/1/html">' in page
    assert 'href="/_local/mail/1/files/0"' in page


def test_buttons() -> None:
    """A letter's page says what SES told of it, and has a button for each thing it may tell."""
    page = shown("1/").get_data(as_text=True)
    assert "2020-05-05 21:51:04 : Delivery" in page
    for asked in ("deliver", "bounce", "complain", "reject"):
        assert f'<form method="post" action="/_local/mail/1/{asked}">' in page


def test_html() -> None:
    """A letter's HTML is a page of its own, where no script runs and nothing is fetched."""
    policy = shown("1/html").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


def test_file() -> None:
    """The PDF opens from the letter's page."""
    response = shown("1/files/0")
    assert (response.data, response.content_type) == (b"%PDF-1.7", "application/pdf")


@pytest.mark.parametrize("path", ["0/", "2/", "x/", "1/files/1", "1/files/x", "1/absent", "²/"])
def test_absent(path: str) -> None:
    """An address that names no letter or file names nothing."""
    assert mailbox.answer(path, [mail()], told) is None
