"""What holds on every page of the journey, in every state: axe's rules, and no sideways scroll."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import SAMPLES, Portal, problem

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


def followed(portal: Portal) -> None:
    """Open a payment by reference, its letter come back."""
    letter = {"state": "bounced", "to": "a•••@example.ma"}
    portal.answers["receipt"] = [{**SAMPLES["receipt"], "letter": letter}]
    portal.at_follow_up()
    expect(portal.main.locator("[data-slot=panel]")).to_be_visible()


def address_to_mend(portal: Portal) -> None:
    """Open the receipt with an address that is none."""
    portal.answers["receipt/letter"] = [problem("email_invalid")]
    portal.at_receipt(letter={"state": "bounced", "to": "a•••@example.ma"})
    portal.main.locator("#email").fill("fatima")
    portal.press()
    expect(portal.main.locator("#email-error")).to_be_visible()


def session_ending(portal: Portal) -> None:
    """Open the dues in the last two minutes of their session."""
    portal.page.clock.install()
    portal.at_dues()
    portal.page.clock.run_for(1_690_000)
    expect(portal.main.locator("[data-slot=offer]")).to_be_visible()


def sum_given(portal: Portal) -> None:
    """Open several dues with a sum that ticks some, the fee explained, another address offered."""
    portal.page.clock.install()
    portal.at_dues(dues=THREE)
    portal.main.locator("#budget").fill("3000")
    portal.main.locator("[data-slot=fit]").click()
    portal.main.locator("[data-slot=why] summary").click()
    portal.main.locator("#email").fill("a@gmial.com")
    portal.page.clock.run_for(700)
    expect(portal.main.locator("[data-slot=meant]")).to_be_visible()


def sum_to_mend(portal: Portal) -> None:
    """Open several dues with a sum that is none."""
    portal.at_dues(dues=THREE)
    portal.main.locator("[data-slot=fit]").click()
    expect(portal.main.locator("#budget-error")).to_be_visible()


def form_ending(portal: Portal) -> None:
    """Open the recap in the last two minutes of its form."""
    portal.page.clock.install()
    portal.at_recap()
    portal.page.clock.run_for(790_000)
    expect(portal.main.locator("[data-slot=offer]")).to_be_visible()


def form_ended(portal: Portal) -> None:
    """Open the recap once its form has expired."""
    portal.page.clock.install()
    portal.at_recap()
    portal.page.clock.run_for(901_000)
    expect(portal.main.locator("[data-slot=expired]")).to_be_visible()


def text_to_mend(portal: Portal) -> None:
    """Ask the verification about nothing."""
    portal.open("verification/")
    portal.press()
    expect(portal.main.locator("#receipt-text-error")).to_be_visible()


def altered(portal: Portal) -> None:
    """Open the verification of a text that is none."""
    portal.open("verification/#hello")
    expect(portal.main.locator(".notice:visible")).to_be_visible()


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
    "follow_up": lambda portal: portal.open("suivi/"),
    "follow_up_to_mend": lambda portal: portal.at_follow_up("4319", ""),
    "followed": followed,
    "address_to_mend": address_to_mend,
    "session_ending": session_ending,
    "sum_given": sum_given,
    "sum_to_mend": sum_to_mend,
    "form_ending": form_ending,
    "form_ended": form_ended,
    "text_to_mend": text_to_mend,
    "verification": lambda portal: portal.open("verification/"),
    "altered": altered,
}


@EVERY_LANGUAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe(portal: Portal, state: str, scheme: Any) -> None:  # noqa: ANN401 - playwright's own words
    """No rule of axe is broken, in light and in dark."""
    portal.page.emulate_media(color_scheme=scheme)
    STATES[state](portal)
    results = Axe().run(portal.page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_sideways_scroll(portal: Portal, state: str, width: int) -> None:
    """Nothing reaches beyond the screen, narrow or wide."""
    portal.page.set_viewport_size({"width": width, "height": 740})
    STATES[state](portal)
    assert portal.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


JOURNEY = [
    "assure/", "assure/creance/", "assure/transaction/", "assure/recu/", "suivi/", "verification/",
]  # fmt: skip


@EVERY_LANGUAGE
@pytest.mark.parametrize("page", JOURNEY)
def test_without_a_script(portal: Portal, page: str) -> None:
    """A script that never comes leaves the notice with the number to call (event 14)."""
    portal.page.route("**/assets/*.mjs", lambda route: route.abort())
    portal.open(page)
    notice = portal.main.locator("[data-module=script-needed]")
    expect(notice).to_contain_text("080 203 33 33")
    assert portal.main.locator("[name]").count() == 0


@pytest.mark.parametrize("page", JOURNEY)
@pytest.mark.parametrize(
    "broken", ["Intl.PluralRules = undefined", "EventTarget.prototype.addEventListener = undefined"]
)
def test_script_that_throws(portal: Portal, page: str, broken: str) -> None:
    """A script that breaks down on the way leaves the notice too, and no button that lies (event 14)."""
    portal.page.add_init_script(broken)
    portal.keep(session="session-1", answer=SAMPLES["lookup"])
    portal.open(page)
    expect(portal.main.locator("[data-module=script-needed]")).to_be_visible()
    assert portal.complaints
    portal.complaints.clear()


@pytest.mark.parametrize("page", JOURNEY[:5])
def test_leaving_is_everywhere(portal: Portal, page: str) -> None:
    """« Terminer » is offered wherever something of the payer may stay on a shared computer."""
    portal.open(page)
    expect(portal.main.get_by_role("button", name=portal.word("finish.button"))).to_be_visible()
