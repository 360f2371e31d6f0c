"""Back from CMI: each outcome in words, whether money moved, and what to do next."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import HANDLE, Portal, problem

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
LETTER = {"state": "waiting", "to": "a•••@example.ma"}


@EVERY_LANGUAGE
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
    expect(panel.locator("[data-slot=total]")).to_have_text(re.compile(r"1.467[.,]06"))
    expect(panel.locator("tbody tr")).to_have_count(2)
    expect(main.get_by_role("button", name=portal.word("receipt.print"))).to_be_visible()
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_hidden()


@pytest.mark.parametrize(
    ("paid_at", "shown"),
    [
        ("2026-11-23T14:55:43.120000+01:00", "23 novembre 2026 à 14:55"),
        ("2020-05-05T20:52:10Z", "5 mai 2020 à 20:52"),
        ("2020-06-05T20:52:10Z", "5 juin 2020 à 21:52"),
    ],
)
def test_time_of_payment(portal: Portal, paid_at: str, shown: str) -> None:
    """The clock is Morocco's, as the server wrote it where it did, whatever the phone's tables."""
    main = portal.at_receipt(paid_at=paid_at)
    expect(main.locator("[data-slot=paid-at]")).to_have_text(shown)


def test_the_order_is_done_with(portal: Portal) -> None:
    """Once paid, nothing of the order is left in the tab; the session may pay other quarters."""
    portal.at_recap()
    portal.at_receipt()
    said(portal, "paid")
    assert [portal.kept(name) for name in ("choice", "checkout", "key")] == [None, None, None]
    assert portal.kept("session") == "session-1"


@EVERY_LANGUAGE
def test_opened_by_itself(portal: Portal) -> None:
    """Without a handle the page says what it is for and leads to the number."""
    portal.open("assure/recu/")
    expect(portal.main).to_contain_text(portal.word("receipt.absent.text"))
    expect(portal.main.get_by_role("link", name=portal.word("journey.absent.link"))).to_be_visible()
    assert "receipt" not in portal.asked


@EVERY_LANGUAGE
@pytest.mark.parametrize("session", [True, False])
def test_not_completed(portal: Portal, session: bool) -> None:
    """Nothing was debited; « Payer à nouveau » goes to the dues, or to the number without them."""
    if session:
        portal.at_dues()
    main = portal.at_receipt("fail", state="open", **NOT_PAID)
    said(portal, "not_completed")
    main.get_by_role("button", name=portal.word("receipt.again")).click()
    portal.page.wait_for_url("**/assure/creance/" if session else "**/assure/")


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("letter", "left_seconds", "key"),
    [
        (LETTER, 600, "confirming.letter"),
        (NO_LETTER, 600, "confirming.alone"),
        (LETTER, 0, "confirming.late.letter"),
        (NO_LETTER, 0, "confirming.late"),
    ],
)
def test_confirming(portal: Portal, letter: dict[str, Any], left_seconds: int, key: str) -> None:
    """Until when, not to pay again, and whether to expect a letter, to come back or to call."""
    until: dict[str, Any] = {
        "until": "2020-05-05T22:10:00+00:00",
        "until_in_seconds": left_seconds,
    }
    main = portal.at_receipt(state="confirming", letter=letter, **until, **NOT_PAID)
    said(portal, key, end="22:10", to="a•••@example.ma")
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_hidden()
    expect(main.locator("[data-slot=payment-reference]")).to_be_visible()


def test_confirming_too_long(portal: Portal) -> None:
    """Past its time the page asks no more by itself."""
    portal.page.clock.install()
    past: dict[str, Any] = {"until": "2020-05-05T22:10:00+00:00", "until_in_seconds": 0}
    main = portal.at_receipt(state="confirming", letter=NO_LETTER, **past, **NOT_PAID)
    said(portal, "confirming.late")
    expect(main.locator("[data-slot=wait]")).to_be_hidden()
    portal.page.clock.run_for(60_000)
    assert len(portal.asked["receipt"]) == 1


@EVERY_LANGUAGE
@pytest.mark.parametrize("reason", DECLINED)
def test_declined(portal: Portal, reason: str) -> None:
    """Each reason says that nothing was debited and what to do, and lets the payer pay again."""
    main = portal.at_receipt("fail", state="declined", reason=reason, **NOT_PAID)
    said(portal, f"declined.{reason}")
    nothing = portal.word("receipt.not_debited.title")
    expect(main.locator(".notice:visible")).to_contain_text(nothing)
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_visible()


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("reason", "again"), [("already_paid", False), ("uncaptured", True), ("refused", True)]
)
def test_not_debited(portal: Portal, reason: str, again: bool) -> None:
    """Each reason in words; paying again is offered only where something is left to pay."""
    main = portal.at_receipt(state="not_debited", reason=reason, **NOT_PAID)
    said(portal, f"not_debited.{reason}")
    button = main.get_by_role("button", name=portal.word("receipt.again"))
    expect(button).to_be_visible(visible=again)


@pytest.mark.parametrize(
    ("reason", "state", "written"),
    [
        ("already_paid", "waiting", True),
        ("refused", "delivered", True),
        ("refused", "bounced", False),
        ("uncaptured", "sent", False),
        ("already_paid", "none", False),
    ],
)
def test_not_debited_is_written_too(portal: Portal, reason: str, state: str, written: bool) -> None:
    """Who gave an address hears that it is also written; no letter of a payment is offered."""
    letter = {"state": state, "to": None if state == "none" else "a•••@example.ma"}
    main = portal.at_receipt(state="not_debited", reason=reason, letter=letter, **NOT_PAID)
    said(portal, f"not_debited.{reason}")
    news = main.locator("[data-slot=letter]")
    expect(news).to_be_visible(visible=written)
    if written:
        sentence = portal.word("receipt.letter.written").replace("{to}", "a•••@example.ma")
        expect(news).to_have_text(sentence)
    expect(main.get_by_role("button", name=portal.word("letter.again"))).to_be_hidden()


def test_released(portal: Portal) -> None:
    """A reservation that was released without a reason is told all the same."""
    portal.at_receipt(state="not_debited", reason=None, **NOT_PAID)
    said(portal, "not_debited.refused")


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", ["expired", "refunded"])
def test_other_ends(portal: Portal, state: str) -> None:
    """An expired payment can be made again, a refunded one is explained."""
    main = portal.at_receipt(state=state, **NOT_PAID)
    said(portal, state)
    button = main.get_by_role("button", name=portal.word("receipt.again"))
    expect(button).to_be_visible(visible=state == "expired")


@EVERY_LANGUAGE
def test_unknown(portal: Portal) -> None:
    """A handle that opens nothing is said without inviting to pay twice."""
    portal.answers["receipt"] = [problem("not_found", 404)]
    main = portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    said(portal, "not_found")
    expect(main.locator("[data-slot=panel]")).to_be_hidden()


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", ["none", "waiting", "sent", "delivered", "bounced", "failed"])
def test_letter(portal: Portal, state: str) -> None:
    """Each state of the letter has its sentence, the address masked (event 113)."""
    to = None if state == "none" else "a•••@example.ma"
    main = portal.at_receipt(letter={"state": state, "to": to})
    said(portal, "paid")
    sentence = portal.word(f"receipt.letter.{state}").replace("{to}", str(to))
    expect(main.locator("[data-slot=letter]")).to_have_text(sentence)
