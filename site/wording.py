"""The words of the pages, read from `locales/<language>/LC_MESSAGES/site.po`.

Message ids are symbolic (`assure.title`). A word that a page asks for and the catalogue lacks is
noted in `problems`: the build then stops and names them all at once.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from functions.shared.rules.languages import LANGUAGES
from refusal import BuildError

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FRENCH_SPACE = re.compile(r" (?=[:;?!»])|(?<=«) ")


@dataclass(frozen=True)
class Wording:
    """One language's catalogue. `forms`: the sentence, or one for each of `categories`."""

    language: str
    categories: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]
    used: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def text(self, key: str, /, **values: object) -> Markup:
        """Say the sentence of `key`, each `{name}` filled in and escaped."""
        sentence = self.plain(key)
        wanted, given = set(PLACEHOLDER.findall(sentence)), set(values)
        if wanted != given and sentence:
            self._note(f"{key} wants {sorted(wanted)}, its page gives {sorted(given)}")
            return Markup()
        return escape(sentence).format(**values) if values else escape(sentence)

    def plain(self, key: str) -> str:
        """Give the sentence of `key` as it stands, its `{names}` left for the browser."""
        found = self._find(key)
        if len(found) > 1:
            self._note(f"{key} is a plural: use plural('{key}')")
        return found[0]

    def plural(self, key: str) -> dict[str, str]:
        """Sentences of `key` by CLDR plural category, exactly those that the language has."""
        found = self._find(key)
        if len(found) != len(self.categories):
            self._note(f"{key} has {len(found)} forms, not {', '.join(self.categories)}")
        return dict(zip(self.categories, found, strict=False))

    def _find(self, key: str) -> tuple[str, ...]:
        self.used.add(key)
        if key not in self.forms:
            self._note(f"{key} is missing")
        return self.forms.get(key, ("",))

    def _note(self, problem: str) -> None:
        line = f"{self.language}: {problem}"
        if line not in self.problems:
            self.problems.append(line)


def locale_of(language: str) -> Locale:
    """CLDR locale of a language: that of its region, unless its own code names one."""
    known = Locale.parse(language, sep="-")
    return known if known.territory else Locale(language, LANGUAGES[language].region)


def plural_categories(language: str) -> tuple[str, ...]:
    """CLDR plural categories of the language, in CLDR's order, `other` last."""
    tags = locale_of(language).plural_form.tags | {"other"}
    return tuple(category for category in CATEGORIES if category in tags)


def read_catalogue(locales: Path, language: str) -> Wording:
    """Words of one language. Raises BuildError when there is no catalogue, or it is not ready."""
    path = locales / language / "LC_MESSAGES" / "site.po"
    if not path.is_file():
        raise BuildError(f"{language}: no catalogue {path}")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=str(locale_of(language)), abort_invalid=True)
    messages = [message for message in catalogue if message.id]
    _refuse_unfinished(language, messages)
    forms = {key_of(it): _typographic(forms_of(it), language) for it in messages}
    return Wording(language, plural_categories(language), forms)


def _refuse_unfinished(language: str, messages: list[Message]) -> None:
    unfinished = [key_of(it) for it in messages if it.fuzzy or not all(forms_of(it))]
    if unfinished:
        raise BuildError(f"{language}: not translated: {', '.join(unfinished)}")


def key_of(message: Message) -> str:
    """Symbolic id of a message, plural or not."""
    ids: Any = message.id
    return str(ids[0] if isinstance(ids, tuple) else ids)


def forms_of(message: Message) -> tuple[str, ...]:
    """Give the sentence of a message, or each of its plural forms."""
    strings: Any = message.string
    return tuple(strings) if isinstance(strings, (tuple, list)) else (str(strings),)


def _typographic(forms: tuple[str, ...], language: str) -> tuple[str, ...]:
    """In French a sign of two parts never begins a line: its space does not break."""
    if language != "fr":
        return forms
    return tuple(FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", form) for form in forms)
