"""The built site served once, and a payer's tab with what it should look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages.portal import Portal, answers
from tests.quality.edge import built, served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(params=["fr"])
def portal(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[Portal]:
    """Open a payer's tab on a phone; it must leave no error in the console."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(5_000)
    portal = Portal(page, origin, request.param, answers())
    portal.listen()
    yield portal
    context.close()
    assert portal.complaints == []
