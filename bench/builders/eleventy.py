"""Eleventy, from npm."""

import json
from collections.abc import Sequence
from pathlib import Path

from bench.builders.pages import CONTENT, TITLE, Page, put
from bench.places import NPM

NAME = "Eleventy"
CONFIG = """\
export default function () {
  return { dir: { input: "content" }, htmlTemplateEngine: false };
}
"""


def write(folder: Path, pages: Sequence[Page], layout: str) -> None:
    """Write a project of the pages."""
    put(folder / "eleventy.config.mjs", CONFIG)
    template = layout.replace(CONTENT, "{{ content | safe }}").replace(TITLE, "{{ title }}")
    put(folder / "content" / "_includes" / "layout.njk", template)
    for number, page in enumerate(pages):
        facts = {"title": page.title, "permalink": f"/{page.place}/index.html"}
        head = json.dumps(facts | {"layout": "layout.njk"})
        put(folder / "content" / f"p{number:04d}.html", f"---json\n{head}\n---\n{page.content}")


def command(folder: Path, out: Path) -> list[str]:
    """Give the command that builds it."""
    config = f"--config={folder / 'eleventy.config.mjs'}"
    return [
        "node",
        str(NPM / "@11ty" / "eleventy" / "cmd.cjs"),
        "--quiet",
        config,
        f"--output={out}",
    ]
