"""Compile the words of the letters to data that needs no Babel at run time.

    python tools/words.py           write functions/letter/words/<language>.json
    python tools/words.py --check   exit 1, saying why in one line, when one of them is out of date

A file holds the sentences of `locales/<language>/LC_MESSAGES/letters.po` and what Unicode's CLDR
says of the language: names of months, weekdays and quarters, the form of an instant.
"""

import argparse
import json
import string
import sys
from collections.abc import Mapping
from pathlib import Path

from babel import Locale
from babel.dates import parse_pattern
from babel.messages import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from functions.shared.rules.languages import LANGUAGES  # noqa: E402 - a script finds its root first

# CLDR's narrow no-break space is missing from many fonts of mail readers, and from ours.
WIDENED = ("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
# What a date pattern of CLDR asks for, in the fields that the letter knows.
FIELDS = {"EEEE": "weekday", "d": "day", "MMMM": "month", "y": "year"}

Words = dict[str, object]


class IncompleteError(Exception):
    """A catalogue cannot become letters; the message is one line that says where and why."""


def main(arguments: list[str] | None = None) -> int:
    """Write the compiled words, or compare them with `--check`; give the exit status."""
    options = parsed(arguments)
    try:
        files = compiled(options.locales)
    except IncompleteError as error:
        print(error, file=sys.stderr)
        return 1
    act = stale if options.check else write
    return act(files, options.out)


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Compile the words of the letters.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--locales", type=Path, default=ROOT / "locales")
    parser.add_argument("--out", type=Path, default=ROOT / "functions/letter/words")
    return parser.parse_args(arguments)


def write(files: Mapping[str, str], out: Path) -> int:
    """Write each file; give 0."""
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    return 0


def stale(files: Mapping[str, str], out: Path) -> int:
    """Say which committed file differs from its catalogue; give 1 if one does."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in out.glob("*.json")}
    wrong = sorted(n for n in files.keys() | committed.keys() if files.get(n) != committed.get(n))
    if wrong:
        print(f"{', '.join(wrong)}: not as the catalogues say; run tools/words.py", file=sys.stderr)
    return int(bool(wrong))


def compiled(locales: Path) -> dict[str, str]:
    """Give the text of every language's file, by file name; raise IncompleteError."""
    sentences = {language: read(locales, language) for language in LANGUAGES}
    refuse_gaps(sentences)
    return {f"{name}.json": dumped(words(name, said)) for name, said in sentences.items()}


def read(locales: Path, language: str) -> dict[str, str]:
    """Give a language's sentences by msgid, those left empty or marked fuzzy left out."""
    path = locales / language / "LC_MESSAGES" / "letters.po"
    if not path.is_file():
        raise IncompleteError(f"{language}: no catalogue letters.po")
    with path.open("rb") as file:
        catalog: Catalog = read_po(file, locale=language, abort_invalid=True)
    usable = (message for message in catalog if message.id and not message.fuzzy)
    return {str(message.id): str(message.string) for message in usable if message.string}


def refuse_gaps(sentences: Mapping[str, Mapping[str, str]]) -> None:
    """Raise IncompleteError if a language lacks a sentence, or a sentence its placeholders."""
    every = {key: said[key] for said in sentences.values() for key in said}
    for language, said in sentences.items():
        for key in sorted(every):
            if key not in said:
                raise IncompleteError(f"{language}: {key} has no words")
            if placeholders(said[key]) != placeholders(every[key]):
                raise IncompleteError(f"{language}: {key} has other placeholders")


def placeholders(sentence: str) -> set[str]:
    """Give the names between braces in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def words(language: str, sentences: Mapping[str, str]) -> Words:
    """Join the sentences of a language with what CLDR says of it."""
    locale = Locale(language, LANGUAGES[language].region)
    return {
        "sentences": dict(sentences),
        "months": ordered(locale.months["stand-alone"]["wide"], range(1, 13)),
        "weekdays": ordered(locale.days["format"]["wide"], range(7)),
        "quarters": ordered(locale.quarters["format"]["wide"], range(1, 5)),
        "moment": moment(locale),
        "decimal": locale.number_symbols["latn"]["decimal"],
        "group": locale.number_symbols["latn"]["group"].replace(*WIDENED),
    }


def ordered(names: Mapping[int, str], numbers: range) -> list[str]:
    """Give the names of a CLDR table in the order of their numbers."""
    return [names[number] for number in numbers]


def moment(locale: Locale) -> str:
    """Give the form of an instant, `{weekday} {day} {month} {year}, {hour}:{minute}`.

    The day runs over 24 hours in every language, as Morocco writes.
    """
    pattern = parse_pattern(locale.date_formats["full"])
    date = str(pattern.format) % {field: f"{{{name}}}" for field, name in FIELDS.items()}
    return str(locale.datetime_formats["full"]).format("{hour}:{minute}", date)


def dumped(data: Words) -> str:
    """Write data as JSON, the same bytes for the same words."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
