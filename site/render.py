"""Jinja2 as the pages see it: words, addresses and amounts of one language."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import CodeType
from typing import Any

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from functions.shared.rules.languages import DEFAULT, Language
from refusal import BuildError
from sentences import error_names
from wording import Wording, locale_of

CENTIMES = 100
# A CDN names them by file, and serves them under any address.
ERROR_PAGES = frozenset({"404", "500"})


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, kept on the disk between builds and in memory between languages."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder))
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, where it was compiled before."""
        if bucket.key not in self._codes:
            super().load_bytecode(bucket)
        bucket.code = self._codes.get(bucket.key, bucket.code)
        self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that was compiled just now."""
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


@dataclass(frozen=True)
class Shared:
    """What every page of every language uses. `urls`: address of each asset by its name.

    `languages`: those that payers can choose.
    """

    templates: Path
    compiled: Compiled
    urls: dict[str, str]
    portal_url: str
    openapi: dict[str, Any]
    legal: dict[str, Any]
    languages: dict[str, Language]


def address(path: str, language: str) -> str:
    """Address of a page: `assure/creance` → `/fr/assure/creance/`; `index` and `` → `/fr/`."""
    folder = "" if path in {"", "index"} else f"{path}/"
    return f"/{language}/{path}.html" if path in ERROR_PAGES else f"/{language}/{folder}"


def any_language(path: str) -> str:
    """Address of a page for who reads none of the languages: the entrance, or its first edition."""
    return "/" if path in {"", "index"} else address(path, DEFAULT)


def money(centimes: int, words: Wording) -> Markup:
    """Write an amount in centimes as the language does, kept whole: `1 451,10 DH`."""
    amount = Decimal(centimes) / CENTIMES
    number = format_decimal(amount, "#,##0.00", locale_of(words.language))
    return Markup("<bdi>{}</bdi>").format(words.text("money", amount=number))


def environment(shared: Shared, words: Wording, default: Wording) -> Environment:
    """Templates of one language; their compiled form is kept between languages and builds.

    `default`: the language that everybody is told in what concerns a page's own.
    """
    made = Environment(
        loader=FileSystemLoader(shared.templates),
        bytecode_cache=shared.compiled,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(_language(words, shared.languages), in_default=default.text)
    made.globals.update(**_site(shared, words), **_for_the_browser(shared, words))
    return made


def _language(words: Wording, languages: dict[str, Language]) -> dict[str, Any]:
    locale = locale_of(words.language)
    language = languages[words.language]
    return {
        "_": words.text,
        "lang": words.language,
        "direction": language.direction,
        "reviewed": language.reviewed,
        "languages": languages,
        "default_language": DEFAULT,
        "months": "|".join(locale.months["stand-alone"]["wide"][it] for it in range(1, 13)),
        "moment": words.plain("moment"),
        "decimal": get_decimal_symbol(locale),
        "group": get_group_symbol(locale),
        "money": lambda centimes: money(centimes, words),
    }


def _site(shared: Shared, words: Wording) -> dict[str, Any]:
    def asset(name: str) -> str:
        if name not in shared.urls:
            raise BuildError(f"a page names the asset {name}, which does not exist")
        return shared.urls[name]

    def url(path: str, language: str = words.language) -> str:
        return address(path, language)

    return {
        "asset": asset,
        "url": url,
        "any_language": any_language,
        "legal": shared.legal,
        "portal_url": shared.portal_url,
    }


def _for_the_browser(shared: Shared, words: Wording) -> dict[str, Any]:
    """Emit `<template>`s, out of which the scripts take their words."""

    def word(*keys: str) -> Markup:
        return _templates("word", {key: words.plain(key) for key in keys})

    def errors(*operations: str) -> Markup:
        names = error_names(shared.openapi, operations)
        return _templates("error", {name: words.plain(f"error.{name}") for name in names})

    def plural(*keys: str) -> Markup:
        return Markup("\n").join(_plural(key, words.plural(key)) for key in keys)

    return {"word": word, "errors": errors, "plural": plural}


def _templates(kind: str, sentences: dict[str, str]) -> Markup:
    one = Markup('<template data-{}="{}">{}</template>')
    return Markup("\n").join(one.format(kind, key, text) for key, text in sentences.items())


def _plural(key: str, sentences: dict[str, str]) -> Markup:
    one = Markup('<span data-category="{}">{}</span>')
    spans = Markup().join(one.format(category, text) for category, text in sentences.items())
    return Markup('<template data-plural="{}">{}</template>').format(key, spans)
