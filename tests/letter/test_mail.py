from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from functions.letter.compose import Letter, compose
from functions.letter.mail import message
from functions.letter.words import load
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.receipts import Receipt

AT = datetime(2020, 5, 5, 21, 51, tzinfo=UTC)
SENDER = "CNSS <no-reply@cnss.example>"
REFERENCE = "43190271885204"
PLAIN = Letter("Sujet", "texte\n", "<p>texte</p>\n", None, "recu.pdf")

Receipts = Callable[[str], Receipt]


def sent(letter: Letter) -> EmailMessage:
    """Read back the message of a letter as a mail reader does."""
    raw = message(letter, SENDER, "payer@example.ma", REFERENCE, "1", AT)
    return message_from_bytes(raw, _class=EmailMessage, policy=default)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole(language: str, golden: Receipts) -> None:
    """The payer gets the text, its HTML twin and the receipt, each unharmed by the journey."""
    letter = compose("paid", golden(language), load(language), "https://portal.example")
    mail = sent(letter)
    both, receipt = mail.iter_parts()
    text, html = both.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert both.get_content_type() == "multipart/alternative"
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().replace("\r\n", "\n") == letter.html
    assert receipt.get_content() == letter.pdf
    assert receipt.get_filename() == letter.pdf_name
    assert receipt.get_content_type() == "application/pdf"


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers(language: str, golden: Receipts, bare: Callable[[str], str]) -> None:
    """The subject holds the grouped reference; date and addresses are those given."""
    letter = compose("paid", golden(language), load(language), "https://portal.example")
    mail = sent(letter)
    assert mail["Subject"] == letter.subject
    assert "4319 0271 8852 04" in bare(mail["Subject"])
    assert (mail["From"], mail["To"]) == (SENDER, "payer@example.ma")
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] is None
    assert mail["X-ASVI-Reference"] == REFERENCE
    assert mail["X-ASVI-Letter"] == "1"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("language", LANGUAGES)
def test_seven_bits(language: str, golden: Receipts) -> None:
    """The message passes any server as it is: ASCII, no line over 998 characters."""
    letter = compose("paid", golden(language), load(language), "https://portal.example")
    raw = message(letter, SENDER, "payer@example.ma", REFERENCE, "1", AT)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw == message(letter, SENDER, "payer@example.ma", REFERENCE, "1", AT)


def test_without_receipt() -> None:
    """A letter that proves no payment has nothing attached."""
    assert sent(PLAIN).get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "to",
    [
        "a@example.ma\r\nBcc: b@example.ma",
        "a@example.ma\nb@example.ma",
        "a@example.ma, b@example.ma",
        "a@example.ma;b@example.ma",
        "Payer <a@example.ma>",
        "a@example.ma@example.com",
        "pa\u202eyer@example.ma",
        "payer",
        "",
    ],
)
def test_one_recipient(to: str) -> None:
    """A letter goes to the one address the payer gave, whatever it was made to look like."""
    with pytest.raises(ValueError, match="one plain address"):
        message(PLAIN, SENDER, to, REFERENCE, "1", AT)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_header_injection(end: str) -> None:
    """No header can be smuggled in by a line break (event 115)."""
    smuggled = f"x{end}Bcc: b@example.ma"
    hostile = Letter(smuggled, PLAIN.text, PLAIN.html, None, PLAIN.pdf_name)
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        message(hostile, SENDER, "a@example.ma", REFERENCE, "1", AT)
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        message(PLAIN, smuggled, "a@example.ma", REFERENCE, "1", AT)
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        message(PLAIN, SENDER, "a@example.ma", smuggled, "1", AT)
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        message(PLAIN, SENDER, "a@example.ma", REFERENCE, smuggled, AT)
