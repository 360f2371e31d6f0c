"""One stack for all journeys of a test process, back to the demo data before each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from functions.shared.rules.languages import LANGUAGES
from tests.journey.payer import Payer
from tests.stack import Running, running


@pytest.fixture(scope="session")
def stack() -> Iterator[Running]:
    with running() as started:
        yield started


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def come(browser: Browser, stack: Running, language: str) -> Iterator[Callable[[], Payer]]:
    """Let a payer come with a phone of their own; no console may complain in the end."""
    stack.reset()
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def payer() -> Payer:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, locale=f"{language}-MA"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        one = Payer(context.new_page(), stack, language, complaints)
        one.listen()
        return one

    yield payer
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def payer(come: Callable[[], Payer]) -> Payer:
    return come()
