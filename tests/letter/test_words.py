import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.letter import words
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.orders import Line

ROOT = Path(__file__).resolve().parents[2]


def check(*options: object) -> subprocess.CompletedProcess[str]:
    """Run the comparison of catalogues and compiled words."""
    command = [sys.executable, ROOT / "tools/words.py", "--check", *options]
    return subprocess.run(
        [str(part) for part in command], capture_output=True, check=False, text=True
    )


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "locales", tmp_path / "locales")


def edit(catalogues: Path, language: str, old: str, new: str) -> None:
    """Replace a passage of a catalogue, which must hold it."""
    path = catalogues / language / "LC_MESSAGES/letters.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_current() -> None:
    """The committed words are those of the catalogues, so a letter says what was translated."""
    assert check().returncode == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_removed_word(catalogues: Path, language: str) -> None:
    """A language that lacks a sentence is named with it, and stops the build."""
    edit(catalogues, language, 'msgid "letter.paid.title"', 'msgid "letter.paid.renamed"')
    ran = check("--locales", catalogues)
    assert ran.returncode == 1
    assert "letter.paid." in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_empty_word(catalogues: Path) -> None:
    """A sentence left untranslated stops the build."""
    edit(catalogues, "ar", 'msgstr "{amount} درهم"', 'msgstr ""')
    ran = check("--locales", catalogues)
    assert (ran.returncode, ran.stderr) == (1, "ar: letter.amount has no words\n")


def test_placeholder_lost(catalogues: Path) -> None:
    """A translation that forgets a fact, such as the amount, stops the build."""
    edit(catalogues, "ar", "{amount} درهم", "درهم")
    ran = check("--locales", catalogues)
    assert ran.returncode == 1
    assert "letter.amount has other placeholders" in ran.stderr


def test_changed_word(catalogues: Path) -> None:
    """A sentence changed in a catalogue alone is noticed before it is forgotten."""
    edit(catalogues, "fr", "Total payé", "Total réglé")
    ran = check("--locales", catalogues)
    assert ran.returncode == 1
    assert ran.stderr.startswith("fr.json: ")


def test_no_catalogue(catalogues: Path) -> None:
    """A language of the table without a catalogue is named."""
    shutil.rmtree(catalogues / "ar")
    ran = check("--locales", catalogues)
    assert (ran.returncode, ran.stderr) == (1, "ar: no catalogue letters.po\n")


def test_compiled_twice(tmp_path: Path) -> None:
    """Compiling again gives the same bytes, so a difference always means a changed word."""
    command = [sys.executable, str(ROOT / "tools/words.py"), "--out"]
    for name in ("one", "two"):
        subprocess.run([*command, str(tmp_path / name)], check=True)
    for language in LANGUAGES:
        one, two = (tmp_path / name / f"{language}.json" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        assert json.loads(one.read_text(encoding="utf-8"))["months"]


@pytest.mark.parametrize(
    ("language", "at", "said"),
    [
        ("fr", "2020-05-05T21:50:51", "mardi 5 mai 2020, 21:50 (heure du Maroc)"),
        ("fr", "2020-06-05T21:50:51", "vendredi 5 juin 2020, 22:50 (heure du Maroc)"),
        ("fr", "2020-12-31T23:30:00", "vendredi 1 janvier 2021, 00:30 (heure du Maroc)"),
        ("ar", "2020-05-05T21:50:51", "الثلاثاء، 5 ماي 2020، 21:50 (بتوقيت المغرب)"),
        ("en", "2020-05-05T21:50:51", "Tuesday, 5 May 2020, 21:50 (time in Morocco)"),
        ("zgh", "2020-05-05T21:50:51", "ⴰⵙⵉⵏⴰⵙ 5 ⵎⴰⵢⵢⵓ 2020 21:50 (ⵜⴰⵙⵔⴰⴳⵜ ⵏ ⵍⵎⵖⵔⵉⴱ)"),
    ],
)
def test_instant(language: str, at: str, said: str) -> None:
    """Times are Morocco's, in Ramadan and out of it, and so is the day, before the month."""
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert words.load(language).instant(instant) == said


@pytest.mark.parametrize(
    ("language", "centimes", "said"),
    [
        ("fr", 145110, "1\u00a0451,10 DH"),
        ("fr", 5, "0,05 DH"),
        ("fr", 9999999, "99\u00a0999,99 DH"),
        ("fr", 123456789, "1\u00a0234\u00a0567,89 DH"),
        ("ar", 145110, "\u20661.451,10\u2069 درهم"),
        ("en", 145110, "1,451.10 DH"),
        ("en", 5, "0.05 DH"),
        ("zgh", 123456789, "1\u00a0234\u00a0567,89 DH"),
    ],
)
def test_amount(language: str, centimes: int, said: str) -> None:
    """A sum reads as the language writes it in Morocco, to the centime."""
    assert words.load(language).amount(centimes) == said


@pytest.mark.parametrize(
    ("language", "kind", "period", "said"),
    [
        ("fr", "contribution", 1, "Cotisation, 1er trimestre 2020, janvier à mars"),
        ("fr", "contribution", 4, "Cotisation, 4e trimestre 2020, octobre à décembre"),
        ("fr", "fee", 5, "Frais de traitement, mai 2020"),
        ("ar", "contribution", 1, "واجب الاشتراك، الربع الأول من سنة 2020، يناير إلى مارس"),
        ("ar", "contribution", 3, "واجب الاشتراك، الربع الثالث من سنة 2020، يوليوز إلى شتنبر"),
        ("ar", "fee", 5, "مصاريف المعالجة، ماي 2020"),
        ("en", "contribution", 2, "Contribution, 2nd quarter of 2020, April to June"),
        ("en", "fee", 5, "Processing fee, May 2020"),
        ("zgh", "contribution", 2, "ⵜⴰⵡⵙⴰ, ⴰⴽⵕⴰⴹⵢⵓⵔ 2, 2020, ⵉⴱⵔⵉⵔ ⴰⵔ ⵢⵓⵏⵢⵓ"),
        ("zgh", "fee", 5, "ⵜⵉⵖⵔⴰⴷ ⵏ ⵜⵏⴰⴼⵓⵜ, ⵎⴰⵢⵢⵓ 2020"),
    ],
)
def test_period(language: str, kind: str, period: int, said: str) -> None:
    """A quarter and a month are said in words, with the months' Moroccan names."""
    line = Line("fee" if kind == "fee" else "contribution", 2020, period, 1, "", "")
    assert words.load(language).line(line) == said


def test_unknown_language() -> None:
    """Only the languages of the table have words: no other name opens a file."""
    with pytest.raises(KeyError):
        words.load("../fr")


def test_data() -> None:
    """A label's controls vanish; what runs the other way is isolated, the rest left as it is."""
    french, arabic = words.load("fr"), words.load("ar")
    assert french.data("BPC\u202e\r\nASVI\u2069") == "BPC   ASVI"
    assert french.data("حساب") == "\u2068حساب\u2069"
    assert arabic.data("BPC ASVI") == "\u2068BPC ASVI\u2069"
    assert arabic.data("") == ""
