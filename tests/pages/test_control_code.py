"""The control code for whoever does not see it, copies it, or is slow (event 13, WCAG 1.1.1, 3.3.8)."""

from playwright.sync_api import Locator, expect

from functions.shared.rules.tokens import TICKET_LIFE
from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal

# What WCAG 2.2.1 takes for time enough to answer a limit.
LEAST_SECONDS = 20


def shown(portal: Portal) -> Locator:
    """Open the page of the number and give its code, once it is there."""
    portal.open("assure/")
    code = portal.page.locator("[data-slot=code]")
    expect(code).to_have_text("4319")
    return code


@EVERY_LANGUAGE
def test_read_aloud(portal: Portal) -> None:
    """A screen reader is told what the digits are, and reads them as text: no picture (event 13)."""
    shown(portal)
    block = portal.page.locator("[data-slot=control-code]")
    assert block.locator("img, svg, canvas, audio, video").count() == 0
    told = block.locator("[role=status]", has=portal.page.locator("[data-slot=code]"))
    expect(told).to_have_text(f"{portal.word('control-code.shown')} 4319")
    assert told.get_attribute("aria-hidden") is None
    expect(portal.page.get_by_label(portal.word("control-code.field"))).to_be_editable()


def test_copied_and_pasted(portal: Portal) -> None:
    """The code is copied and pasted by the keyboard: nothing has to be transcribed (event 13)."""
    code = shown(portal)
    code.dblclick()
    assert portal.page.evaluate("getSelection().toString().trim()") == "4319"
    portal.page.keyboard.press("ControlOrMeta+c")
    portal.page.locator("#registration-number").fill("123456789")
    portal.page.locator("#control-code").focus()
    portal.page.keyboard.press("ControlOrMeta+v")
    expect(portal.page.locator("#control-code")).to_have_value("4319")
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")


def test_time_to_copy(portal: Portal) -> None:
    """Whoever takes nearly five minutes finds the code and what they typed as it was (event 13)."""
    assert TICKET_LIFE.total_seconds() > LEAST_SECONDS
    portal.page.clock.install()
    code = shown(portal)
    portal.page.locator("#control-code").fill("43")
    portal.page.clock.run_for((int(TICKET_LIFE.total_seconds()) - 1) * 1000)
    expect(code).to_have_text("4319")
    expect(portal.page.locator("#control-code")).to_have_value("43")
    assert len(portal.asked["control-code"]) == 1
