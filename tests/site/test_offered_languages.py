import re
from pathlib import Path

import pytest

from build import Options, _options, build
from functions.shared.rules.languages import DEFAULT, LANGUAGES, REVIEWED
from local.template import read as template
from tests.site.markup import Page

WAITING = tuple(code for code in LANGUAGES if code not in REVIEWED)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site in the languages that a reviewer has read."""
    out = tmp_path_factory.mktemp("without")
    build(Options(out, languages=REVIEWED))
    return out


def notes(page: str) -> list[str]:
    return re.findall(r'<div class="review no-print">(.*?)</div>', page, re.DOTALL)


@pytest.mark.parametrize("code", WAITING)
def test_left_out_leaves_no_trace(without: Path, code: str) -> None:
    """A language left out has no page, no link, no line in the site map, and no word anywhere."""
    assert not (without / code).exists()
    trace = re.compile(rf"\b{code}\b|{LANGUAGES[code].name}|[\u2d30-\u2d7f]")
    for path in (it for it in without.rglob("*") if it.suffix in {".html", ".xml", ".txt"}):
        assert not trace.search(path.read_text("utf-8")), path.name


def test_site_map_of_those_offered(without: Path) -> None:
    """Search engines learn of the editions that there are, on pages and in the site map alike."""
    listed = re.findall(r'hreflang="([^"]*)"', (without / "sitemap.xml").read_text("utf-8"))
    assert set(listed) == {*REVIEWED, "x-default"}
    page = Page((without / DEFAULT / "index.html").read_text("utf-8"))
    linked = [it.attributes["hreflang"] for it in page.named("link") if "hreflang" in it.attributes]
    assert linked == [*REVIEWED, "x-default"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_reviewer_yet(site: Path, code: str) -> None:
    """Each page in a language that nobody has reviewed says so, there and in French; no other."""
    pages = [path.read_text("utf-8") for path in (site / code).rglob("*.html")]
    said = [notes(page) for page in pages]
    assert pages
    assert [len(it) for it in said] == [int(code in WAITING)] * len(pages)
    for note in (it for both in said for it in both):
        paragraphs = Page(note).named("p")
        assert [it.attributes.get("lang") for it in paragraphs] == [None, DEFAULT]
        assert f'href="/{DEFAULT}/' in note


def test_a_production_build_waits_for_reviewers() -> None:
    """Nobody publishes an unread translation by leaving an option out; saying so publishes it."""
    assert _options(["--production"]).languages == REVIEWED
    assert _options(["--production", "--languages", "fr,zgh"]).languages == ("fr", "zgh")
    assert _options([]).languages == tuple(LANGUAGES)


def test_an_option_that_names_no_language(capsys: pytest.CaptureFixture[str]) -> None:
    """A code that is none of ours stops the build before it begins."""
    with pytest.raises(SystemExit):
        _options(["--languages", "fr,xx"])
    assert "fr,xx" in capsys.readouterr().err


def test_a_deployment_waits_for_reviewers() -> None:
    """What the template offers by itself is what was reviewed."""
    described = template().source["Parameters"]["Languages"]
    assert described["Default"] == ",".join(REVIEWED)
    assert re.fullmatch(described["AllowedPattern"], ",".join(LANGUAGES))
