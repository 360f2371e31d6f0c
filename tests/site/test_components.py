"""Each component by itself, as its folder's example shows it."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from build import Options, build
from tests.site.conftest import Served

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "site" / "templates" / "components"
# These make the frame of every page, and are looked at with it.
FRAME = {"breadcrumb", "help-line", "icon", "language-switch", "link", "progress", "review"}
WRITTEN = {it.parent.name for it in COMPONENTS.glob("*/*.html") if it.stem == it.parent.name}
NAMES = sorted(WRITTEN - FRAME)
PAGE = """{{% extends "layout.html" %}}
{{% set unlisted = true %}}
{{% block title %}}{name}{{% endblock %}}
{{% block main %}}
<h1>{name}</h1>
{{% include "components/{name}/example.html" %}}
{{% endblock %}}
"""
# All that a script would show is shown, with something in it.
FILLED = """() => {
  for (const it of document.querySelectorAll('main [hidden]')) it.hidden = false;
  for (const it of document.querySelectorAll('main :is([data-slot], .field-error, .error-summary ul)')) {
    if (!it.childElementCount && !it.textContent.trim() && it.localName !== 'template') {
      it.append(it.localName === 'ul' ? document.createElement('li') : '1 467,06');
    }
  }
}"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the site with a page for each example, and serve it."""
    place = tmp_path_factory.mktemp("gallery")
    shutil.copytree(ROOT / "site", place / "site")
    for name in NAMES:
        page = place / "site" / "templates" / "pages" / f"example-{name}.html"
        page.write_text(PAGE.format(name=name), "utf-8")
    build(Options(place / "out", sources=place / "site"))
    handler = partial(Served, directory=str(place / "out"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_component_has_an_example() -> None:
    """Whoever looks for a component finds in its folder how it is used."""
    assert {it.parent.name for it in COMPONENTS.glob("*/example.html")} == set(NAMES)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("fr", "dark"), ("ar", "light")])
@pytest.mark.parametrize("name", NAMES)
def test_example(browser: Browser, gallery: str, name: str, language: str, scheme: str) -> None:
    """By itself it breaks no rule of axe and fits 320 pixels, in both directions of reading."""
    size = {"width": 320, "height": 640}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type] # its own words
    page = context.new_page()
    page.goto(f"{gallery}/{language}/example-{name}/")
    page.evaluate(FILLED)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
