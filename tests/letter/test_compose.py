import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from functions.letter.compose import Letter, compose
from functions.letter.content import KINDS
from functions.letter.words import load
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.pairs import said
from functions.shared.rules.receipts import Receipt
from tests.letter.conftest import GOLDEN

PORTAL = "https://portal.example"
REFERENCE = "4319 0271 8852 04"
EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
PROVING = ("paid", "copy")

Receipts = Callable[[str], Receipt]


class Page(HTMLParser):
    """What a reader sees of an HTML letter, and the elements it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element and its attributes."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a run of text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """The words, however they are spaced."""
        return squeezed(" ".join(self.words))


def squeezed(text: str) -> str:
    """Give a text with single spaces."""
    return " ".join(text.split())


def write(kind: str, receipt: Receipt) -> Letter:
    """Write a letter about a receipt in its language."""
    return compose(kind, receipt, load(receipt.language), PORTAL)


def facts(text: str) -> Iterator[str]:
    """Find the runs of figures of a text: amounts, references, dates, telephones."""
    return (squeezed(run) for run in re.findall(r"\d[\d\s,:]*\d|\d", text))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_letter(
    kind: str, language: str, golden: Receipts, bare: Callable[[str], str]
) -> None:
    """Each letter names the reference, the number, each line, each amount and the call centre."""
    letter = write(kind, golden(language))
    assert REFERENCE in bare(letter.subject)
    for part in (letter.text, Page(letter.html).text):
        said = bare(part)
        for fact in (REFERENCE, "xxxxx6789", "202001", "202005", *GOLDEN[language]):
            assert fact in said
        for fact in ("BPC pour encaissements ASVI", "BPC2020010004319", "Frais de traitement"):
            assert fact in said
        for phone in ("080 203 33 33", "080 200 72 00", "080 203 01 00"):
            assert phone in said


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_parity(kind: str, language: str, golden: Receipts) -> None:
    """Text and HTML say the same: each line of one stands in the other, with the same figures (event 116)."""
    letter = write(kind, golden(language))
    text, page = letter.text.replace("\u200f", ""), Page(letter.html)
    link = next(attrs["href"] for tag, attrs in page.elements if tag == "a")
    for line in text.splitlines():
        label, _, value = line.partition(": ")
        pieces = line.split(" · ") if " · " in line else [label, value]
        assert line == link or all(squeezed(p).rstrip(" :") in page.text for p in pieces)
    assert set(facts(page.text)) <= set(facts(text))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_receipt_only_where_paid(kind: str, language: str, golden: Receipts) -> None:
    """Only a letter that confirms a payment carries a receipt and speaks of verifying it."""
    letter = write(kind, golden(language))
    assert (letter.pdf is not None) == (kind in PROVING)
    assert ("/verification/#" in letter.text) == (kind in PROVING)
    assert letter.pdf_name == "recu-43190271885204.pdf"


@pytest.mark.parametrize("kind", ["not_debited", "corrected"])
def test_nothing_claimed(kind: str, golden: Receipts) -> None:
    """A letter about money that was not taken never says that something was paid or accepted."""
    letter = write(kind, golden("fr"))
    for claim in ("Total payé", "a été accepté", "reçu est joint"):
        assert claim not in letter.text
        assert claim not in letter.html


@pytest.mark.parametrize("kind", KINDS)
def test_arabic_isolated(kind: str, golden: Receipts) -> None:
    """In Arabic each amount, reference and number is isolated, so its figures keep their order (event 116)."""
    letter = write(kind, golden("ar"))
    for part in (letter.subject, letter.text, letter.html):
        outside = re.sub('\u2066[^\u2069]*\u2069|\u2068[^\u2069]*\u2069|https://[^\\s"]+', "", part)
        for fact in ("451,10", "15,96", "467,06", "4319 0271", "6789", "203", "202001"):
            assert fact not in outside


def test_arabic_runs_right_to_left(golden: Receipts) -> None:
    """Each line of the Arabic text runs from the right, but for the address, kept clean (event 116)."""
    letter = write("paid", golden("ar"))
    lines = [line for line in letter.text.splitlines() if line]
    assert [line for line in lines if not line.startswith("\u200f")] == [
        line for line in lines if line.startswith(f"{PORTAL}/ar/verification/#")
    ]
    assert {attrs.get("dir") for tag, attrs in Page(letter.html).elements if tag == "html"} == {
        "rtl"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_fetched(language: str, golden: Receipts) -> None:
    """Opening the HTML fetches nothing, so nobody learns that the letter was read."""
    elements = Page(write("paid", golden(language)).html).elements
    assert not {tag for tag, _ in elements} & {"img", "script", "link", "style", "iframe"}
    assert not [attrs for _, attrs in elements if "src" in attrs or "background" in attrs]
    assert "url(" not in write("paid", golden(language)).html


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_label(language: str, labelled: Callable[[str, str], Receipt]) -> None:
    """A label made to break the letter is shown as harmless text in every part of it (event 115)."""
    letter = write("paid", labelled(language, "<script>x</script>{{7*7}} {amount} \u202e🦊\nرصيد"))
    assert "<script" not in letter.html
    assert "&lt;script&gt;x&lt;/script&gt;{{7*7}} {amount}" in letter.html
    assert "\u202e" not in letter.text + letter.html
    assert "\u2068<script>x</script>{{7*7}} {amount}  🦊 رصيد\u2069" in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_fee(language: str, golden: Receipts) -> None:
    """Where no fee was taken, none is spoken of."""
    whole = golden(language)
    sentence = load(language).say("letter.fee")
    assert sentence in write("paid", whole).text
    assert sentence not in write("paid", replace(whole, lines=whole.lines[:1])).text


@pytest.mark.parametrize("kind", PROVING)
def test_unsigned(kind: str, golden: Receipts) -> None:
    """No confirmation leaves before its receipt is signed."""
    with pytest.raises(ValueError, match="signed"):
        write(kind, replace(golden("fr"), proof=None))


def test_unsigned_without_proof(golden: Receipts) -> None:
    """A letter that proves nothing needs no signature."""
    assert write("not_debited", replace(golden("fr"), proof=None)).pdf is None


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_pair_of_words(
    kind: str, language: str, golden: Receipts, bare: Callable[[str], str]
) -> None:
    """The two words open each subject and stand in each text; the PDF, shown to others, has none."""
    receipt = replace(golden(language), pair=(0, 1))
    first, second = said((0, 1), language)
    letter = write(kind, receipt)
    assert bare(letter.subject).startswith(f"{first} – {second}")
    assert bare(write(kind, golden(language)).subject) in bare(letter.subject)
    for part in (letter.text, Page(letter.html).text):
        assert f"{first} – {second}" in bare(part)
    assert letter.pdf == write(kind, golden(language)).pdf


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_words(language: str, golden: Receipts) -> None:
    """A copy of a payment older than the words promises none."""
    letter = write("copy", golden(language))
    sign = load(language).say("letter.sign", words="")
    assert sign.partition(":")[0] not in letter.text
