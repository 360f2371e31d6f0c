"""The session's last two minutes: an offer to go on, announced, nothing lost whatever the answer."""

import pytest
from playwright.sync_api import Locator, expect

from tests.pages.expectations import EVERY_LANGUAGE, ticked
from tests.pages.portal import SAMPLES, Portal, lost, problem

THREE = SAMPLES["three_dues"]
RENEWED = {**SAMPLES["lookup"], "dues": THREE, "session": "session-2"}
TO_THE_OFFER = 1_680_500
SHORT_OF_IT = 1_670_000


def offer(portal: Portal) -> Locator:
    return portal.main.locator("[data-slot=offer]")


def chosen(portal: Portal) -> None:
    """Open three dues with a clock, tick one and type an address."""
    portal.page.clock.install()
    portal.at_dues(dues=THREE)
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    portal.main.locator("#email").fill("a@example.ma")


def nothing_lost(portal: Portal) -> None:
    expect(portal.main.locator("#email")).to_have_value("a@example.ma")
    assert ticked(portal) == ["2018-2-A"]


def extend(portal: Portal) -> None:
    portal.page.get_by_role("button", name=portal.word("session.extend")).click()


@EVERY_LANGUAGE
def test_offered(portal: Portal) -> None:
    """Two minutes before the end, not earlier, in a region that screen readers announce."""
    chosen(portal)
    portal.page.clock.run_for(SHORT_OF_IT)
    expect(offer(portal)).to_be_hidden()
    portal.page.clock.run_for(TO_THE_OFFER - SHORT_OF_IT)
    expect(offer(portal)).to_contain_text(portal.word("session.offer.title"))
    expect(portal.main.locator("[role=status] > [data-slot=offer]")).to_be_visible()
    expect(portal.main.locator("#email")).to_be_focused()


def test_extended(portal: Portal) -> None:
    """One press goes on for another half hour, with all that was chosen; then it is offered again."""
    chosen(portal)
    portal.page.clock.run_for(TO_THE_OFFER)
    portal.answers["lookup"] = [RENEWED]
    extend(portal)
    expect(portal.focused).to_contain_text(portal.word("session.extended"))
    expect(offer(portal)).to_be_hidden()
    nothing_lost(portal)
    assert portal.asked["lookup"] == [{"session": "session-1"}]
    assert portal.kept("session") == "session-2"
    portal.page.clock.run_for(TO_THE_OFFER)
    expect(offer(portal)).to_be_visible()
    expect(portal.main.locator("[data-slot=extended]")).to_be_hidden()


def test_no_network(portal: Portal) -> None:
    """A press without network says so and leaves the offer and the choices."""
    chosen(portal)
    portal.page.clock.run_for(TO_THE_OFFER)
    portal.answers["lookup"] = [lost]
    extend(portal)
    expect(portal.focused).to_contain_text(portal.word("error.offline"))
    expect(offer(portal)).to_be_visible()
    nothing_lost(portal)


@EVERY_LANGUAGE
def test_too_late(portal: Portal) -> None:
    """Pressed after the end, a control code is asked for in place; the choices come back with it."""
    chosen(portal)
    portal.page.clock.run_for(TO_THE_OFFER)
    portal.answers["lookup"] = [problem("session_expired", 401), RENEWED]
    extend(portal)
    expect(portal.focused).to_have_text(portal.word("again.title"))
    expect(offer(portal)).to_be_hidden()
    expect(portal.main.locator("[data-slot=code]")).to_have_text("4319")
    portal.main.locator("#control-code").fill("4319")
    portal.press()
    expect(portal.main.locator("#email")).to_be_visible()
    nothing_lost(portal)


@pytest.mark.parametrize("seconds", [120, 45])
def test_the_last_of_four_hours(portal: Portal, seconds: int) -> None:
    """A session that cannot be extended for more than two minutes is not offered again and again."""
    portal.page.clock.install()
    portal.at_dues(session_expires_in_seconds=seconds)
    portal.page.clock.run_for(seconds * 1_000)
    expect(offer(portal)).to_be_hidden()
