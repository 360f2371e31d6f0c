"""Whom to call, with which reference: in the same place on every page (WCAG 3.2.6)."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import Portal

PAGES = [
    "",
    "services/",
    "paiement/",
    "assure/",
    "assure/creance/",
    "suivi/",
    "aide/",
    "conditions/",
]


@EVERY_LANGUAGE
def test_no_payment_yet(portal: Portal) -> None:
    """Before there is a payment there is no reference to give."""
    portal.at_dues()
    expect(portal.page.locator("[data-module=help-line]")).to_be_hidden()


@EVERY_LANGUAGE
def test_the_reference_to_give(portal: Portal) -> None:
    """From the recap on, the numbers to call stand with the payment's reference on every page."""
    portal.at_recap()
    for page in ("assure/transaction/", *PAGES):
        portal.open(page)
        line = portal.page.locator("aside [data-module=help-line]")
        expect(line).to_contain_text(portal.word("frame.help.reference"))
        expect(line).to_have_text(re.compile(r"4319.0271.8852.04$"))


def test_the_payment_looked_at(portal: Portal) -> None:
    """On the receipt and the follow-up it is the reference of the payment that is shown."""
    portal.at_receipt(reference="11112222333344")
    said(portal, "paid")
    line = portal.page.locator("[data-module=help-line]")
    expect(line).to_have_text(re.compile(r"1111.2222.3333.44"))
    portal.answers["receipt"][0]["reference"] = "43190271885204"
    portal.at_follow_up()
    said(portal, "paid")
    expect(line).to_have_text(re.compile(r"4319.0271.8852.04"))


def test_leaving(portal: Portal) -> None:
    """« Terminer » forgets it with all the rest."""
    portal.at_receipt()
    said(portal, "paid")
    portal.page.get_by_role("button", name=portal.word("finish.button")).click()
    portal.page.wait_for_url("**/fr/")
    expect(portal.page.locator("[data-module=help-line]")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_same_place(portal: Portal, width: int) -> None:
    """On every page the help follows the content and comes before the footer, in the same order."""
    portal.page.set_viewport_size({"width": width, "height": 740})
    for page in PAGES:
        portal.open(page)
        order = portal.page.eval_on_selector_all(
            "main, aside a, footer", "all => all.map((it) => it.href ?? it.localName)"
        )
        assert [it.partition("#")[0].rpartition("/fr")[2] or it for it in order] == [
            "main", "tel:+212802033333", "tel:+212802007200", "/aide/", "footer",
        ]  # fmt: skip
