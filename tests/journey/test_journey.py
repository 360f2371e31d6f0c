"""The seven steps of the published guide in a real browser, against the whole stack."""

import base64
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journey.payer import EMAIL, NO_FUNDS, NUMBER, Payer

Come = Callable[[], Payer]


def test_golden_case(payer: Payer, tmp_path: Path) -> None:
    """1451.10 + 15.96 = 1467.06 from the home page to the letter, the ledger agreeing."""
    payer.walk_in()
    payer.identify()
    assert all(figure in payer.figures() for figure in ("1451.10", "15.96", "1467.06"))
    payer.choose()
    recap = payer.figures()
    assert all(figure in recap for figure in ("1451.10", "15.96", "1467.06"))
    words = payer.page.inner_text("[data-slot=words]")
    payer.confirm()
    card_page = payer.page.inner_text("body")
    for told in ("202001", "1451.1 MAD", "202005", "15.96 MAD", "1467.06 MAD"):
        assert told in card_page
    payer.pay()
    payer.sees("success")
    receipt = payer.figures()
    assert all(figure in receipt for figure in ("1451.10", "15.96", "1467.06", "xxxxx6789"))
    assert payer.page.inner_text("[data-slot=words]") == words
    (letter,) = payer.letters()
    assert letter["subject"].startswith(words)
    assert all(NUMBER not in letter[part] for part in ("subject", "text", "html"))
    assert letter["to"] == [EMAIL]
    for part in ("subject", "text", "html"):
        assert letter["reference"] in re.sub(r"[\s\u2066-\u2069]|&nbsp;|<[^>]+>", "", letter[part])
    pdf = tmp_path / "letter.pdf"
    pdf.write_bytes(base64.b64decode(letter["attachments"][0]["base64"]))
    printed = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert all(code in printed for code in ("202001", "202005"))
    (entry,) = payer.stack.ledger()
    assert (entry["state"], entry["amount_centimes"]) == ("captured", 146706)
    assert entry["replies"] == ["ACTION=POSTAUTH"]
    assert entry["oid"] == letter["reference"]


def test_declined(payer: Payer) -> None:
    """A refused card is told with what to do; paying again works with another card."""
    payer.go_to_card()
    payer.pay(NO_FUNDS)
    payer.sees("warning")
    assert payer.stack.ledger()[0]["state"] == "declined"
    payer.page.click("[data-slot=again] >> visible=true")
    payer.page.wait_for_url("**/assure/creance/")
    expect(payer.page.locator("#email")).to_have_value(EMAIL)
    payer.choose()
    payer.confirm()
    payer.pay()
    payer.sees("success")
    assert [entry["state"] for entry in payer.stack.ledger()] == ["declined", "captured"]


def test_cancelled(payer: Payer) -> None:
    """« Annuler » on the card page leads back to the recap, nothing debited, and on again."""
    payer.go_to_card()
    payer.page.click("#cancel")
    payer.page.wait_for_url("**/assure/transaction/**")
    expect(payer.page.locator("[data-slot=cancelled]")).to_be_visible()
    assert payer.stack.ledger() == []
    payer.confirm()
    payer.pay()
    payer.sees("success")


def test_two_tabs_one_due(come: Come) -> None:
    """Of two people paying one quarter one is debited; the other is told so, and released."""
    father, daughter = come(), come()
    father.go_to_card()
    daughter.go_to_card(email="daughter@example.com")
    father.pay()
    father.sees("success")
    daughter.pay()
    daughter.sees("warning")
    for _ in range(50):
        states = sorted(entry["state"] for entry in father.stack.ledger())
        if "authorised" not in states:
            break
        daughter.page.wait_for_timeout(200)
    assert states == ["captured", "voided"]
    to = sorted(letter["to"][0] for letter in father.letters(2))
    assert to == ["daughter@example.com", EMAIL]


def test_reload_and_back_at_each_step(payer: Payer) -> None:
    """Reloading or going back at any step loses nothing and pays nothing twice."""
    payer.open("assure/")
    payer.page.reload()
    payer.identify()
    payer.page.fill("#email", EMAIL)
    payer.page.reload()
    expect(payer.page.locator("#email")).to_have_value(EMAIL)
    payer.choose(email=None)
    payer.page.reload()
    assert "1467.06" in payer.figures()
    payer.page.go_back()
    expect(payer.page.locator("#email")).to_have_value(EMAIL)
    payer.page.go_forward()
    payer.confirm()
    payer.page.go_back()
    payer.page.wait_for_url("**/assure/transaction/")
    payer.confirm()
    payer.pay()
    payer.sees("success")
    payer.page.reload()
    payer.sees("success")
    assert len(payer.stack.ledger()) == 1


def test_no_address(payer: Payer, tmp_path: Path) -> None:
    """Without an address no letter is owed, and the receipt downloads as a PDF."""
    payer.go_to_card(email=None)
    payer.pay()
    payer.sees("success")
    with payer.page.expect_download() as coming:
        payer.page.click("[data-slot=pdf]")
    target = tmp_path / "receipt.pdf"
    coming.value.save_as(target)
    assert target.read_bytes().startswith(b"%PDF-")
    assert payer.stack.mail() == []


@pytest.mark.parametrize("typed", ["١٢٣٤٥٦٧٨٩", "۱۲۳ ۴۵۶ ۷۸۹", "\u200f123\u00a0456 789\u200f"])
def test_number_as_people_type_it(payer: Payer, typed: str) -> None:
    """Digits of Arabic keyboards, groups and direction marks are a number like any other."""
    payer.open("assure/")
    payer.identify(typed)
    assert "1451.10" in payer.figures()


def test_thirteen_quarters(payer: Payer) -> None:
    """Thirteen quarters are paid at once; CMI is given them by year, the receipt lists each."""
    payer.open("assure/")
    payer.identify("300000003")
    payer.page.click("[data-slot=all] >> visible=true")
    payer.choose()
    payer.confirm()
    payer.pay()
    payer.sees("success")
    (entry,) = payer.stack.ledger()
    assert entry["state"] == "captured"
    assert payer.figures().count("BPC pour encaissements ASVI") == 13


def test_callback_twice(payer: Payer) -> None:
    """CMI's message coming twice gets the same reply, pays once and sends one letter."""
    payer.stack.fault("callback_twice")
    payer.go_to_card()
    payer.pay()
    payer.sees("success")
    (entry,) = payer.stack.ledger()
    assert entry["replies"] == ["ACTION=POSTAUTH"] * 2
    assert len(payer.letters()) == 1


def test_callback_after_the_browser(payer: Payer) -> None:
    """A browser that is back before CMI's message says "being confirmed", then "paid"."""
    payer.stack.fault("callback_after_browser")
    payer.go_to_card()
    payer.pay()
    expect(payer.page.locator("[data-module=receipt] [data-slot=wait]")).to_be_visible()
    payer.sees("success")


def test_someone_else_already_paid(come: Come) -> None:
    """A number whose quarter was paid has nothing left to pay, and is not called covered."""
    payer = come()
    payer.go_to_card()
    payer.pay()
    payer.sees("success")
    later = come()
    later.open("assure/")
    later.identify(NUMBER)
    expect(later.page.locator("[data-slot=nothing]")).to_be_visible()
    assert "123 456 789" in later.figures()
