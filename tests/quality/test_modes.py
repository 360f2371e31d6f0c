"""The payment under every way of looking: 400 % zoom, forced colours, no motion, keyboard alone."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal
from tests.pages.test_access import STATES
from tests.pages.test_keyboard import submit_by_enter, tab_to


def zoomed(portal: Portal) -> None:
    """Show a window of 1280 by 1024 at 400 % (WCAG 1.4.10)."""
    portal.page.set_viewport_size({"width": 320, "height": 256})


def forced(portal: Portal) -> None:
    """Force the colours of the system, as high contrast on Windows does."""
    portal.page.emulate_media(forced_colors="active")


def still(portal: Portal) -> None:
    """Ask for no motion, in the dark."""
    portal.page.emulate_media(reduced_motion="reduce", color_scheme="dark")


def wide(portal: Portal) -> None:
    """Show a desktop's window."""
    portal.page.set_viewport_size({"width": 1280, "height": 800})


MODES = [zoomed, forced, still, wide]


@EVERY_LANGUAGE
@pytest.mark.parametrize("mode", MODES)
def test_payment(portal: Portal, mode: Callable[[Portal], None]) -> None:
    """From the number to CMI and the receipt by the keyboard alone, the focus always in sight."""
    mode(portal)
    portal.open("assure/")
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    tab_to(portal, "#registration-number")
    portal.page.keyboard.type("123456789")
    tab_to(portal, "#control-code")
    portal.page.keyboard.type("4319")
    submit_by_enter(portal, "**/assure/creance/")
    tab_to(portal, "#terms")
    portal.page.keyboard.press("Space")
    submit_by_enter(portal, "**/assure/transaction/")
    submit_by_enter(portal, "http://localhost:8001/**")
    portal.at_receipt()
    tab_to(portal, "[data-slot=pdf]")


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STATES)
def test_forced_colours(portal: Portal, state: str) -> None:
    """With the system's colours axe finds nothing, and what can be pressed has an edge to see."""
    forced(portal)
    STATES[state](portal)
    results = Axe().run(portal.page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    bare = portal.page.eval_on_selector_all(
        "main button, main input:not([type=hidden])",
        """all => all.filter((it) => it.checkVisibility()).filter((it) => {
          const style = getComputedStyle(it);
          return style.borderStyle === 'none' && style.appearance === 'none';
        }).map((it) => it.outerHTML.slice(0, 80))""",
    )
    assert bare == []


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STATES)
def test_zoom(portal: Portal, state: str) -> None:
    """At 400 % nothing scrolls sideways, and nothing that stays put covers what is read."""
    zoomed(portal)
    STATES[state](portal)
    assert portal.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    covered = portal.page.evaluate(
        """[...document.querySelectorAll('body *')].filter((it) => it.checkVisibility()
          && ['fixed', 'sticky'].includes(getComputedStyle(it).position))
          .reduce((sum, it) => sum + it.getBoundingClientRect().height, 0) / innerHeight"""
    )
    assert covered <= 0.34


@pytest.mark.parametrize("state", STATES)
def test_wide_spacing(portal: Portal, state: str) -> None:
    """With wider lines, words and letters nothing is cut or pushed out (WCAG 1.4.12)."""
    STATES[state](portal)
    portal.page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important;'
            + ' word-spacing: .16em !important } p { margin-block-end: 2em !important }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert portal.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    cut = portal.page.eval_on_selector_all(
        "main *",
        """all => all.filter((it) => it.checkVisibility() && it.children.length === 0
          && getComputedStyle(it).overflow === 'hidden'
          && it.clientWidth > 1 && it.scrollHeight > it.clientHeight + 1)
          .map((it) => it.outerHTML.slice(0, 80))""",
    )
    assert cut == []


@pytest.mark.parametrize("state", STATES)
def test_no_motion(portal: Portal, state: str) -> None:
    """Whoever asks for no motion gets none."""
    still(portal)
    STATES[state](portal)
    moving = portal.page.evaluate(
        "document.getAnimations().filter((it) => it.effect.getTiming().duration > 1).length"
    )
    assert moving == 0
