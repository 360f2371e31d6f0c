"""The language switch keeps what was typed, and each page keeps its place."""

import re

import pytest
from playwright.sync_api import Browser, expect

from functions.shared.rules.languages import LANGUAGES
from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal

TYPED = {
    "assure/": {"registration-number": "123 456"},
    "suivi/": {"reference": "4319 0271 8852", "registration-number": "١٢٣"},
    "verification/": {"receipt-text": "YQ.key\n.YQ"},
}


def other(portal: Portal) -> str:
    """Give the language after the tab's own."""
    codes = list(LANGUAGES)
    return codes[(codes.index(portal.language) + 1) % len(codes)]


def switch(portal: Portal, page: str) -> str:
    """Take the other language, and wait for the same page in it."""
    code = other(portal)
    portal.page.locator(f"[data-module=language-switch] a[data-language={code}]").click()
    portal.page.wait_for_url(re.compile(f"/{code}/{page}(#.*)?$"))
    return code


@EVERY_LANGUAGE
@pytest.mark.parametrize("page", TYPED)
def test_typed_fields(portal: Portal, page: str) -> None:
    """What stands in the fields stands there in the other language, as it was typed."""
    portal.open(page)
    expect(portal.page.locator("[data-module=script-needed]")).to_have_count(0)
    for field, text in TYPED[page].items():
        portal.page.locator(f"#{field}").fill(text)
    code = switch(portal, page)
    expect(portal.page.locator("html")).to_have_attribute("lang", code)
    for field, text in TYPED[page].items():
        expect(portal.page.locator(f"#{field}")).to_have_value(text)


def test_an_earlier_number(portal: Portal) -> None:
    """A number that is being changed is not put back to the one looked up before."""
    portal.keep(number="123456789")
    portal.open("assure/")
    portal.page.locator("#registration-number").fill("987")
    switch(portal, "assure/")
    expect(portal.page.locator("#registration-number")).to_have_value("987")


def test_a_control_code(portal: Portal) -> None:
    """A code typed for the page that was left does not follow: the new page shows another."""
    portal.open("assure/")
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    portal.page.locator("#control-code").fill("4319")
    switch(portal, "assure/")
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    expect(portal.page.locator("#control-code")).to_have_value("")


def test_nothing_stays_behind(portal: Portal) -> None:
    """What was kept for the switch serves once: a field emptied later stays empty."""
    portal.open("assure/")
    portal.page.locator("#registration-number").fill("987654321")
    switch(portal, "assure/")
    assert portal.kept("typed") is None
    portal.page.reload()
    expect(portal.page.locator("#registration-number")).to_have_value("")


@pytest.mark.parametrize(
    ("portal", "said"),
    [
        ("fr", "5 mai 2020 à 21:52"),
        ("ar", "5 ماي 2020 في 21:52"),
        ("en", "5 May 2020 at 21:52"),
        ("zgh", "5 ⵎⴰⵢⵢⵓ 2020 ⴳ 21:52"),
    ],
    indirect=["portal"],
)
def test_dates(portal: Portal, said: str) -> None:
    """A day stands before its month, and a day has 24 hours, in every language."""
    main = portal.at_receipt()
    expect(main.locator("[data-slot=paid-at]")).to_have_text(said)


@pytest.mark.parametrize("fragment", ["frais", "transaction"])
def test_place_in_a_page(portal: Portal, fragment: str) -> None:
    """Who reads an answer of the guide reads the same answer in the other language."""
    portal.open(f"aide/#{fragment}")
    code = switch(portal, "aide/")
    assert portal.page.url.endswith(f"/{code}/aide/#{fragment}")
    expect(portal.page.locator(f"#{fragment}")).to_be_in_viewport()


def test_a_browser_that_keeps_nothing(portal: Portal) -> None:
    """Where storage is refused the switch still leads to the same page."""
    portal.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    portal.open("assure/")
    portal.page.locator("#registration-number").fill("987")
    switch(portal, "assure/")
    expect(portal.page.locator("#registration-number")).to_have_value("")


def test_the_root_address(portal: Portal, browser: Browser) -> None:
    """The root address is the home page in the browser's language, or in the one chosen before."""
    context = browser.new_context(locale="ar-MA")
    page = context.new_page()
    page.goto(f"{portal.origin}/")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert page.url == f"{portal.origin}/"
    page.click('nav a[data-language="fr"]')
    page.wait_for_url("**/fr/")
    page.goto(f"{portal.origin}/")
    page.wait_for_url("**/fr/")
    context.close()
