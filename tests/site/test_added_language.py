import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import escape, read_po

from build import Options, build
from functions.shared.rules.languages import LANGUAGES, Language
from tests.site.markup import Page
from wording import forms_of, key_of

ROOT = Path(__file__).resolve().parents[2]
PSEUDO = "fr-CA"
OPEN, CLOSE = "⟦", "⟧"
NAMES = "|".join(it.name for it in LANGUAGES.values())
SAID_BY_DATA = re.compile(rf"[\d\s.,/&()·+-]*|Facebook|YouTube|LinkedIn|{NAMES}|Pseudo")


def decorated(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


def undecorated(text: str) -> str:
    """Keep what stands between no marks; a sentence may hold another as one of its values."""
    shorter = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", text)
    return text if shorter == text else undecorated(shorter)


def decorated_catalogue() -> str:
    """Write the French catalogue with each sentence between two marks."""
    path = ROOT / "locales" / "fr" / "LC_MESSAGES" / "site.po"
    with path.open("rb") as file:
        messages = [it for it in read_po(file, locale="fr") if it.id]
    header = path.read_text("utf-8").split("\n\n")[0]
    return "\n\n".join([header, *map(decorated_entry, messages)]) + "\n"


def decorated_entry(message: Message) -> str:
    key, forms = escape(key_of(message)), [escape(decorated(it)) for it in forms_of(message)]
    if not message.pluralizable:
        return f"msgid {key}\nmsgstr {forms[0]}"
    lines = "\n".join(f"msgstr[{n}] {form}" for n, form in enumerate(forms))
    return f"msgid {key}\nmsgid_plural {key}\n{lines}"


@pytest.fixture
def pseudo_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build the site with one more language: one catalogue, one line."""
    locales = tmp_path / "locales"
    for language in LANGUAGES:
        (locales / language).parent.mkdir(exist_ok=True)
        (locales / language).symlink_to(ROOT / "locales" / language)
    path = locales / PSEUDO / "LC_MESSAGES" / "site.po"
    path.parent.mkdir(parents=True)
    path.write_text(decorated_catalogue(), "utf-8")
    monkeypatch.setitem(LANGUAGES, PSEUDO, Language("Pseudo", "rtl", gateway="fr"))
    build(Options(tmp_path / "out", locales=locales))
    return tmp_path / "out"


def test_one_catalogue_and_one_line(pseudo_site: Path) -> None:
    """A language added so has every page that French has, in its own direction."""
    files = {
        it: sorted(p.relative_to(pseudo_site / it) for p in (pseudo_site / it).rglob("*.html"))
        for it in ("fr", PSEUDO)
    }
    assert files["fr"] == files[PSEUDO] != []
    home = Page((pseudo_site / PSEUDO / "index.html").read_text("utf-8"))
    assert home.named("html")[0].attributes["dir"] == "rtl"
    assert f'href="/{PSEUDO}/"' in (pseudo_site / "index.html").read_text("utf-8")


def test_no_word_stands_in_a_template(pseudo_site: Path) -> None:
    """Every word of every page comes from the catalogue: none is left in another language."""
    for path in (pseudo_site / PSEUDO).rglob("*.html"):
        page = Page(path.read_text("utf-8"))
        spoken = re.sub(r"\s+", " ", " ".join(page.texts))
        strange = [word for word in undecorated(spoken).split() if not SAID_BY_DATA.fullmatch(word)]
        assert not strange, f"{path.name}: {strange}"
        for attribute in ("aria-label", "alt", "title", "placeholder"):
            assert all(OPEN in value for value in page.values(attribute) if value), path.name
