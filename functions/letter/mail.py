"""The letter as it goes to SES: one raw MIME message (RFC 5322, RFC 2045)."""

from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP

from functions.letter.compose import Letter

# Seven bits: no server on the way has to re-encode the message.
POLICY = SMTP.clone(cte_type="7bit")


def message(letter: Letter, sender: str, to: str, reference: str, name: str, at: datetime) -> bytes:
    """Give the message that carries a letter from `sender` to the one address `to`.

    `at` is its Date, aware. `reference` is the order's and `name` the letter's own among the
    order's; the message carries both for whoever files it. Message-ID is left to SES. Raise
    ValueError where a header would hold a line break, or `to` is anything but one ASCII address.
    """
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = letter.subject
    mail["From"] = sender
    mail["To"] = _one_address(to)
    mail["Date"] = at
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday replies stay away
    mail["X-ASVI-Reference"] = reference
    mail["X-ASVI-Letter"] = name
    _fill(mail, letter)
    _fix_boundaries(mail, reference)
    return mail.as_bytes()


def _fill(mail: EmailMessage, letter: Letter) -> None:
    """Put the text, its HTML twin and the receipt into a message."""
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.pdf is not None:
        mail.add_attachment(
            letter.pdf, maintype="application", subtype="pdf", filename=letter.pdf_name
        )


def _one_address(to: str) -> str:
    """Give back `to`; raise ValueError unless it is one bare ASCII address."""
    if not to.isascii() or not to.isprintable() or any(sign in to for sign in ' ,;<>"()'):
        raise ValueError("a letter goes to one plain address")
    if to.count("@") != 1:
        raise ValueError("a letter goes to one plain address")
    return to


def _fix_boundaries(mail: MIMEPart, reference: str) -> None:
    """Name the borders of the parts, so that the same letter has the same bytes.

    "=_" stands in no quoted-printable or base64 body (RFC 2045 §6.7).
    """
    for depth, part in enumerate(p for p in mail.walk() if p.is_multipart()):
        part.set_boundary(f"=_{reference}_{depth}")
