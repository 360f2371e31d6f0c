"""The portal's built pages, taken apart for other builders."""

import re
from dataclasses import dataclass
from pathlib import Path

_MAIN = re.compile(r"(<main [^>]*>)(.*)(</main>)", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
CONTENT, TITLE = "@@CONTENT@@", "@@TITLE@@"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its place without a final slash, its title, and what stands in `main`."""

    place: str
    title: str
    content: str


def taken_apart(site: Path) -> tuple[list[Page], str]:
    """Give every page of a built site, and a layout that has two marks in it."""
    pages, layout = [], ""
    for path in sorted(site.rglob("*.html")):
        text = path.read_text("utf-8")
        title, main = _TITLE.search(text), _MAIN.search(text)
        if not title or not main:
            continue
        place = path.relative_to(site).with_suffix("").as_posix().removesuffix("/index")
        pages.append(Page(place, title[1], main[2]))
        layout = layout or _MAIN.sub(rf"\1{CONTENT}\3", _TITLE.sub(f"<title>{TITLE}</title>", text))
    return pages, layout


def put(path: Path, text: str) -> None:
    """Write a file of a project."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
