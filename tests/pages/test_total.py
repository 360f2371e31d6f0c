"""The running total: in sight, in words, and why there is a fee."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import SAMPLES, Portal

THREE = SAMPLES["three_dues"]


@EVERY_LANGUAGE
def test_said_politely(portal: Portal) -> None:
    """Ticks are said once the hand rests, in one sentence: how many, the total, the fee in it."""
    portal.page.clock.install()
    main = portal.at_dues(dues=THREE)
    voice = main.locator("[data-slot=said]")
    expect(voice).to_have_attribute("role", "status")
    expect(voice).to_be_empty()
    for _ in range(2):
        portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    expect(voice).to_be_empty()
    portal.page.clock.run_for(500)
    for fact in ("2", r"2.123[.,]10", r"23[.,]10"):
        expect(voice).to_have_text(re.compile(fact))


@EVERY_LANGUAGE
def test_why_a_fee(portal: Portal) -> None:
    """From the first tick the fee is a line with its name, its reason one press away."""
    main = portal.at_dues(dues=THREE)
    why = main.locator("[data-slot=why]")
    expect(why).to_be_hidden()
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    expect(main.locator("[data-slot=fee-line]")).to_contain_text(portal.word("dues.fee"))
    expect(main.locator("[data-slot=reason]")).to_be_hidden()
    why.locator("summary").click()
    expect(main.locator("[data-slot=reason]")).to_have_text(re.compile(r"1[.,]10.?%"))


@pytest.mark.parametrize(
    ("rate", "vat", "part"), [("0.0175", "0.20", "2,10"), ("0.02", "0", "2,00")]
)
def test_part_of_the_fee(portal: Portal, rate: str, vat: str, part: str) -> None:
    """The part that is said is the server's, VAT included."""
    main = portal.at_dues(fees={"LOC": {"rate": rate, "vat": vat}, "INT": {}})
    expect(main.locator("[data-slot=reason]")).to_contain_text(f"{part} %")


def test_in_sight(portal: Portal) -> None:
    """On a phone the sum stands at the foot of the screen, and never over what has the focus."""
    main = portal.at_dues(dues=THREE * 4)
    bar = main.locator(".total-sum")
    expect(bar).to_be_in_viewport(ratio=1)
    for _ in range(30):
        portal.page.keyboard.press("Tab")
        hidden = portal.page.evaluate("""() => {
          const it = document.activeElement, bar = document.querySelector('.total-sum');
          const box = it.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return !bar.contains(it) && bar.contains(top);
        }""")
        assert not hidden, portal.focused.evaluate("it => it.outerHTML")


def test_room_for_the_page(portal: Portal) -> None:
    """On a screen that zoom or a keyboard makes low, the sum keeps its place in the page."""
    portal.page.set_viewport_size({"width": 320, "height": 256})
    main = portal.at_dues(dues=THREE)
    assert main.locator(".total-sum").evaluate("it => getComputedStyle(it).position") == "static"
