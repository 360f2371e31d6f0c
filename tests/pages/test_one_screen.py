"""The receipt on one screen of a phone, and on one sheet of paper."""

import io
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import SAMPLES, Portal

PROOF = ["total", "paid-at", "payment-reference", "number", "words"]
LINES: list[dict[str, Any]] = SAMPLES["receipt"]["lines"]


def bottom(portal: Portal, selector: str) -> float:
    """Give where the lower edge of something is on the screen, in CSS pixels."""
    box = portal.main.locator(selector).first.bounding_box()
    assert box
    return box["y"] + box["height"]


@EVERY_LANGUAGE
def test_screenshot(portal: Portal) -> None:
    """At 360 by 640, as it comes: whose, when, how much, under which reference, for which quarter."""
    portal.page.set_viewport_size({"width": 360, "height": 640})
    portal.at_receipt()
    said(portal, "paid")
    assert portal.page.evaluate("scrollY") == 0
    expect(portal.page.locator(".brand")).to_be_in_viewport(ratio=1)
    for fact in PROOF:
        assert bottom(portal, f"[data-slot=panel] [data-slot={fact}]") <= 640, fact
    assert bottom(portal, "[data-slot=lines] tbody tr .table-period") <= 640
    assert bottom(portal, "[data-slot=lines] tbody tr .table-number") <= 640


@EVERY_LANGUAGE
def test_screenshot_of_a_longer_phone(portal: Portal) -> None:
    """At 360 by 800 the fee's line is on it too."""
    portal.page.set_viewport_size({"width": 360, "height": 800})
    portal.at_receipt()
    said(portal, "paid")
    assert bottom(portal, "[data-kind=fee] .table-number") <= 800


@EVERY_LANGUAGE
@pytest.mark.parametrize("quarters", [1, 13])
def test_one_sheet(portal: Portal, quarters: int) -> None:
    """On A4 the receipt takes one page, from one quarter to thirteen; a button prints on none."""
    due = LINES[0]
    lines = [{**due, "year": 2016 + n // 4, "period": n % 4 + 1} for n in range(quarters)]
    portal.at_receipt(lines=[*lines, LINES[1]])
    said(portal, "paid")
    paper = portal.page.pdf(format="A4")
    assert len(pikepdf.open(io.BytesIO(paper)).pages) == 1
    portal.page.emulate_media(media="print")
    for part in ("[data-slot=panel]", "[data-slot=lines]", "h1"):
        expect(portal.main.locator(part)).to_be_visible()
    expect(portal.page.locator(".brand")).to_be_visible()
    assert portal.page.locator("button:visible").count() == 0
