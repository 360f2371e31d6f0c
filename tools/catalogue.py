"""Keeps the catalogues of the pages whole: `--check` says what is wrong, `--update` puts in order.

`locales/site.pot` is the list for translators: every key, with the French sentence beside it. It
and the order of the catalogues are written here; sentences are written by people.
"""

import argparse
import gettext
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import escape, read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from build import Options, render  # noqa: E402 - the paths above come first
from functions.shared.rules.languages import DEFAULT, LANGUAGES  # noqa: E402 - likewise
from refusal import BuildError  # noqa: E402 - likewise
from wording import (  # noqa: E402 - likewise
    CATEGORIES,
    PLACEHOLDER,
    forms_of,
    key_of,
    locale_of,
    plural_categories,
)

ASKING = {"_", "word", "plural", "in_default"}
SAMPLES = (*range(201), 1_000, 1_000_000, 2_000_000)
TEMPLATE_HEADER = {"Content-Type": "text/plain; charset=utf-8"}


def check(options: Options) -> list[str]:
    """Say what is wrong with the catalogues, one line each; nothing when all is well.

    Every key that a page uses exists in every language, none is unused, sentences of one key have
    the same `{names}`, the plural rule is CLDR's, the files are in order and the list is current.
    """
    try:
        wordings = render(options)[1]
    except BuildError as error:
        return str(error).splitlines()
    used = written_in_templates(options.sources / "templates")
    used |= {key for words in wordings for key in words.used}
    catalogues = {language: _read(options.locales, language) for language in LANGUAGES}
    problems = [line for it in wordings for line in _unused(it.language, it.forms, used)]
    problems += _placeholders(catalogues)
    for language, catalogue in catalogues.items():
        problems += _plural_rule(language, catalogue)
    problems += [
        f"{path.name} is not as --update writes it" for path in _stale(options, catalogues)
    ]
    return problems


def update(options: Options) -> None:
    """Put each catalogue in order of keys, and write the list of keys anew."""
    catalogues = {language: _read(options.locales, language) for language in LANGUAGES}
    for path, text in _written(options, catalogues).items():
        _replace(path, text)


def written_in_templates(templates: Path) -> set[str]:
    """Keys that a template names in so many words, even where no page comes by."""
    found: set[str] = set()
    for path in templates.rglob("*.html"):
        tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ASKING:
                found |= {str(it.value) for it in call.args if isinstance(it, nodes.Const)}
    return found


def _path(locales: Path, language: str) -> Path:
    return locales / language / "LC_MESSAGES" / "site.po"


def _read(locales: Path, language: str) -> Catalog:
    with _path(locales, language).open("rb") as file:
        return read_po(file, locale=str(locale_of(language)))


def _messages(catalogue: Catalog) -> dict[str, Message]:
    """Messages by key, in order of keys."""
    found = {key_of(message): message for message in catalogue if message.id}
    return dict(sorted(found.items()))


def _unused(language: str, forms: dict[str, tuple[str, ...]], used: set[str]) -> list[str]:
    return [f"{language}: {key} is used by no page" for key in sorted(set(forms) - used)]


def _placeholders(catalogues: dict[str, Catalog]) -> list[str]:
    """Compare names key by key; one form of a plural may say its number in words."""
    reference = {key: _names(it) for key, it in _messages(catalogues[DEFAULT]).items()}
    return [
        f"{language}: {key} has {sorted(_names(message))}, {DEFAULT} has {sorted(reference[key])}"
        for language, catalogue in catalogues.items()
        for key, message in _messages(catalogue).items()
        if key in reference and _names(message) != reference[key]
    ]


def _names(message: Message) -> set[str]:
    return {name for string in forms_of(message) for name in PLACEHOLDER.findall(string)}


def _plural_rule(language: str, catalogue: Catalog) -> list[str]:
    categories = plural_categories(language)
    rule = locale_of(language).plural_form
    index = gettext.c2py(catalogue.plural_expr)
    wrong = [n for n in SAMPLES if categories[index(n) :][:1] != (rule(n),)]
    order = ", ".join(category for category in CATEGORIES if category in categories)
    return [f"{language}: Plural-Forms must give {order} (see {wrong[0]})"] if wrong else []


def _stale(options: Options, catalogues: dict[str, Catalog]) -> list[Path]:
    written = _written(options, catalogues)
    return [
        path
        for path, text in written.items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]


def _written(options: Options, catalogues: dict[str, Catalog]) -> dict[Path, str]:
    files = {
        _path(options.locales, language): _catalogue_text(language, catalogue)
        for language, catalogue in catalogues.items()
    }
    return files | {options.locales / "site.pot": _list_text(catalogues[DEFAULT])}


def _catalogue_text(language: str, catalogue: Catalog) -> str:
    header = {
        "Language": language,
        "MIME-Version": "1.0",
        **TEMPLATE_HEADER,
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};",
    }
    entries = [_entry(it, it.user_comments, forms_of(it)) for it in _messages(catalogue).values()]
    return _header(header) + "".join(entries)


def _list_text(catalogue: Catalog) -> str:
    entries = []
    for message in _messages(catalogue).values():
        french = [f"{DEFAULT}: {string}" for string in forms_of(message)]
        entries.append(_entry(message, french, ("",) * len(forms_of(message)), "."))
    return _header(TEMPLATE_HEADER) + "".join(entries)


def _header(fields: dict[str, str]) -> str:
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}'


def _entry(message: Message, comments: list[str], strings: tuple[str, ...], kind: str = "") -> str:
    head = "".join(f"#{kind} {comment}\n" for comment in comments)
    key = escape(key_of(message))
    if len(strings) == 1 and not message.pluralizable:
        return f"\n{head}msgid {key}\nmsgstr {escape(strings[0])}\n"
    forms = "".join(f"msgstr[{n}] {escape(string)}\n" for n, string in enumerate(strings))
    return f"\n{head}msgid {key}\nmsgid_plural {key}\n{forms}"


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, so that nobody reads half a catalogue."""
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """0 when all is well (or was put in order), else 1 after saying what is not."""
    parser = argparse.ArgumentParser(description="The catalogues of the pages.")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="say what is wrong")
    action.add_argument("--update", action="store_true", help="put in order, write site.pot")
    options = Options(out=ROOT / "build" / "site")
    if parser.parse_args(arguments).update:
        update(options)
        return 0
    problems = check(options)
    print("\n".join(problems) or "catalogues are whole")
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main())
