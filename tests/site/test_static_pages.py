import hashlib
import re
from collections import Counter
from pathlib import Path

import brotli  # type: ignore[import-untyped] # has no types
import pytest

from functions.shared.rules.languages import DEFAULT, LANGUAGES
from tests.site.markup import Page

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "site" / "templates"
NAMES = sorted(
    it.relative_to(TEMPLATES / "pages").with_suffix("").as_posix()
    for it in (TEMPLATES / "pages").rglob("*.html")
)
EVERY_PAGE = [(language, name) for language in LANGUAGES for name in NAMES]
ROOT_PAGES = ["index.html", "404.html", "500.html"]
UNLISTED = {"404", "500", "assure/creance", "assure/transaction", "assure/recu"}
CARD_FIELD = re.compile(
    r"\bpan\b|cv[cv2]\b|Ecom_Payment|card-?number|cc-(number|csc|exp)", re.IGNORECASE
)
FIRST_FLIGHT = 14_600


def file_of(language: str, name: str) -> str:
    if name in {"index", "404", "500"}:
        return f"{language}/{name}.html"
    return f"{language}/{name}/index.html"


EVERY_FILE = [file_of(*it) for it in EVERY_PAGE] + ROOT_PAGES


def read(site: Path, file: str) -> Page:
    return Page((site / file).read_text("utf-8"))


def test_the_journey_has_its_pages() -> None:
    """The pages of the seven steps, the texts and the pages for an error exist."""
    steps = {"index", "services", "paiement", "assure", "assure/creance", "assure/transaction"}
    texts = {"aide", "conditions", "confidentialite", "accessibilite"}
    assert steps | texts | {"assure/recu", "404", "500"} <= set(NAMES)


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_page_speaks_its_language(site: Path, language: str, name: str) -> None:
    """A screen reader is told the language and direction, one title and one main heading."""
    page = read(site, file_of(language, name))
    html = page.named("html")[0].attributes
    assert (html["lang"], html["dir"]) == (language, LANGUAGES[language].direction)
    assert len(page.named("h1")) == 1
    assert len(page.named("title")) == len(page.named("main")) == 1
    assert page.open == []


@pytest.mark.parametrize("file", EVERY_FILE)
def test_links_and_assets_resolve(site: Path, file: str) -> None:
    """No link of the portal leads nowhere, no style, picture or script is missing."""
    page = read(site, file)
    for address in page.values("href") + page.values("src"):
        if address.startswith(("https://", "http://", "tel:")):
            continue
        path, _, fragment = address.partition("#")
        assert (path or fragment).strip(), f"empty address in {file}"
        target = site / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        assert not path or target.is_file(), address
        there = Page(target.read_text("utf-8")) if path and fragment else page
        assert not fragment or fragment in there.values("id"), address


@pytest.mark.parametrize("file", EVERY_FILE)
def test_nothing_inline(site: Path, file: str) -> None:
    """The content security policy lets no inline script, style or handler run: there is none."""
    page = read(site, file)
    assert not page.named("style")
    assert all("src" in script.attributes for script in page.named("script"))
    attributes = {name for element in page.elements for name in element.attributes}
    assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("file", EVERY_FILE)
def test_a_form_without_its_script_leaks_nothing(site: Path, file: str) -> None:
    """No static field has a name: a form sent by a browser alone carries no number, no e-mail."""
    fields = read(site, file).named("input", "select", "textarea", "button")
    assert not [field for field in fields if "name" in field.attributes]


@pytest.mark.parametrize("file", EVERY_FILE)
def test_ids_are_one_of_a_kind(site: Path, file: str) -> None:
    """What a label, a hint or an error points at is found, and found once."""
    page = read(site, file)
    twice = [it for it, count in Counter(page.values("id")).items() if count > 1]
    assert not twice
    pointed = page.values("for")
    for attribute in ("aria-describedby", "aria-labelledby"):
        pointed += [it for value in page.values(attribute) for it in value.split()]
    assert set(pointed) <= set(page.values("id"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda it: it.name)
def test_no_field_for_a_card(path: Path) -> None:
    """Card data is typed on CMI's page only (PCI DSS, SAQ A): no template has a field for it."""
    for tag in re.findall(r"<(?:input|select)\b[^>]*>|field\([^)]*\)", path.read_text("utf-8")):
        assert not CARD_FIELD.search(tag), tag


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_language_switch_keeps_the_page(site: Path, language: str, name: str) -> None:
    """Another language is one link away, on the same page; search engines learn of each edition."""
    page = read(site, file_of(language, name))
    links = {
        it.attributes["hreflang"]: it.attributes
        for it in page.named("a")
        if "hreflang" in it.attributes
    }
    alternates = {
        it.attributes["hreflang"]: it.attributes["href"]
        for it in page.named("link")
        if "hreflang" in it.attributes
    }
    listed = {code: f"/{file_of(code, name).removesuffix('index.html')}" for code in LANGUAGES}
    assert {code: link["href"] for code, link in links.items()} == listed
    assert [code for code, link in links.items() if "aria-current" in link] == [language]
    if name in UNLISTED:
        assert not alternates
    else:
        listed["x-default"] = "/" if name == "index" else listed[DEFAULT]
        assert alternates == {code: f"http://127.0.0.1:8000{it}" for code, it in listed.items()}


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_help_is_on_every_page(site: Path, language: str, name: str) -> None:
    """The call centre's two numbers and the guide stand between page and footer, everywhere."""
    page = read(site, file_of(language, name))
    order = [it.name for it in page.named("main", "aside", "footer")]
    assert order == ["main", "aside", "footer"]
    calls = [it.attributes["href"] for it in page.named("a") if "aside" in it.inside]
    *calls, guide = calls
    assert calls == ["tel:+212802033333", "tel:+212802007200"]
    assert guide.partition("#")[0] == f"/{language}/aide/"


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_texts_are_in_every_footer(site: Path, language: str, name: str) -> None:
    """Terms, personal data, accessibility and help are one link away from everywhere."""
    links = read(site, file_of(language, name)).named("a")
    found = {it.attributes["href"] for it in links if "footer" in it.inside}
    texts = ("aide", "conditions", "confidentialite", "accessibilite")
    assert {f"/{language}/{text}/" for text in texts} <= found


def test_entrance_works_without_a_script(site: Path) -> None:
    """The root address offers each language by a plain link, in that language."""
    links = [it for it in read(site, "index.html").named("a") if "hreflang" in it.attributes]
    assert [it.attributes["href"] for it in links] == [f"/{code}/" for code in LANGUAGES]
    assert [it.attributes["lang"] for it in links] == list(LANGUAGES)


@pytest.mark.parametrize("file", ["404.html", "500.html"])
def test_an_error_speaks_every_language(site: Path, file: str) -> None:
    """The pages for the CDN's own errors say in each language what to do."""
    sections = read(site, file).named("section")
    said = [(it.attributes["lang"], it.attributes["dir"]) for it in sections]
    assert said == [(code, it.direction) for code, it in LANGUAGES.items()]


def test_names_carry_their_content(site: Path) -> None:
    """An asset's name changes with its content, so that it may be cached for ever."""
    files = sorted((site / "assets").iterdir())
    assert {path.name.split(".")[0] for path in files} >= {"asvi", "proof", "mark"}
    for path in files:
        assert path.name.split(".")[1] == hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def squeezed(*paths: Path) -> int:
    return sum(len(brotli.compress(path.read_bytes())) for path in paths)


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_style_and_script_are_light(site: Path, language: str, name: str) -> None:
    """On a slow line a page's style and scripts come in 14 KB together, its worker with them."""
    page = read(site, file_of(language, name))
    named = page.values("href") + page.values("src") + page.values("data-worker")
    files = {site / it.lstrip("/") for it in named if it.endswith((".css", ".mjs"))}
    assert len(files) >= 2
    assert squeezed(*files) <= 14 * 1024


def test_a_script_is_named_before_it_is_needed(site: Path) -> None:
    """Where a page's own script takes from the shared one, both are fetched at once."""
    for name in ("assure/creance", "assure/transaction", "assure/recu", "suivi", "verification"):
        page = read(site, file_of("fr", name))
        (own,) = [it.attributes["src"] for it in page.named("script")]
        (shared,) = [
            it.attributes["href"]
            for it in page.named("link")
            if it.attributes["rel"] == "modulepreload"
        ]
        first = (site / own.lstrip("/")).read_text("utf-8").partition("\n")[0]
        assert first.endswith(f'from"./{shared.rpartition("/")[2]}";')


@pytest.mark.parametrize(("language", "name"), EVERY_PAGE)
def test_page_and_style_come_in_one_flight(site: Path, language: str, name: str) -> None:
    """A page can be read after the first 14.6 KB: itself and its style."""
    style = next((site / "assets").glob("asvi.*.css"))
    assert squeezed(site / file_of(language, name), style) <= FIRST_FLIGHT


def test_sitemap_lists_what_is_public(site: Path) -> None:
    """Search engines learn the public pages in each language, and none that holds a payment."""
    listed = re.findall(r"<loc>[^<]*:8000/([^<]*)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    public = [it for it in EVERY_PAGE if it[1] not in UNLISTED]
    assert sorted(listed) == sorted(file_of(*it).removesuffix("index.html") for it in public)
    editions = re.findall(r'hreflang="([^"]*)"', (site / "sitemap.xml").read_text("utf-8"))
    assert editions == [*LANGUAGES, "x-default"] * len(listed)
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in (site / "robots.txt").read_text("utf-8")
