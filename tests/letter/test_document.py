import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from functions.letter import document
from functions.letter.words import load
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.receipts import Receipt
from tests.letter.conftest import GOLDEN

PORTAL = "https://portal.example"
ROOT = Path(__file__).resolve().parents[2]

SHORT = ("<script>#panic()</script>", "*_$`#\\", "")

Receipts = Callable[[str], Receipt]
Long = Callable[[str, int], Receipt]
Labelled = Callable[[str, str], Receipt]
Read = Callable[..., str]
Bare = Callable[[str], str]


def print_of(receipt: Receipt, kind: str = "paid") -> bytes:
    """Set a receipt's PDF in its language."""
    return document.pdf(receipt, load(receipt.language), PORTAL, kind)


def pages(read_pdf: Read, made: bytes) -> int:
    """Count a document's pages."""
    return int(read_pdf(made, "pdfinfo").split("Pages:")[1].split()[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["paid", "copy"])
def test_golden(kind: str, language: str, golden: Receipts, read_pdf: Read, bare: Bare) -> None:
    """The golden receipt is one page with each line, the total and how to know the payment."""
    made = print_of(golden(language), kind)
    text = bare(read_pdf(made, "pdftotext", "-layout"))
    for fact in (
        *("202001", "202005", *GOLDEN[language], "4319 0271 8852 04", "xxxxx6789"),
        *("BPC pour encaissements ASVI", "BPC2020010004319", "21:50", "080 203 33 33"),
    ):
        assert fact in text
    assert pages(read_pdf, made) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_accessible(language: str, golden: Receipts, read_pdf: Read) -> None:
    """The document is tagged, has a title and a language, and says it keeps to both standards."""
    made = print_of(golden(language))
    information = read_pdf(made, "pdfinfo")
    assert "Tagged:          yes" in information
    assert load(language).say("letter.paid.title") in information
    metadata = read_pdf(made, "pdfinfo", "-meta")
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in metadata
    assert f"<rdf:li>{language}-MA</rdf:li>" in metadata
    structure = read_pdf(made, "pdfinfo", "-struct-text")
    for tag in ("Table", "THead", "TH", "TBody", "TFoot", "Figure", "H1"):
        assert tag in structure


@pytest.mark.parametrize("language", LANGUAGES)
def test_fonts(language: str, golden: Receipts, read_pdf: Read) -> None:
    """Every font is in the document, and is one of ours: it looks the same everywhere."""
    rows = read_pdf(print_of(golden(language)), "pdffonts").splitlines()[2:]
    assert rows
    for row in rows:
        name, embedded = row.split()[0], row.split()[-5]
        assert name.split("+")[1].startswith(("NotoSans-", "NotoNaskhArabic-", "NotoSansTifinagh-"))
        assert embedded == "yes"


def scanned(made: bytes, tmp_path: Path, page: int) -> str:
    """Read the QR code of a printed page as a phone would."""
    path = tmp_path / "scanned.pdf"
    path.write_bytes(made)
    span = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", "200", "-png", *span, path, tmp_path / "page"], check=True)
    ran = subprocess.run(
        ["zbarimg", "--raw", "-q", tmp_path / "page.png"],
        capture_output=True,
        check=True,
        text=True,
    )
    return ran.stdout.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_qr(language: str, golden: Receipts, tmp_path: Path) -> None:
    """A phone reads off the page the verification's address with the signed facts."""
    receipt = golden(language)
    address = f"{PORTAL}/{language}/verification/#{receipt.proof}"
    assert scanned(print_of(receipt), tmp_path, 1) == address


@pytest.mark.parametrize("language", LANGUAGES)
def test_ninety_lines(
    language: str, long: Long, read_pdf: Read, bare: Bare, tmp_path: Path
) -> None:
    """A long order has each line, its head on each page, one total, and a QR that reads."""
    receipt = long(language, 90)
    made = print_of(receipt)
    count = pages(read_pdf, made)
    assert count > 2
    text = bare(read_pdf(made, "pdftotext", "-layout"))
    for line in receipt.lines:
        assert line.code in text
        assert line.reference in text
    total = bare(load(language).amount(receipt.total_centimes)).split()[:-1]
    assert text.count(" ".join(total)) == 1
    second = bare(read_pdf(made, "pdftotext", "-layout", "-f", "2", "-l", "2"))
    assert load(language).say("letter.column.code") in second
    assert scanned(made, tmp_path, count) == f"{PORTAL}/{language}/verification/#{receipt.proof}"


def test_too_long_for_a_qr(long: Long, read_pdf: Read, bare: Bare) -> None:
    """A receipt that no QR can hold is printed all the same, with its address as a link."""
    made = print_of(long("fr", 120))
    text = bare(read_pdf(made, "pdftotext"))
    assert bare(load("fr").say("letter.verify.open")) in text
    assert bare(load("fr").say("letter.verify.scan")) not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_bytes(language: str, golden: Receipts) -> None:
    """A receipt printed again, by any thread, is the same to the last bit."""
    receipt = golden(language)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(print_of, [receipt] * 8))
    assert made == {print_of(receipt)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("account", [*SHORT, "x" * 200, "🦊\u202e漢字\U0001f4a9", "رصيد BPC 12"])
def test_hostile_label(
    language: str, account: str, labelled: Labelled, read_pdf: Read, bare: Bare
) -> None:
    """No label can break a receipt, run as markup or push the amounts off the page (event 115)."""
    made = print_of(labelled(language, account))
    text = bare(read_pdf(made, "pdftotext", "-layout"))
    for fact in GOLDEN[language]:
        assert fact in text
    assert pages(read_pdf, made) <= 2
    assert language == "ar" or account not in SHORT or account in text


def test_signs_drawn(labelled: Labelled) -> None:
    """Every sign that is let through has a glyph: PDF/A refuses a document with a gap."""
    codes = (*range(0x20, 0x20B0), *range(0x2D30, 0x2D80))
    every = [chr(code) for code in codes if chr(code).isprintable()]
    let_through = "".join(sign for sign in every if not document.UNDRAWN.match(sign))
    assert len(let_through) > 400
    for start in range(0, len(let_through), 40):
        for language in LANGUAGES:
            assert print_of(labelled(language, let_through[start : start + 40]))


@pytest.mark.parametrize("kind", ["not_debited", "corrected"])
def test_no_receipt(kind: str, golden: Receipts) -> None:
    """No PDF can be had that would look like the receipt of a payment that does not stand."""
    with pytest.raises(ValueError, match="carries no receipt"):
        print_of(golden("fr"), kind)


def test_imported_late() -> None:
    """Work without a PDF starts without the typesetter, and no letter imports Jinja or Babel."""
    program = (
        "import sys, functions.letter.compose, functions.letter.mail;"
        "print([n for n in ('typst', 'segno', 'jinja2', 'babel') if n in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert ran.stdout == "[]\n"


def test_fonts_light() -> None:
    """The fonts stay small enough to start with, and carry their licence."""
    folder = ROOT / "functions/letter/fonts"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 700_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
