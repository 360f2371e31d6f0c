"""A payer's way where CMI's API is the proof (`PORTAL_EVIDENCE=status-api`), in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journey.payer import EMAIL, NUMBER, Payer
from tests.stack import Running, running

Come = Callable[[], Payer]
# Ramadan: the clock stands at 21:50 in Casablanca, and a confirmation takes fifteen minutes.
UNTIL = re.compile(r"22:0[5-9]")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stack() -> Iterator[Running]:
    with running(PORTAL_EVIDENCE="status-api") as started:
        yield started


@pytest.fixture
def come(browser: Browser, stack: Running) -> Iterator[Come]:
    """Let a payer come with a phone of their own; no console may complain in the end."""
    stack.reset()
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def payer() -> Payer:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        context.set_default_timeout(20_000)
        contexts.append(context)
        one = Payer(context.new_page(), stack, "fr", complaints)
        one.listen()
        return one

    yield payer
    for context in contexts:
        context.close()
    assert complaints == []


def sees_paid(payer: Payer) -> None:
    """Wait for the receipt."""
    success = payer.page.locator("[data-module=receipt] > [data-slot=success]")
    expect(success).to_be_visible(timeout=25_000)


def is_confirming(payer: Payer) -> None:
    """Wait for "being confirmed", until when, and not to pay again."""
    payer.sees("info")
    told = payer.page.locator("[data-module=receipt] > [data-slot=info]")
    expect(told).to_contain_text(UNTIL)
    expect(told).to_contain_text("une seconde fois")


def test_paid_within_seconds(come: Come) -> None:
    """CMI's capture is seen within seconds: receipt, letter and the bank's ledger agree."""
    payer = come()
    payer.go_to_card()
    payer.pay()
    sees_paid(payer)
    assert "1467.06" in payer.figures()
    (letter,) = payer.letters()
    assert letter["to"] == [EMAIL]
    (entry,) = payer.stack.ledger()
    assert (entry["state"], entry["captured_centimes"]) == ("captured", 146706)


def test_slow_api(come: Come) -> None:
    """While CMI's API is slow the page says "being confirmed", then "paid" by itself."""
    payer = come()
    payer.stack.fault("api_slow", seconds=2)
    payer.go_to_card()
    payer.pay()
    is_confirming(payer)
    sees_paid(payer)


def test_api_down(come: Come) -> None:
    """While CMI's API is down nothing is called paid, and nobody may pay the quarter again."""
    payer = come()
    payer.stack.fault("api_down")
    payer.go_to_card()
    payer.pay()
    is_confirming(payer)
    payer.page.reload()
    is_confirming(payer)
    assert payer.stack.mail() == []
    assert payer.stack.ledger()[0]["state"] == "captured"
    later = come()
    later.open("assure/")
    later.identify(NUMBER)
    expect(later.page.locator("[data-state=confirming]")).to_have_count(1)
    expect(later.page.locator("[data-state=confirming]")).to_contain_text("Confirmation en cours")
    expect(later.page.locator("main input[type=checkbox] >> visible=true")).to_have_count(0)


def test_refused_and_released(come: Come) -> None:
    """Of two people paying one quarter one is debited; the other's money is released at once."""
    father, daughter = come(), come()
    father.go_to_card()
    daughter.go_to_card(email="daughter@example.com")
    father.pay()
    sees_paid(father)
    daughter.pay()
    daughter.sees("warning")
    for _ in range(50):
        if sorted(entry["state"] for entry in father.stack.ledger()) == ["captured", "voided"]:
            break
        daughter.page.wait_for_timeout(200)
    assert sorted(entry["state"] for entry in father.stack.ledger()) == ["captured", "voided"]
