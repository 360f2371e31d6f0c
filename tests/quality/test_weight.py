"""What a payer's line has to carry: every page's first view, and the whole way to CMI's page."""

import re

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from functions.shared.rules.languages import LANGUAGES
from tests.pages.portal import GATEWAY, Portal

FIRST_VIEW = 30_000
JOURNEY = 60_000
MOST_REQUESTS = 6
SUBMIT = "main form button[type=submit] >> visible=true"
PAGES = [
    "", "services/", "paiement/", "assure/", "assure/creance/", "assure/transaction/",
    "assure/recu/", "suivi/", "verification/", "aide/", "conditions/", "confidentialite/",
    "accessibilite/", "404.html",
]  # fmt: skip


class Wire:
    """Counts what comes over the wire of a page, headers and all."""

    def __init__(self, page: Page) -> None:
        self.taken: list[float] = []
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._note)

    def _note(self, event: dict[str, float]) -> None:
        if event["encodedDataLength"] > 0:
            self.taken.append(event["encodedDataLength"])


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("portal", list(LANGUAGES), indirect=True)
def test_first_view(portal: Portal, path: str) -> None:
    """The first view of any page is 30 KB at most, in six requests at most, with nothing cached."""
    wire = Wire(portal.page)
    portal.open(path)
    portal.page.wait_for_load_state("networkidle")
    assert sum(wire.taken) <= FIRST_VIEW
    assert 2 <= len(wire.taken) <= MOST_REQUESTS


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_journey(browser: Browser, origin: str, language: str) -> None:
    """From the entrance to CMI's page a payer's phone takes 60 KB at most, answers and all."""
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    wire = Wire(page)
    for path in ("", "services/", "paiement/", "assure/"):
        page.goto(f"{origin}/{language}/{path}", wait_until="networkidle")
    expect(page.locator("[data-slot=code]").first).to_have_text(re.compile(r"^\d{4}$"))
    page.fill("#registration-number", "123456789")
    page.fill("#control-code", page.inner_text("[data-slot=code]"))
    page.click(SUBMIT)
    page.wait_for_url("**/assure/creance/")
    page.check("#terms")
    page.click(SUBMIT)
    page.wait_for_url("**/assure/transaction/")
    with page.expect_request(f"{GATEWAY}/**"):
        page.click(SUBMIT)
    assert len(wire.taken) > 8
    assert sum(wire.taken) <= JOURNEY
    page.context.close()
