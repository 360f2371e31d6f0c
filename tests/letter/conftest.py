"""The golden receipt, and what the letters' tests read documents with."""

import re
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from functions.shared.rules import receipts
from functions.shared.rules.orders import Line
from functions.shared.rules.receipts import Receipt

PORTAL = "https://portal.example"
PAID_AT = datetime(2020, 5, 5, 21, 50, 51, tzinfo=ZoneInfo("Africa/Casablanca"))
CONTRIBUTION = Line(
    "contribution", 2020, 1, 145110, "BPC2020010004319", "BPC pour encaissements ASVI"
)
FEE = Line("fee", 2020, 5, 1596, "43190271885204", "Frais de traitement")
# A DER signature as KMS makes them, over nothing in particular: letters do not verify it.
SIGNATURE = bytes.fromhex("3044" + "0220" + "4a" * 32 + "0220" + "5b" * 32)


# The golden contribution, fee and total, as CLDR writes amounts in each language.
GOLDEN = {
    "fr": ("1 451,10", "15,96", "1 467,06"),
    "ar": ("1.451,10", "15,96", "1.467,06"),
    "en": ("1,451.10", "15.96", "1,467.06"),
    "zgh": ("1 451,10", "15,96", "1 467,06"),
}


def signed(lines: tuple[Line, ...], language: str) -> Receipt:
    """Give the receipt of some lines, with a proof of its true length."""
    total = sum(line.amount_centimes for line in lines)
    receipt = Receipt(
        "43190271885204", "xxxxx6789", lines, total, "LOC", PAID_AT, language, proof=None
    )
    key = "mrk-0123456789abcdef0123456789abcdef"
    proof = receipts.proof(receipts.payload(receipt), key, SIGNATURE)
    return Receipt("43190271885204", "xxxxx6789", lines, total, "LOC", PAID_AT, language, proof)


@pytest.fixture
def golden() -> Callable[[str], Receipt]:
    return lambda language: signed((CONTRIBUTION, FEE), language)


@pytest.fixture
def long() -> Callable[[str, int], Receipt]:
    quarters = tuple(
        Line("contribution", 2019 - n // 4, 4 - n % 4, 99_000_00 + n, f"R{n:03d}", "BPC ASVI")
        for n in range(200)
    )
    return lambda language, lines: signed((*quarters[: lines - 1], FEE), language)


@pytest.fixture
def labelled() -> Callable[[str, str], Receipt]:
    def receipt(language: str, account: str) -> Receipt:
        line = Line("contribution", 2020, 1, 145110, "BPC2020010004319", account)
        return signed((line, FEE), language)

    return receipt


@pytest.fixture
def read_pdf(tmp_path: Path) -> Callable[[bytes, str], str]:
    """Give what a poppler program prints of a document."""

    def read(document: bytes, program: str, *options: str) -> str:
        path = tmp_path / "letter.pdf"
        path.write_bytes(document)
        target = ["-"] if program == "pdftotext" else []
        ran = subprocess.run([program, *options, path, *target], capture_output=True, check=True)
        return ran.stdout.decode(errors="replace")

    return read


@pytest.fixture
def bare() -> Callable[[str], str]:
    """Give a text less direction marks, presentation forms and the length of its spaces."""

    def strip(text: str) -> str:
        plain = unicodedata.normalize("NFKC", text)
        kept = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
        return re.sub(r"\s+", " ", kept)

    return strip
