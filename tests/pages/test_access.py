"""What holds on every page of the journey, in every state: axe's rules, and no sideways scroll."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.portal import SAMPLES, Portal, problem

BOTH = pytest.mark.parametrize("portal", ["fr", "ar"], indirect=True)
THREE = SAMPLES["three_dues"]


def number_to_mend(portal: Portal) -> None:
    """Open the first page with errors beside both fields."""
    portal.open("assure/")
    portal.press()


def dues_with_errors(portal: Portal) -> None:
    """Open several dues, an open payment, and everything missing."""
    instants = {"started_at": "2020-05-05T21:20:00Z", "until": "2020-05-05T21:55:00Z"}
    portal.at_dues(dues=THREE, open_payments=[{**instants, "due_ids": [], "state": "open"}])
    portal.press()


def code_again(portal: Portal) -> None:
    """Open the dues, their session run out."""
    portal.at_dues()
    portal.answers["checkout"] = [problem("session_expired", 401)]
    portal.main.locator("#terms").check()
    portal.press()
    expect(portal.focused).to_have_text(portal.word("again.title"))


def paid(portal: Portal) -> None:
    """Open the receipt."""
    portal.at_receipt()
    expect(portal.main.locator("[data-slot=panel]")).to_be_visible()


STATES: dict[str, Callable[[Portal], Any]] = {
    "number": lambda portal: portal.open("assure/"),
    "number_to_mend": number_to_mend,
    "dues": lambda portal: portal.at_dues(),
    "dues_with_errors": dues_with_errors,
    "nothing": lambda portal: portal.at_dues(dues=[]),
    "absent": lambda portal: portal.open("assure/creance/"),
    "code_again": code_again,
    "recap": lambda portal: portal.at_recap(),
    "paid": paid,
    "declined": lambda portal: portal.at_receipt(
        "fail", state="declined", reason="funds", lines=[]
    ),
}


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe(portal: Portal, state: str, scheme: Any) -> None:  # noqa: ANN401 - playwright's own words
    """No rule of axe is broken, in light and in dark."""
    portal.page.emulate_media(color_scheme=scheme)
    STATES[state](portal)
    results = Axe().run(portal.page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


@BOTH
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_sideways_scroll(portal: Portal, state: str, width: int) -> None:
    """Nothing reaches beyond the screen, narrow or wide."""
    portal.page.set_viewport_size({"width": width, "height": 740})
    STATES[state](portal)
    assert portal.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@BOTH
@pytest.mark.parametrize(
    "page", ["assure/", "assure/creance/", "assure/transaction/", "assure/recu/"]
)
def test_without_a_script(portal: Portal, page: str) -> None:
    """A script that never comes leaves the notice with the number to call."""
    portal.page.route("**/assets/*.mjs", lambda route: route.abort())
    portal.open(page)
    notice = portal.main.locator("[data-module=script-needed]")
    expect(notice).to_contain_text("080 203 33 33")
    assert portal.main.locator("[name]").count() == 0
