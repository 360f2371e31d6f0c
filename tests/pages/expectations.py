"""What several tests look for on the pages of the journey."""

import pytest
from playwright.sync_api import expect

from functions.shared.rules.languages import LANGUAGES
from tests.pages.portal import Portal

EVERY_LANGUAGE = pytest.mark.parametrize("portal", list(LANGUAGES), indirect=True)


def total(portal: Portal) -> str:
    """Give the total shown, its spaces plain."""
    return " ".join(portal.page.locator("[data-slot=total]").inner_text().split())


def ticked(portal: Portal) -> list[str]:
    """Give the values of the boxes that are ticked, from top to bottom."""
    boxes = portal.page.locator(".tick-box:checked").all()
    return [box.input_value() for box in boxes]


def period(portal: Portal, quarter: int, year: int) -> str:
    """Give a quarter in words, `1er trimestre 2020, janvier à mars`."""
    name = portal.word(f"quarter.{quarter}").replace("{year}", str(year))
    months = portal.word(f"quarter.{quarter}.months")
    return portal.word("period").replace("{quarter}", name).replace("{months}", months)


def said(portal: Portal, key: str, **values: str) -> None:
    """Expect the page to say this sentence in its notice, under the title of its state."""
    sentence = portal.word(f"receipt.{key}")
    for name, value in values.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    expect(portal.main.locator(".notice:visible [data-slot=text]")).to_have_text(sentence)
    title = portal.word(f"receipt.{key.partition('.')[0]}.title")
    expect(portal.main.locator("h1")).to_have_text(title)
    expect(portal.main.locator("h1")).to_be_focused()
    assert portal.title.startswith(title)
