"""The payment without a mouse, as the accessibility statement says."""

import re

from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal


def tab_to(portal: Portal, selector: str) -> None:
    """Press Tab until that element has the focus, which must then be seen."""
    wanted = portal.page.locator(selector).first
    for _ in range(60):
        portal.page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    expect(wanted).to_be_in_viewport()
    outline = wanted.evaluate("it => parseFloat(getComputedStyle(it).outlineWidth)")
    assert outline >= 2


def submit_by_enter(portal: Portal, page: str) -> None:
    """Press Enter on the main button and wait for the page it leads to."""
    tab_to(portal, "main form:visible button[type=submit]")
    portal.page.keyboard.press("Enter")
    portal.page.wait_for_url(page)


@EVERY_LANGUAGE
def test_payment(portal: Portal) -> None:
    """From the number to CMI by Tab, Space, Enter and typing alone."""
    portal.open("assure/")
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    tab_to(portal, "#registration-number")
    portal.page.keyboard.type("123456789")
    tab_to(portal, "#control-code")
    portal.page.keyboard.type("4319")
    submit_by_enter(portal, "**/assure/creance/")
    tab_to(portal, ".tick-box")
    tab_to(portal, "#email")
    portal.page.keyboard.type("a@example.ma")
    tab_to(portal, "#terms")
    portal.page.keyboard.press("Space")
    submit_by_enter(portal, "**/assure/transaction/")
    assert portal.asked["checkout"][0]["email"] == "a@example.ma"
    submit_by_enter(portal, "http://localhost:8001/**")
    assert len(portal.sent_to_gateway) == 1


@EVERY_LANGUAGE
def test_error(portal: Portal) -> None:
    """After an error, Tab goes from the summary to its link, and Enter into the field."""
    portal.open("assure/")
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    tab_to(portal, "#registration-number")
    portal.page.keyboard.press("Enter")
    expect(portal.page.locator("[data-module=error-summary]")).to_be_focused()
    portal.page.keyboard.press("Tab")
    portal.page.keyboard.press("Enter")
    expect(portal.page.locator("#registration-number")).to_be_focused()


@EVERY_LANGUAGE
def test_receipt(portal: Portal) -> None:
    """The receipt is downloaded and left by the keyboard."""
    portal.at_receipt()
    tab_to(portal, "[data-slot=pdf]")
    with portal.page.expect_download():
        portal.page.keyboard.press("Enter")
    tab_to(portal, "[data-module=finish]")
    portal.page.keyboard.press("Enter")
    portal.page.wait_for_url(f"**/{portal.language}/")
