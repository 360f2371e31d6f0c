"""Every page, as built and as the script leaves it, is valid HTML by the Nu checker."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.pages.portal import ROOT, Portal, answers
from tests.pages.test_access import STATES

# It guesses in which language a page is written, and has never heard of Tamazight.
GUESS = 'tag has “lang="zgh"”. Consider using'
CHECKER = ROOT / "tests" / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def found(*pages: Path) -> list[str]:
    """Give what the checker finds wrong, warnings too."""
    assert CHECKER.is_file(), "the Nu checker is not installed: `make test` does it"
    command = [
        "java",
        "-jar",
        str(CHECKER),
        "--skip-non-html",
        "--format",
        "json",
        "--exit-zero-always",
    ]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    told = [it for it in json.loads(done.stderr)["messages"] if GUESS not in it["message"]]
    return [f"{one['url'].rpartition('/site')[2]}: {one['message']}" for one in told]


def test_built(site: Path) -> None:
    """Every built page in every language is valid."""
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    assert found(site) == []


@pytest.mark.parametrize("portal", ["fr", "ar"], indirect=True)
def test_as_seen(portal: Portal, tmp_path: Path) -> None:
    """What the script makes of the pages of the journey is valid too, in every state."""
    pages = []
    for state, reach in STATES.items():
        reach(portal)
        page = tmp_path / f"site-{state}.html"
        page.write_text(portal.page.content(), "utf-8")
        pages.append(page)
        portal.page.evaluate("sessionStorage.clear()")
        portal.answers |= answers()
    assert found(*pages) == []
