"""Compares the catalogues with docs/glossary.md: the same thing has one name in each language.

    python tools/glossary.py --check   exit 1 after saying, one line each, what is named otherwise

Where a French sentence uses a term, the same sentence in another language uses that language's
term, in one of the forms that the table lists; and what a term is not called, no sentence calls
it. The table says of some sentences why they do without.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
SOURCE = "fr"
LANGUAGES = (SOURCE, "ar", "en", "zgh")
CATALOGUES = ("site", "letters")
PLACEHOLDER = re.compile(r"\{\w+\}")
COMMA = re.compile(r"[,،] ")
VOWELS = {chr(code): "" for code in range(0x64B, 0x653)}
# Signs that a sentence may write either way, and vowels that Arabic may leave out.
ALIKE = {"\u2019": "'", "\u00a0": " ", "\u202f": " "}
SAME = str.maketrans(ALIKE | dict.fromkeys("\u0640\u2066\u2069", "") | VOWELS)
# What a word may carry without being another: Arabic's joined words, a plain plural.
ARTICLE = "(?:[وف]?(?:[بك]?ال|لل|[بكل])?)"
JOINED = re.compile("[ةء]$")
WRITTEN = {"ة": "[ةت]", "ء": "[ءئؤ]"}
ENDINGS = {
    "fr": "(?:e?s?)",
    "en": "(?:s|'s)?",
    "ar": "(?:كم|ك|ي|هم|ها|ه|نا|ين|ان|ات|ا)?",  # noqa: RUF001 - Arabic is meant
    "zgh": "",
}

Sentences = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """A row of the glossary: how each language says it, and what it must not say."""

    said: dict[str, tuple[str, ...]]
    never: dict[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """What the row is called: its first form in French."""
        return self.said[SOURCE][0]


@dataclass(frozen=True)
class Glossary:
    """The terms, and the sentences that do without one: (key, language, term) by their reason."""

    terms: tuple[Term, ...]
    spared: dict[tuple[str, str, str], str]


def read(path: Path = GLOSSARY) -> Glossary:
    """Read the two tables of the glossary; raise ValueError for a row that lacks a cell."""
    terms, _, spared = path.read_text("utf-8").partition("\n## Said otherwise\n")
    rows = _rows(terms.partition("\n## Terms\n")[2], 6)
    without = {
        (key.strip("`"), language, term): why
        for key, languages, term, why in _rows(spared, 4)
        for language in COMMA.split(languages)
    }
    return Glossary(tuple(map(_term, rows)), without)


def _rows(text: str, width: int) -> Iterator[list[str]]:
    """Give the cells of each row of the table in `text`, its two heading rows left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != width or not all(cells[:-1]):
            raise ValueError(f"{GLOSSARY.name}: a row lacks a cell: {line}")
        yield cells


def _term(cells: list[str]) -> Term:
    said = {code: tuple(COMMA.split(it)) for code, it in zip(LANGUAGES, cells, strict=False)}
    never = (it.partition(": ") for it in cells[-1].split("; ") if it)
    return Term(said, {language: tuple(COMMA.split(forms)) for language, _, forms in never})


def sentences(locales: Path, language: str) -> dict[str, str]:
    """Give a language's sentences by key, placeholders left out; none where it has no catalogue."""
    said: dict[str, str] = {}
    for name in CATALOGUES:
        path = locales / language / "LC_MESSAGES" / f"{name}.po"
        if path.is_file():
            with path.open("rb") as file:
                said |= dict(map(_sentence, (it for it in read_po(file) if it.id)))
    return said


def _sentence(message: Message) -> tuple[str, str]:
    key = message.id[0] if isinstance(message.id, tuple) else message.id
    text = message.string if isinstance(message.string, str) else " / ".join(message.string or ())
    return str(key), PLACEHOLDER.sub("·", text)


def uses(text: str, forms: tuple[str, ...], language: str) -> bool:
    """Say whether a sentence has one of the forms, as whole words; `…` stands for any ending."""
    plain = text.translate(SAME)
    return any(_pattern(form, language).search(plain) for form in forms)


def _pattern(form: str, language: str) -> re.Pattern[str]:
    words = [_word(word, language) for word in form.translate(SAME).split(" ")]
    return re.compile(rf"(?<!\w){' '.join(words)}(?!\w)", re.IGNORECASE)


def _word(word: str, language: str) -> str:
    """Write what a word of a form may look like in a sentence."""
    stem = re.escape(word.removesuffix("…"))
    ending = r"\w*" if word.endswith("…") else ENDINGS[language]
    if language == "ar":
        stem = ARTICLE + JOINED.sub(lambda last: WRITTEN[last[0]], stem)
    return stem + ending


def check(glossary: Glossary, said: Mapping[str, Sentences]) -> list[str]:
    """Say what is named otherwise than the glossary does, one line each."""
    found = list(_missing(glossary.terms, said))
    problems = [
        f"{language}: {key} says « {term.name} » otherwise than {', '.join(term.said[language])}"
        for key, language, term in found
        if (key, language, term.name) not in glossary.spared
    ]
    needed = {(key, language, term.name) for key, language, term in found}
    problems += [
        f"glossary: {key} ({language}, « {name} ») need not be said otherwise any more"
        for key, language, name in glossary.spared
        if (key, language, name) not in needed and language in said
    ]
    return problems + list(_wrong(glossary.terms, said))


def _missing(
    terms: tuple[Term, ...], said: Mapping[str, Sentences]
) -> Iterator[tuple[str, str, Term]]:
    """Give each (key, language, term) of a French sentence whose translation lacks the term."""
    for key, french in said[SOURCE].items():
        for term in (it for it in terms if uses(french, it.said[SOURCE], SOURCE)):
            for language in said.keys() - {SOURCE}:
                text = said[language].get(key)
                if text is not None and not uses(text, term.said[language], language):
                    yield key, language, term


def _wrong(terms: tuple[Term, ...], said: Mapping[str, Sentences]) -> Iterator[str]:
    """Say which sentence calls a thing what it is not called."""
    for term in terms:
        for language, forms in term.never.items():
            for key, text in said.get(language, {}).items():
                if uses(text, forms, language):
                    right = ", ".join(term.said[language])
                    yield f"{language}: {key} says one of {', '.join(forms)}: {right} is meant"


def main(arguments: list[str] | None = None) -> int:
    """0 when the catalogues speak as the glossary does, else 1 after saying where not."""
    parser = argparse.ArgumentParser(description="The glossary, and the catalogues against it.")
    parser.add_argument("--check", action="store_true", required=True, help="compare")
    parser.add_argument("--locales", type=Path, default=ROOT / "locales")
    options = parser.parse_args(arguments)
    said = {language: sentences(options.locales, language) for language in LANGUAGES}
    problems = check(read(), {language: it for language, it in said.items() if it})
    print("\n".join(sorted(problems)) or "catalogues speak as the glossary does")
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main())
