"""Back from CMI: each outcome in words, whether money moved, and what to do next."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.portal import HANDLE, SAMPLES, Portal, firewall, lost, problem

BOTH = pytest.mark.parametrize("portal", ["fr", "ar"], indirect=True)
NOT_PAID: dict[str, Any] = {"paid_at": None, "lines": []}
DECLINED = (
    "funds",
    "limit",
    "not_enabled",
    "card_data",
    "expired_card",
    "bank_refused",
    "bank_unavailable",
    "authentication",
    "technical",
)
NO_LETTER = {"state": "none", "to": None}


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


@BOTH
def test_paid(portal: Portal) -> None:
    """Reference, date and time, masked number, lines, total, letter, print and PDF."""
    main = portal.at_receipt()
    said(portal, "paid")
    panel = main.locator("[data-slot=panel]")
    expect(panel.locator("[data-slot=payment-reference]")).to_have_text(
        re.compile(r"4319.0271.8852.04")
    )
    expect(panel.locator("[data-slot=paid-at]")).to_have_text(re.compile(r"5 .* 2020 .*21:52"))
    expect(panel.locator("[data-slot=number]")).to_have_text("xxxxx6789")
    expect(panel.locator("[data-slot=total]")).to_have_text(re.compile(r"1.467,06"))
    expect(panel.locator("tbody tr")).to_have_count(2)
    expect(main.get_by_role("button", name=portal.word("receipt.print"))).to_be_visible()
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_hidden()


def test_the_handle_leaves_the_address(portal: Portal) -> None:
    """The handle goes from the address to the tab's memory; a reload still finds the receipt."""
    portal.at_receipt()
    said(portal, "paid")
    assert portal.page.url.endswith("/assure/recu/")
    portal.page.reload()
    said(portal, "paid")
    assert portal.asked["receipt"] == [{"handle": HANDLE}] * 2


def test_the_order_is_done_with(portal: Portal) -> None:
    """Once paid, nothing of the order is left in the tab; the session may pay other quarters."""
    portal.at_recap()
    portal.at_receipt()
    said(portal, "paid")
    assert [portal.kept(name) for name in ("choice", "checkout", "key")] == [None, None, None]
    assert portal.kept("session") == "session-1"


@BOTH
def test_opened_by_itself(portal: Portal) -> None:
    """Without a handle the page says what it is for and leads to the number."""
    portal.open("assure/recu/")
    expect(portal.main).to_contain_text(portal.word("receipt.absent.text"))
    expect(portal.main.get_by_role("link", name=portal.word("journey.absent.link"))).to_be_visible()
    assert "receipt" not in portal.asked


@BOTH
def test_being_confirmed_then_paid(portal: Portal) -> None:
    """The page asks again by itself, after 2, 3, 5… seconds, until the verdict is there."""
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
    """After two minutes the page stops asking, keeps its sentence and offers a button."""
    portal.page.clock.install()
    main = portal.at_receipt(state="open", **NOT_PAID)
    said(portal, "waiting")
    refresh = main.get_by_role("button", name=portal.word("receipt.refresh"))
    expect(refresh).to_be_hidden()
    for _ in range(130):
        portal.page.clock.run_for(1_000)
        portal.page.wait_for_timeout(10)
    expect(refresh).to_be_visible()
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


@BOTH
@pytest.mark.parametrize("session", [True, False])
def test_not_completed(portal: Portal, session: bool) -> None:
    """Nothing was debited; « Payer à nouveau » goes to the dues, or to the number without them."""
    if session:
        portal.at_dues()
    main = portal.at_receipt("fail", state="open", **NOT_PAID)
    said(portal, "not_completed")
    main.get_by_role("button", name=portal.word("receipt.again")).click()
    portal.page.wait_for_url("**/assure/creance/" if session else "**/assure/")


@BOTH
@pytest.mark.parametrize(
    ("letter", "key"),
    [
        ({"state": "waiting", "to": "a•••@example.ma"}, "confirming.letter"),
        (NO_LETTER, "confirming.alone"),
    ],
)
def test_confirming(portal: Portal, letter: dict[str, Any], key: str) -> None:
    """Until when, not to pay again, and whether to expect a letter or to come back."""
    main = portal.at_receipt(
        state="confirming", until="2020-05-05T22:10:00+00:00", letter=letter, **NOT_PAID
    )
    said(portal, key, end="22:10", to="a•••@example.ma")
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_hidden()
    expect(main.locator("[data-slot=payment-reference]")).to_be_visible()


def test_confirming_too_long(portal: Portal) -> None:
    """Past its time, its own sentence with the call centre."""
    portal.at_receipt(state="confirming", until=None, **NOT_PAID)
    said(portal, "confirming.late")


@BOTH
@pytest.mark.parametrize("reason", DECLINED)
def test_declined(portal: Portal, reason: str) -> None:
    """Each reason says that nothing was debited and what to do, and lets the payer pay again."""
    main = portal.at_receipt("fail", state="declined", reason=reason, **NOT_PAID)
    said(portal, f"declined.{reason}")
    nothing = {"fr": "Rien n'a été débité", "ar": "لم يُقتطع أي مبلغ"}[portal.language]
    expect(main.locator(".notice:visible")).to_contain_text(nothing)
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_visible()


@BOTH
@pytest.mark.parametrize(
    ("reason", "again"), [("already_paid", False), ("uncaptured", True), ("refused", True)]
)
def test_not_debited(portal: Portal, reason: str, again: bool) -> None:
    """Each reason in words; paying again is offered only where something is left to pay."""
    main = portal.at_receipt(state="not_debited", reason=reason, **NOT_PAID)
    said(portal, f"not_debited.{reason}")
    button = main.get_by_role("button", name=portal.word("receipt.again"))
    expect(button).to_be_visible(visible=again)


@BOTH
@pytest.mark.parametrize("state", ["expired", "refunded"])
def test_other_ends(portal: Portal, state: str) -> None:
    """An expired payment can be made again, a refunded one is explained."""
    main = portal.at_receipt(state=state, **NOT_PAID)
    said(portal, state)
    button = main.get_by_role("button", name=portal.word("receipt.again"))
    expect(button).to_be_visible(visible=state == "expired")


@BOTH
def test_unknown(portal: Portal) -> None:
    """A handle that opens nothing is said without inviting to pay twice."""
    portal.answers["receipt"] = [problem("not_found", 404)]
    main = portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    said(portal, "not_found")
    expect(main.locator("[data-slot=panel]")).to_be_hidden()


@BOTH
@pytest.mark.parametrize("state", ["none", "waiting", "sent", "delivered", "bounced", "failed"])
def test_letter(portal: Portal, state: str) -> None:
    """Each state of the letter has its sentence, the address masked."""
    main = portal.at_receipt(letter={"state": state, "to": "a•••@example.ma"})
    said(portal, "paid")
    sentence = portal.word(f"receipt.letter.{state}").replace("{to}", "a•••@example.ma")
    expect(main.locator("[data-slot=letter]")).to_have_text(sentence)


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


@BOTH
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
    """« Imprimer » prints; on paper stand the receipt and no button."""
    portal.at_receipt()
    portal.page.evaluate("window.print = () => { window.printed = true; }")
    portal.page.get_by_role("button", name=portal.word("receipt.print")).click()
    assert portal.page.evaluate("window.printed") is True
    portal.page.emulate_media(media="print")
    expect(portal.main.locator("[data-slot=payment-reference]")).to_be_visible()
    expect(portal.main.locator("button:visible")).to_have_count(0)
