"""Tamazight in the browser, which few browsers know."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.portal import SAMPLES, Portal, answers

pytestmark = pytest.mark.browser
LOST = "() => Intl.DateTimeFormat.supportedLocalesOf('zgh').length"


@pytest.fixture
def arabic_browser(browser: Browser, origin: str) -> Iterator[Portal]:
    """Open the pages in Tamazight in a browser that speaks Arabic to its owner."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ar-MA")
    page = context.new_page()
    page.set_default_timeout(5_000)
    portal = Portal(page, origin, "zgh", answers())
    portal.listen()
    yield portal
    context.close()
    assert portal.complaints == []


def quarters(count: int) -> list[dict[str, object]]:
    """Give so many dues of the sample's kind."""
    due = SAMPLES["lookup"]["dues"][0]
    return [
        {**due, "id": f"due-{n}", "year": 2018 + n // 4, "quarter": n % 4 + 1} for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_counts(arabic_browser: Portal, count: int) -> None:
    """A number of quarters is said in Tamazight, where the browser would count as in Arabic."""
    main = arabic_browser.at_dues(dues=quarters(count))
    if count > 1:
        main.get_by_role("button", name=arabic_browser.word("dues.all")).click()
    expect(main.locator("[data-slot=count]")).to_have_text(f"ⵉⴽⵕⴰⴹⵢⵓⵔⵏ ⵏⵏⴰ ⵉⵜⵜⵓⵕⵛⵎⵏ: {count}")


def test_dates(arabic_browser: Portal) -> None:
    """Months have their names in Tamazight, though this browser knows none of them."""
    main = arabic_browser.at_receipt()
    assert arabic_browser.page.evaluate(LOST) == 0
    expect(main.locator("[data-slot=paid-at]")).to_have_text("5 ⵎⴰⵢⵢⵓ 2020 ⴳ 21:52")


def test_from_dues_to_recap(arabic_browser: Portal) -> None:
    """The payer chooses, reads the recap in Tamazight, and the order says in which language."""
    main = arabic_browser.at_recap()
    assert arabic_browser.asked["checkout"][0]["language"] == "zgh"
    expect(main.locator("h1")).to_have_text(arabic_browser.word("transaction.title"))
    expect(main).to_contain_text("ⵎⴰⵢⵢⵓ")
    note = arabic_browser.page.locator(".review")
    expect(note).to_be_visible()
    expect(note.locator("[lang=fr]")).to_contain_text("attend la relecture")


def test_switch(arabic_browser: Portal) -> None:
    """The switch names Tamazight in its own letters, marked so that a reader says it right."""
    arabic_browser.open("assure/")
    link = arabic_browser.page.locator(".languages a[hreflang=zgh]")
    expect(link).to_have_text("ⵜⴰⵎⴰⵣⵉⵖⵜ")
    expect(link).to_have_attribute("lang", "zgh")
    expect(link).to_have_attribute("aria-current", "true")
