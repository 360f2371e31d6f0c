"""What a payer may show the call centre: a reference, never what opens the receipt (event 121)."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import HANDLE, Portal

REFERENCE = re.compile(r"4319.0271.8852.04")
SECRET = HANDLE.partition(".")[2]
NUMBER = re.compile(r"123.?456.?789")


def whole(portal: Portal) -> str:
    """Give all that a screenshot or a saved page may hold: address, title, markup."""
    return f"{portal.page.url} {portal.page.title()} {portal.page.content()}"


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", ["paid", "declined", "not_debited", "confirming", "expired"])
def test_receipt(portal: Portal, state: str) -> None:
    """Each outcome shows the reference in groups; the handle stands nowhere on it (event 121)."""
    news = {"state": state, "reason": "funds" if state == "declined" else "refused"}
    main = portal.at_receipt(**news, check_again_in_seconds=None)
    expect(main.locator("[data-slot=payment-reference]:visible").first).to_have_text(REFERENCE)
    assert SECRET not in whole(portal)
    assert not NUMBER.search(main.inner_text())


def test_follow_up(portal: Portal) -> None:
    """Asked for by reference and number, the payment shows the reference (event 121)."""
    main = portal.at_follow_up()
    expect(main.locator("[data-slot=payment-reference]:visible").first).to_have_text(REFERENCE)
    assert SECRET not in whole(portal)
