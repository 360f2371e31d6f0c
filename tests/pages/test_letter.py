"""The letter on the receipt's pages: what became of it, a copy, its address given or mended once."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import HANDLE, SAMPLES, Portal, lost, problem

MASKED = "a•••@example.ma"
ASKED = {"reference": "43190271885204", "registration_number": "123456789"}


def letter(state: str, to: str | None = MASKED) -> dict[str, Any]:
    return {**SAMPLES["receipt"], "letter": {"state": state, "to": to}}


def tells(portal: Portal, key: str, to: str = MASKED) -> None:
    sentence = portal.word(f"receipt.letter.{key}").replace("{to}", to)
    expect(portal.main.locator("[data-slot=letter]")).to_have_text(sentence)


def copy_button(portal: Portal) -> Locator:
    return portal.main.get_by_role("button", name=portal.word("letter.again"))


def correction(portal: Portal) -> Locator:
    return portal.main.locator("[data-slot=correction]")


@EVERY_LANGUAGE
@pytest.mark.parametrize("page", ["recu", "suivi"])
def test_copy(portal: Portal, page: str) -> None:
    """« Renvoyer la lettre » says where a copy goes; the page then tells when it has left."""
    portal.page.clock.install()
    portal.answers["receipt"] = [letter("delivered"), letter("waiting"), letter("sent")]
    if page == "recu":
        portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    else:
        portal.at_follow_up()
    said(portal, "paid")
    copy_button(portal).click()
    tells(portal, "asked")
    expect(portal.main.locator("[data-slot=letter]")).to_be_focused()
    expect(copy_button(portal)).to_be_hidden()
    assert portal.asked["receipt/letter"] == [{"handle": HANDLE} if page == "recu" else ASKED]
    portal.page.clock.run_for(2_100)
    portal.page.wait_for_timeout(100)
    tells(portal, "asked")
    portal.page.clock.run_for(3_100)
    tells(portal, "sent")
    expect(copy_button(portal)).to_be_visible()


def test_copy_that_does_not_leave(portal: Portal) -> None:
    """After twenty seconds the page asks no more by itself and offers to look again."""
    portal.page.clock.install()
    portal.answers["receipt"] = [letter("sent"), letter("waiting")]
    portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    copy_button(portal).click()
    tells(portal, "asked")
    for _ in range(60):
        portal.page.clock.run_for(1_000)
        portal.page.wait_for_timeout(10)
    assert len(portal.asked["receipt"]) == 6
    refresh = portal.main.get_by_role("button", name=portal.word("receipt.refresh"))
    expect(refresh).to_be_visible()


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem("too_many_requests", 429), "letter.too_many_requests"),
        (problem("not_ready", 409), "letter.not_ready"),
        (problem("not_found", 404), "letter.not_found"),
        (problem("no_address", 409), "no_address"),
        (lost, "offline"),
    ],
)
def test_no_copy(portal: Portal, answer: Any, code: str) -> None:  # noqa: ANN401 - played answers
    """Why no copy leaves, in words about the letter; the receipt stays where it is."""
    portal.answers["receipt/letter"] = [answer]
    main = portal.at_receipt()
    copy_button(portal).click()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    expect(main.locator("[data-slot=total]")).to_be_visible()
    tells(portal, "sent")


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", ["none", "bounced", "failed"])
def test_address_given_or_mended(portal: Portal, state: str) -> None:
    """Back from CMI, an address can be typed where the letter had none or came back."""
    portal.page.clock.install()
    before = letter(state, None if state == "none" else MASKED)
    portal.answers["receipt"] = [before, letter("sent", "p•••@example.com")]
    portal.answers["receipt/letter"] = [{"letter": {"state": "waiting", "to": "p•••@example.com"}}]
    portal.open(f"assure/recu/#h={HANDLE}&r=ok")
    said(portal, "paid")
    portal.main.locator("#email").fill(" p@example.com ")
    portal.press()
    tells(portal, "asked", "p•••@example.com")
    expect(correction(portal)).to_be_hidden()
    assert portal.asked["receipt/letter"] == [{"handle": HANDLE, "email": "p@example.com"}]
    portal.page.clock.run_for(2_100)
    tells(portal, "sent", "p•••@example.com")
    assert portal.kept("address") is None


@pytest.mark.parametrize("state", ["waiting", "sent", "delivered"])
def test_an_address_that_serves_is_kept(portal: Portal, state: str) -> None:
    """No address can be typed while the letter is on its way or has arrived."""
    portal.at_receipt(letter={"state": state, "to": MASKED})
    said(portal, "paid")
    expect(correction(portal)).to_be_hidden()


@pytest.mark.parametrize("state", ["none", "bounced", "failed"])
def test_no_address_by_reference(portal: Portal, state: str) -> None:
    """Reference and number open no change of address; after a bounce a copy can be tried."""
    portal.answers["receipt"] = [letter(state, None if state == "none" else MASKED)]
    portal.at_follow_up()
    said(portal, "paid")
    expect(correction(portal)).to_be_hidden()
    expect(copy_button(portal)).to_be_visible(visible=state != "none")


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("answer", "code", "beside"),
    [
        (problem("email_invalid"), "letter.email_invalid", True),
        (problem("address_kept", 409), "address_kept", False),
        (lost, "offline", False),
    ],
)
def test_address_refused(portal: Portal, answer: Any, code: str, beside: bool) -> None:  # noqa: ANN401 - played answers
    """What is wrong, and what was typed stays, through a reload too."""
    portal.answers["receipt/letter"] = [answer]
    main = portal.at_receipt(letter={"state": "bounced", "to": MASKED})
    main.locator("#email").fill("fatima@example")
    portal.press()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    expect(main.locator("#email-error")).to_be_visible(visible=beside)
    expect(correction(portal)).to_be_visible(visible=code != "address_kept")
    expect(copy_button(portal)).to_be_visible(visible=code == "address_kept")
    portal.page.reload()
    expect(main.locator("#email")).to_have_value("fatima@example")


def test_nothing_to_send_before_it_is_paid(portal: Portal) -> None:
    """A payment that is none has no letter, no copy and no address to give."""
    portal.at_receipt("fail", state="declined", reason="funds", lines=[], paid_at=None)
    said(portal, "declined.funds")
    expect(copy_button(portal)).to_be_hidden()
    expect(correction(portal)).to_be_hidden()
