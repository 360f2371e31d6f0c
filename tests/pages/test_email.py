"""« gmial.com » : the address that was probably meant, in one tap; never in the way."""

import json

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import ROOT, Portal

DOMAINS = ROOT / "site" / "templates" / "components" / "email" / "domains.mjs"


def typed(portal: Portal, address: str) -> Locator:
    """Type an address on the page of the dues, rest, and give the offer."""
    portal.page.clock.install()
    main = portal.at_dues()
    main.locator("#email").fill(address)
    portal.page.clock.run_for(700)
    return main.locator("[data-slot=meant]")


@EVERY_LANGUAGE
def test_one_tap(portal: Portal) -> None:
    """The domain probably meant is offered in a polite region, and taken by one press."""
    offer = typed(portal, "Fatima.B@gmial.com")
    expect(offer).to_be_visible()
    expect(portal.main.locator("[role=status] > [data-slot=meant]")).to_be_visible()
    offer.get_by_role("button", name="Fatima.B@gmail.com").click()
    expect(portal.main.locator("#email")).to_have_value("Fatima.B@gmail.com")
    expect(portal.main.locator("#email")).to_be_focused()
    expect(offer).to_be_hidden()
    assert portal.kept("choice")["email"] == "Fatima.B@gmail.com"


def test_never_in_the_way(portal: Portal) -> None:
    """An address that is offered another one goes to the checkout as it was typed."""
    offer = typed(portal, "a@gmial.com")
    expect(offer).to_be_visible()
    portal.main.locator("#terms").check()
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    assert portal.asked["checkout"][0]["email"] == "a@gmial.com"


def test_nothing_moves(portal: Portal) -> None:
    """An offer that comes late moves nothing away from under the finger."""
    portal.page.clock.install()
    main = portal.at_dues()
    main.locator("#email").fill("a@gmial.com")
    before = main.locator("#terms").bounding_box()
    portal.page.clock.run_for(700)
    expect(main.locator("[data-slot=meant]")).to_be_visible()
    assert main.locator("#terms").bounding_box() == before


def test_on_the_receipt(portal: Portal) -> None:
    """Where an address is corrected, once, the same help is there."""
    portal.page.clock.install()
    main = portal.at_receipt(letter={"state": "bounced", "to": "a•••@gmial.com"})
    main.locator("#email").fill("a@menara.m")
    portal.page.clock.run_for(700)
    main.locator("[data-slot=take]").click()
    expect(main.locator("#email")).to_have_value("a@menara.ma")
    assert portal.kept("address") == "a@menara.ma"


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmai.com", "a@gmail.com"),
        ("a@gmaill.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@gmail.co", "a@gmail.com"),
        ("A.b+c@HOTMIAL.FR", "A.b+c@hotmail.fr"),
        ("a@yahooo.fr", "a@yahoo.fr"),
        ("a@menra.ma", "a@menara.ma"),
        ("a@iam.m", "a@iam.ma"),
        (" a@outlok.com ", "a@outlook.com"),
        ("a@gmail.com", None),
        ("a@ymail.com", None),
        ("a@mail.com", None),
        ("a@example.ma", None),
        ("a@cnss.ma", None),
        ("a@gmxxl.com", None),
        ("gmial.com", None),
        ("@gmial.com", None),
        ("", None),
    ],
)
def test_domains(browser: Browser, address: str, meant: str | None) -> None:
    """One slip of the finger from a known domain is seen; known, far or half domains are left alone."""
    page = browser.new_page()
    source = DOMAINS.read_text("utf-8")
    found = page.evaluate(
        "async ([source, address]) => {"
        " const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);"
        " return JSON.stringify(module.meant(address)); }",
        [source, address],
    )
    page.close()
    assert json.loads(found) == meant
