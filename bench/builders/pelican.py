"""Pelican, the site builder of most Python projects."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.builders.pages import CONTENT, TITLE, Page, put
from bench.places import PYTHON

NAME = "Pelican"
CONFIG = """\
SITEURL, TIMEZONE, DEFAULT_LANG, THEME = "", "UTC", "fr", "theme"
PATH, PAGE_PATHS, ARTICLE_PATHS = "content", ["pages"], []
DIRECT_TEMPLATES, PAGE_URL, PAGE_SAVE_AS = [], "{slug}/", "{slug}/index.html"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
"""


def write(folder: Path, pages: Sequence[Page], layout: str) -> None:
    """Write a project of the pages."""
    put(folder / "conf.py", CONFIG)
    template = layout.replace(CONTENT, "{{ page.content }}").replace(TITLE, "{{ page.title }}")
    put(folder / "theme" / "templates" / "page.html", template)
    (folder / "theme" / "static").mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages):
        facts = f'<title>{page.title}</title><meta name="slug" content="{escape(page.place)}">'
        text = f"<html><head>{facts}</head><body>{page.content}</body></html>"
        put(folder / "content" / "pages" / f"p{number:04d}.html", text)


def command(folder: Path, out: Path) -> list[str]:
    """Give the command that builds it."""
    settings = ["--settings", str(folder / "conf.py"), "--output", str(out), "--quiet"]
    return [str(PYTHON), "-m", "pelican", str(folder / "content"), *settings]
