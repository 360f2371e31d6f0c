import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from build import Options
from functions.shared.rules.languages import LANGUAGES
from tools.catalogue import check, update
from wording import plural_categories, read_catalogue

ROOT = Path(__file__).resolve().parents[2]
REAL = Options(ROOT / "build" / "site")


@pytest.fixture
def copied(tmp_path: Path) -> Options:
    """Copy the catalogues, to be spoilt."""
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    return replace(REAL, locales=tmp_path / "locales")


def spoil(options: Options, language: str, old: str, new: str) -> None:
    path = options.locales / language / "LC_MESSAGES" / "site.po"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_catalogues_are_whole() -> None:
    """Every key of every page in every language, none unused, in order, the list current."""
    assert check(REAL) == []


def test_arabic_has_its_six_plurals() -> None:
    """Arabic counts in six ways, and every counted sentence has them all, none empty."""
    assert plural_categories("ar") == ("zero", "one", "two", "few", "many", "other")
    plurals = [it for it in read_catalogue(ROOT / "locales", "ar").forms.values() if len(it) > 1]
    assert plurals
    assert all(len(it) == 6 and all(it) for it in plurals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_sentences_reach_the_browser(site: Path, language: str) -> None:
    """A page gives its script one sentence for each category that CLDR has, under its name."""
    page = (site / language / "assure/creance/index.html").read_text("utf-8")
    groups = re.findall(r"<template data-plural=[^>]*>(.*?)</template>", page)
    assert groups
    for group in groups:
        assert tuple(re.findall(r'data-category="(\w+)"', group)) == plural_categories(language)


def test_an_unused_key(copied: Options) -> None:
    """A sentence that no page says any more is not left for translators."""
    for language in LANGUAGES:
        spoil(copied, language, 'msgid "menu.home"', 'msgid "aaa"\nmsgstr "x"\n\nmsgid "menu.home"')
    update(copied)
    assert check(copied) == [f"{it}: aaa is used by no page" for it in LANGUAGES]


def test_other_placeholders(copied: Options) -> None:
    """A sentence left for the browser to fill has the same names in every language."""
    spoil(copied, "ar", "{amount} درهم", "{sum} درهم")
    update(copied)
    assert any(line.startswith("ar: money") for line in check(copied))


def test_a_wrong_plural_rule(copied: Options) -> None:
    """The order of the plural forms is CLDR's: another rule would say "two" for three."""
    path = copied.locales / "ar" / "LC_MESSAGES" / "site.po"
    text = path.read_text("utf-8")
    path.write_text(
        re.sub("plural=.*;", "plural=(n==2 ? 1 : n==1 ? 2 : 0);", text, count=1), "utf-8"
    )
    assert any(
        line.startswith("ar: Plural-Forms must give zero, one, two") for line in check(copied)
    )


def test_a_stale_list(copied: Options) -> None:
    """A changed French sentence reaches the translators' list, by --update."""
    spoil(copied, "fr", 'msgstr "Accueil"', 'msgstr "Accueil de la CNSS"')
    assert check(copied) == ["site.pot is not as --update writes it"]
    update(copied)
    assert check(copied) == []


def test_update_changes_no_sentence(copied: Options) -> None:
    """Putting a catalogue in order keeps every word of it."""
    before = read_catalogue(copied.locales, "ar").forms
    update(copied)
    assert read_catalogue(copied.locales, "ar").forms == before
