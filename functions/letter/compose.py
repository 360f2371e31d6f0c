"""A letter from the facts of a receipt: its subject, text, HTML and PDF."""

from dataclasses import dataclass

from functions.letter import document
from functions.letter.content import KINDS, content
from functions.letter.mail_html import as_html
from functions.letter.mail_text import as_text
from functions.letter.words import Words
from functions.shared.rules.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent. `pdf` is None where no payment stands to be proved."""

    subject: str
    text: str
    html: str
    pdf: bytes | None
    pdf_name: str


def compose(kind: str, receipt: Receipt, words: Words, portal_url: str) -> Letter:
    """Write the letter of a kind: paid, copy, not_debited or corrected (KeyError for others).

    `receipt.paid_at` is the instant the letter speaks of: of the payment, or of the request
    that was not debited. `portal_url` has no final slash. Raise ValueError when the letter
    would confirm a payment whose receipt is not signed.
    """
    said = content(KINDS[kind], receipt, words, portal_url)
    proves = KINDS[kind].proves
    return Letter(
        subject=said.subject,
        text=as_text(said, words),
        html=as_html(said, words),
        pdf=document.pdf(receipt, words, portal_url, kind) if proves else None,
        pdf_name=f"recu-{receipt.reference}.pdf",
    )
