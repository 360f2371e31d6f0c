"""Builds the portal's pages: for each language, for each page, render and write.

`python site/build.py --out build/site` makes the whole site; `--production` refuses the model
text of `templates/legal/`, which the fund replaces by its own, and builds in those languages only
that a reviewer has read. `--languages` names others: the deployment's parameter `Languages`.
"""

import argparse
import json
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bundle import hashed_name, stylesheet  # noqa: E402 - the path above comes first
from functions.shared.rules.languages import (  # noqa: E402 - likewise
    DEFAULT,
    LANGUAGES,
    REVIEWED,
    offered,
)
from modules import scripts  # noqa: E402 - likewise
from output import robots, sitemap, write  # noqa: E402 - likewise
from refusal import BuildError  # noqa: E402 - likewise
from render import ERROR_PAGES, Compiled, Shared, address, environment  # noqa: E402 - likewise
from wording import Wording, read_catalogue  # noqa: E402 - likewise


@dataclass(frozen=True)
class Options:
    """Where the site comes from and goes to. `portal_url`: origin under which it is served.

    `languages`: those that payers can choose, in the order of the switch.
    """

    out: Path
    portal_url: str = "http://127.0.0.1:8000"
    production: bool = False
    sources: Path = ROOT / "site"
    locales: Path = ROOT / "locales"
    openapi: Path = ROOT / "openapi.json"
    languages: tuple[str, ...] = field(default_factory=lambda: tuple(LANGUAGES))


def build(options: Options) -> None:
    """Write the site. Raises BuildError, having written nothing."""
    write(options.out, render(options)[0])


def render(options: Options) -> tuple[dict[str, bytes], list[Wording]]:
    """Every file of the site by its name, and the words of each language with those it used.

    Raises BuildError; every missing word of every language is named in the one error.
    """
    legal = _legal(options)
    assets, urls = _assets(options.sources, legal["mark"])
    shared = _shared(options, urls, legal)
    wordings = [read_catalogue(options.locales, language) for language in options.languages]
    pages = _pages(shared, wordings)
    problems = [problem for words in wordings for problem in words.problems]
    if problems:
        raise BuildError("\n".join(problems))
    listed = sitemap(options.portal_url, pages, options.languages)
    pages |= {"sitemap.xml": listed, "robots.txt": robots(options.portal_url)}
    return {name: text.encode() for name, text in pages.items()} | assets, wordings


def _legal(options: Options) -> dict[str, Any]:
    """Read what the fund decides; its model text goes to no production."""
    folder = options.sources / "templates" / "legal"
    legal: dict[str, Any] = tomllib.loads((folder / "legal.toml").read_text("utf-8"))
    if options.production and legal["model_text"]:
        raise BuildError("site/templates/legal/ holds model text: the fund must replace it first")
    if not (folder / legal["mark"]).is_file():
        raise BuildError(
            f"site/templates/legal/ has no {legal['mark']}, which legal.toml calls mark"
        )
    return legal


def _shared(options: Options, urls: dict[str, str], legal: dict[str, Any]) -> Shared:
    templates = options.sources / "templates"
    openapi = json.loads(options.openapi.read_text("utf-8"))
    offer = {code: LANGUAGES[code] for code in options.languages}
    compiled = Compiled(ROOT / "build" / "templates")
    return Shared(templates, compiled, urls, options.portal_url, openapi, legal, offer)


def _assets(sources: Path, mark: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """Files under `assets/`, and the address of each by its plain name."""
    assets, components = sources / "assets", sources / "templates" / "components"
    pictures = [*sorted(assets.glob("*.svg")), sources / "templates" / "legal" / mark]
    contents = {path.name: path.read_bytes() for path in pictures}
    urls = {name: _asset_url(name, content) for name, content in contents.items()}
    sheets = [*sorted(assets.glob("*.css")), *sorted(components.glob("*/*.css"))]
    bundles = scripts(sorted(assets.glob("*.mjs")), sorted(assets.glob("apart/*.mjs")))
    bundles["asvi.css"] = stylesheet(sheets, urls)
    contents |= {name: text.encode() for name, text in bundles.items()}
    urls = {name: _asset_url(name, content) for name, content in contents.items()}
    return {urls[name].lstrip("/"): content for name, content in contents.items()}, urls


def _asset_url(name: str, content: bytes) -> str:
    return f"/assets/{hashed_name(name, content)}"


def _pages(shared: Shared, wordings: list[Wording]) -> dict[str, str]:
    """Every page by the name of its file."""
    folder = shared.templates / "pages"
    names = sorted(
        it.relative_to(folder).with_suffix("").as_posix() for it in folder.rglob("*.html")
    )
    made: dict[str, str] = {}
    default = next(it for it in wordings if it.language == DEFAULT)
    for words in wordings:
        jinja = environment(shared, words, default)
        for name in names:
            page = jinja.get_template(f"pages/{name}.html").render(page=name)
            made[_file(address(name, words.language))] = page
    jinja = environment(shared, default, default)
    editions = [(words.language, LANGUAGES[words.language], words.text) for words in wordings]
    for name in ("index", *sorted(ERROR_PAGES)):
        template = jinja.get_template(f"root/{name}.html")
        made[f"{name}.html"] = template.render(editions=editions)
    return made


def _file(path: str) -> str:
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def _options(arguments: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(description="Builds the portal's pages.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--portal-url", default=Options.portal_url, help="origin, no slash at end")
    parser.add_argument("--openapi", type=Path, default=Options.openapi, help="lists error codes")
    parser.add_argument("--production", action="store_true", help="refuse model text")
    parser.add_argument("--languages", type=offered, help="codes with commas between: fr,ar,en")
    given = parser.parse_args(arguments)
    given.languages = given.languages or (REVIEWED if given.production else tuple(LANGUAGES))
    return Options(**vars(given))


def main(arguments: list[str] | None = None) -> int:
    """Build as the command line says; give 0, or 1 after saying what is to mend."""
    try:
        build(_options(arguments))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
