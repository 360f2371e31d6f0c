"""Back from CMI: asking until the verdict is there, the PDF, the handle, what goes wrong."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import HANDLE, SAMPLES, Portal, firewall, lost, problem

NOT_PAID: dict[str, Any] = {"paid_at": None, "lines": []}


def test_the_handle_leaves_the_address(portal: Portal) -> None:
    """The handle goes from the address to the tab's memory; a reload still finds the receipt (event 88)."""
    portal.at_receipt()
    said(portal, "paid")
    assert portal.page.url.endswith("/assure/recu/")
    portal.page.reload()
    said(portal, "paid")
    assert portal.asked["receipt"] == [{"handle": HANDLE}] * 2


@EVERY_LANGUAGE
def test_being_confirmed_then_paid(portal: Portal) -> None:
    """The page asks again by itself, after 2, 3, 5… seconds, until the verdict is there (event 81)."""
    portal.page.clock.install()
    waiting = {**SAMPLES["receipt"], "state": "open", **NOT_PAID}
    portal.answers["receipt"] = [waiting, waiting, SAMPLES["receipt"]]
    portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    said(portal, "waiting")
    expect(portal.main.locator("[data-slot=info]")).to_have_attribute("role", "status")
    expect(portal.main.locator("[data-slot=wait]")).to_be_visible()
    portal.page.clock.run_for(2_100)
    portal.page.wait_for_timeout(100)
    assert len(portal.asked["receipt"]) == 2
    portal.page.clock.run_for(3_100)
    said(portal, "paid")
    expect(portal.main.locator("[data-slot=wait]")).to_be_hidden()


def test_asking_ends(portal: Portal) -> None:
    """After two minutes the page stops asking, says so and offers a button (event 81)."""
    portal.page.clock.install()
    main = portal.at_receipt(state="open", **NOT_PAID)
    said(portal, "waiting")
    refresh = main.get_by_role("button", name=portal.word("receipt.refresh"))
    expect(refresh).to_be_hidden()
    for _ in range(130):
        portal.page.clock.run_for(1_000)
        portal.page.wait_for_timeout(10)
    expect(refresh).to_be_visible()
    expect(main.locator(".notice:visible [data-slot=text]")).to_have_text(
        portal.word("receipt.waiting.long")
    )
    asked = len(portal.asked["receipt"])
    assert asked == 9
    portal.page.clock.run_for(60_000)
    assert len(portal.asked["receipt"]) == asked
    portal.answers["receipt"] = [SAMPLES["receipt"]]
    refresh.click()
    said(portal, "paid")


def test_a_network_that_comes_and_goes(portal: Portal) -> None:
    """A call lost while waiting is no news: the page goes on asking."""
    portal.page.clock.install()
    waiting = {**SAMPLES["receipt"], "state": "open", **NOT_PAID}
    portal.answers["receipt"] = [waiting, lost, SAMPLES["receipt"]]
    portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    said(portal, "waiting")
    portal.page.clock.run_for(2_100)
    portal.page.wait_for_timeout(100)
    portal.page.clock.run_for(3_100)
    said(portal, "paid")


def test_storage_refused(portal: Portal) -> None:
    """A browser that keeps nothing still shows the receipt."""
    portal.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    portal.at_receipt()
    said(portal, "paid")
    assert portal.page.url.endswith("/assure/recu/")


def test_a_letter_that_leaves_meanwhile(portal: Portal) -> None:
    """The letter's sentence follows by itself."""
    portal.page.clock.install()
    waiting = {"state": "waiting", "to": "a•••@example.ma"}
    portal.answers["receipt"] = [{**SAMPLES["receipt"], "letter": waiting}, SAMPLES["receipt"]]
    main = portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    letter = main.locator("[data-slot=letter]")
    expect(letter).to_have_text(
        portal.word("receipt.letter.waiting").replace("{to}", "a•••@example.ma")
    )
    portal.page.clock.run_for(2_100)
    expect(letter).to_have_text(
        portal.word("receipt.letter.sent").replace("{to}", "a•••@example.ma")
    )


def test_pdf(portal: Portal) -> None:
    """The PDF comes by POST, so that the handle stands in no address, under a telling name."""
    portal.at_receipt()
    with portal.page.expect_download() as download:
        portal.page.get_by_role("button", name=portal.word("receipt.pdf")).click()
    assert download.value.suggested_filename == "asvi-43190271885204.pdf"
    assert portal.asked["receipt/pdf"] == [{"handle": HANDLE, "language": "fr"}]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem("not_ready", 409), "not_ready"),
        (lost, "offline"),
        (firewall, "bad_answer"),
        ({"an": "answer"}, "bad_answer"),
    ],
)
def test_no_pdf(portal: Portal, answer: Any, code: str) -> None:  # noqa: ANN401 - played answers
    """A PDF that does not come leaves the receipt where it is, and the title its own."""
    portal.answers["receipt/pdf"] = [answer]
    main = portal.at_receipt()
    said(portal, "paid")
    portal.page.get_by_role("button", name=portal.word("receipt.pdf")).click()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    expect(main.locator("[data-slot=total]")).to_be_visible()
    expected = f"{portal.word('error.title')} {portal.word('receipt.paid.title')}"
    assert portal.title.startswith(expected)


@EVERY_LANGUAGE
def test_no_answer(portal: Portal) -> None:
    """The page says that the payment is what it was, and asks again at the press of a button."""
    portal.answers["receipt"] = [lost, SAMPLES["receipt"]]
    main = portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    expect(portal.focused).to_contain_text(portal.word("error.receipt_unread"))
    expect(portal.focused).to_contain_text(portal.word("error.offline"))
    main.get_by_role("button", name=portal.word("receipt.refresh")).click()
    said(portal, "paid")
    expect(portal.page.locator("[data-module=error-summary]")).to_be_hidden()


def test_print(portal: Portal) -> None:
    """« Imprimer » prints; on paper stand the receipt and no button (event 88)."""
    portal.at_receipt()
    portal.page.evaluate("window.print = () => { window.printed = true; }")
    portal.page.get_by_role("button", name=portal.word("receipt.print")).click()
    assert portal.page.evaluate("window.printed") is True
    portal.page.emulate_media(media="print")
    expect(portal.main.locator("[data-slot=payment-reference]")).to_be_visible()
    expect(portal.main.locator("button:visible")).to_have_count(0)
