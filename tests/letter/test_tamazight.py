import io
import re
from collections.abc import Callable

import pikepdf
import pytest

from functions.letter import document
from functions.letter.compose import compose
from functions.letter.words import load
from functions.shared.rules.receipts import Receipt

PORTAL = "https://portal.example"
TIFINAGH = re.compile("[\u2d30-\u2d7f]")

Receipts = Callable[[str], Receipt]


@pytest.fixture
def made(golden: Receipts) -> bytes:
    return document.pdf(golden("zgh"), load("zgh"), PORTAL, "paid")


def test_pdf_is_read_out(made: bytes) -> None:
    """The receipt is tagged, names its language, and follows PDF/A-2a and PDF/UA-1."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert str(opened.Root.Lang).startswith("zgh")
        assert bool(opened.Root.MarkInfo.Marked)
        said = opened.Root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said


def test_text_comes_out(made: bytes, read_pdf: Callable[..., str]) -> None:
    """What the receipt says can be searched and copied, letter by letter."""
    text = " ".join(read_pdf(made, "pdftotext").split())
    for msgid in ("letter.receipt.total", "letter.fact.reference", "letter.verify.title"):
        assert load("zgh").say(msgid) in text
    assert "5 ⵎⴰⵢⵢⵓ 2020" in text
    assert "ⴰⴽⵕⴰⴹⵢⵓⵔ 1, 2020, ⵉⵏⵏⴰⵢⵔ ⴰⵔ ⵎⴰⵕⵚ" in text


@pytest.mark.parametrize("kind", ["paid", "copy", "not_debited", "corrected"])
def test_no_reviewer_yet(kind: str, golden: Receipts) -> None:
    """Each letter says, in Tamazight and in French, that nobody has reviewed it."""
    letter = compose(kind, golden("zgh"), load("zgh"), PORTAL)
    assert TIFINAGH.search(letter.subject)
    for language in ("zgh", "fr"):
        said = load(language).say("letter.review")
        assert said in letter.text
        assert f'<p lang="{language}" ' in letter.html
        assert said.split(".")[0] in letter.html


def test_reviewed_ones_say_nothing(golden: Receipts) -> None:
    """A letter in a language that was reviewed needs no such sentence."""
    letter = compose("paid", golden("fr"), load("fr"), PORTAL)
    assert load("fr").say("letter.review") not in letter.text + letter.html
