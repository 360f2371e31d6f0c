"""What a letter says, before it becomes text, HTML or PDF: strings in the reader's language.

Text, HTML and PDF lay out the same Content, so they cannot say different things.
"""

from dataclasses import dataclass

from functions.letter.words import Words, load
from functions.shared.rules import pairs
from functions.shared.rules.languages import DEFAULT, LANGUAGES
from functions.shared.rules.orders import Line
from functions.shared.rules.receipts import Receipt

# The fund's call centre, in groups that stay on one line.
PHONES = tuple(
    number.replace(" ", "\N{NO-BREAK SPACE}")
    for number in ("080 203 33 33", "080 200 72 00", "080 203 01 00")
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: the msgids of what sets it apart. All kinds share one layout.

    `proves`: it confirms a payment, so it carries the receipt.
    """

    name: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    moment: str
    total: str
    proves: bool


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="paid",
            opening=("letter.receipt.intro",),
            closing=("letter.receipt.keep",),
            moment="letter.receipt.moment",
            total="letter.receipt.total",
            proves=True,
        ),
        Kind(
            name="copy",
            opening=("letter.copy.notice", "letter.receipt.intro"),
            closing=("letter.receipt.keep",),
            moment="letter.receipt.moment",
            total="letter.receipt.total",
            proves=True,
        ),
        Kind(
            name="not_debited",
            opening=("letter.not_debited.intro", "letter.not_debited.reserved"),
            closing=("letter.not_debited.next",),
            moment="letter.not_debited.moment",
            total="letter.not_debited.total",
            proves=False,
        ),
        Kind(
            name="corrected",
            opening=("letter.corrected.intro", "letter.corrected.sorry"),
            closing=("letter.corrected.next",),
            moment="letter.corrected.moment",
            total="letter.corrected.total",
            proves=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order in words.

    `account` and `reference` are the core system's data; either may be empty.
    """

    code: str
    item: str
    account: str
    reference: str
    amount: str


@dataclass(frozen=True, slots=True)
class Content:
    """A letter's words in their order. `facts` and `total` are pairs of label and value.

    `link` is an address, `link_title` says where it leads, `link_sentence` what for. `sign` says
    what our letters can be told by; it is the addressee's alone, so no PDF that is shown to others
    lays it out. `review` are sentences after their languages.
    """

    subject: str
    title: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    total: tuple[str, str]
    closing: tuple[str, ...]
    sign: tuple[str, ...]
    review: tuple[tuple[str, str], ...]
    link: str
    link_title: str
    link_sentence: str
    help: str


def content(kind: Kind, receipt: Receipt, words: Words, portal_url: str) -> Content:
    """Put the facts of a receipt into the words of a kind of letter.

    `receipt.paid_at` is the instant the letter speaks of: of the payment, or of the request
    that was not debited. `portal_url` has no final slash.
    """
    names = {
        "reference": words.reference(receipt.reference),
        "number": words.figure(receipt.registration_number),
    }
    place = "verify" if kind.proves else "portal"
    return Content(
        subject=_subject(kind, receipt, words),
        title=words.say(f"letter.{kind.name}.title"),
        opening=tuple(words.say(msgid, **names) for msgid in kind.opening),
        facts=_facts(kind, receipt, words),
        rows=tuple(_row(line, words) for line in receipt.lines),
        total=(words.say(kind.total), words.amount(receipt.total_centimes)),
        closing=tuple(words.say(msgid, **names) for msgid in _closing(kind, receipt)),
        sign=_sign(receipt, words),
        review=_review(words),
        link=link(kind, receipt, words.language, portal_url),
        link_title=words.say(f"letter.{place}.title"),
        link_sentence=words.say(f"letter.{place}.mail"),
        help=words.say("letter.help", phones=" / ".join(map(words.figure, PHONES))),
    )


def _subject(kind: Kind, receipt: Receipt, words: Words) -> str:
    """Give the subject, the pair of words first: a telephone shows little more than that."""
    subject = words.say(f"letter.{kind.name}.subject", reference=words.reference(receipt.reference))
    pair = _pair(receipt, words)
    return words.say("letter.subject", words=pair, subject=subject) if pair else subject


def _sign(receipt: Receipt, words: Words) -> tuple[str, ...]:
    """Say the pair of words again, and what it is good for."""
    pair = _pair(receipt, words)
    return (words.say("letter.sign", words=pair),) if pair else ()


def _review(words: Words) -> tuple[tuple[str, str], ...]:
    """Say where nobody whose language it is has read these words, and say it in French too."""
    if LANGUAGES[words.language].reviewed:
        return ()
    return tuple((it.language, it.say("letter.review")) for it in (words, load(DEFAULT)))


def _pair(receipt: Receipt, words: Words) -> str:
    """Give the pair of words of a payment; nothing for one that is older than they."""
    if receipt.pair is None:
        return ""
    first, second = pairs.said(receipt.pair, words.language)
    return words.say("letter.pair", first=first, second=second)


def link(kind: Kind, receipt: Receipt, language: str, portal_url: str) -> str:
    """Give the address a letter leads to: the receipt's verification, or the unpaid quarters.

    Raise ValueError when the letter would confirm a payment whose receipt is not signed.
    """
    if not kind.proves:
        return f"{portal_url}/{language}/assure/"
    if receipt.proof is None:
        raise ValueError("a receipt is signed before its letter is written")
    return f"{portal_url}/{language}/verification/#{receipt.proof}"


def _facts(kind: Kind, receipt: Receipt, words: Words) -> tuple[tuple[str, str], ...]:
    """Give the facts of the payment, each with its label."""
    quarters = sum(line.kind == "contribution" for line in receipt.lines)
    return (
        (words.say("letter.fact.reference"), words.reference(receipt.reference)),
        (words.say("letter.fact.number"), words.figure(receipt.registration_number)),
        (words.say(kind.moment), words.instant(receipt.paid_at)),
        (words.say("letter.fact.quarters"), str(quarters)),
        (words.say("letter.fact.card"), words.say(f"letter.card.{receipt.card_origin}")),
    )


def _row(line: Line, words: Words) -> Row:
    """Put a line of the order into words."""
    return Row(
        code=words.figure(line.code),
        item=words.line(line),
        account=words.data(line.account),
        reference=words.data(line.reference),
        amount=words.amount(line.amount_centimes),
    )


def _closing(kind: Kind, receipt: Receipt) -> tuple[str, ...]:
    """Give the msgids said after the table; the fee's only where there is a fee."""
    fee = ("letter.fee",) if any(line.kind == "fee" for line in receipt.lines) else ()
    return (*fee, *kind.closing, "letter.payer", "letter.caution")
