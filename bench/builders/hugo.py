"""Hugo, of Debian."""

import json
from collections.abc import Sequence
from pathlib import Path

from bench.builders.pages import CONTENT, TITLE, Page, put

NAME = "Hugo"
NOT_WANTED = ("taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404", "section", "home")


def write(folder: Path, pages: Sequence[Page], layout: str) -> None:
    """Write a project of the pages."""
    kinds = ", ".join(f'"{kind}"' for kind in NOT_WANTED)
    config = f'baseURL = "http://127.0.0.1/"\ndisableKinds = [{kinds}]\n'
    put(folder / "config.toml", config)
    template = layout.replace(CONTENT, "{{ .Content }}").replace(TITLE, "{{ .Title }}")
    put(folder / "layouts" / "_default" / "single.html", template)
    for number, page in enumerate(pages):
        facts = json.dumps({"title": page.title, "url": f"/{page.place}/"})
        put(folder / "content" / f"p{number:04d}.html", f"{facts}\n\n{page.content}")


def command(folder: Path, out: Path) -> list[str]:
    """Give the command that builds it."""
    return ["hugo", "--quiet", "--source", str(folder), "--destination", str(out)]
