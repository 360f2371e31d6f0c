"""Follow-up: a payment found again from any device, by its reference and registration number."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, said
from tests.pages.portal import SAMPLES, Portal, lost, problem

NOT_PAID: dict[str, Any] = {"paid_at": None, "lines": []}
ASKED = {"reference": "43190271885204", "registration_number": "123456789"}
OPEN = {**SAMPLES["receipt"], "state": "open", "until": "2020-05-05T22:26:00+00:00", **NOT_PAID}


@EVERY_LANGUAGE
def test_paid(portal: Portal) -> None:
    """The same story as back from CMI, and nothing of it in the address."""
    main = portal.at_follow_up()
    said(portal, "paid")
    expect(main.locator("[data-slot=payment-reference]")).to_have_text(
        re.compile(r"4319.0271.8852.04")
    )
    expect(main.locator("tbody tr")).to_have_count(2)
    expect(main.locator("form:visible")).to_have_count(0)
    assert portal.page.url.endswith(f"/{portal.language}/suivi/")
    assert portal.asked["receipt"] == [ASKED]


def test_first_sentence(portal: Portal) -> None:
    """Who is sent here by CMI reads at once that nothing is lost and what to type."""
    main = portal.open("suivi/")
    expect(main.locator(".lead")).to_have_text(portal.word("follow.lead"))
    expect(main.locator("[data-module=script-needed]")).to_have_count(0)


def test_back_from_the_gateway_in_the_same_tab(portal: Portal) -> None:
    """In the tab of the payment, reference and number stand there already."""
    portal.at_recap()
    main = portal.open("suivi/")
    expect(main.locator("#reference")).to_have_value("43190271885204")
    portal.press()
    said(portal, "paid")
    assert portal.asked["receipt"] == [ASKED]


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("٤٣١٩ ٠٢٧١ ٨٨٥٢ ٠٤", "١٢٣٤٥٦٧٨٩"),
        ("۴۳۱۹۰۲۷۱۸۸۵۲۰۴", "۱۲۳ ۴۵۶ ۷۸۹"),
        ("\u200f4319\u00a00271\u202f8852 04\u200e", "\u2066123456789\u2069"),
    ],
)
def test_numbers_as_people_type_them(portal: Portal, reference: str, number: str) -> None:
    """Digits of Arabic keyboards, groups and invisible marks are read as numbers."""
    portal.at_follow_up(reference, number)
    said(portal, "paid")
    assert portal.asked["receipt"] == [ASKED]


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("4319 0271", "too_short"),
        ("4319 0271 8852 041", "too_long"),
        ("4319 0271 8852 O4", "not_digits"),
        ("4319 0271 8825 04", "check_digits"),
    ],
)
def test_reference_to_mend(portal: Portal, typed: str, code: str) -> None:
    """What is wrong is said beside the field and in the summary; nothing is asked yet."""
    portal.at_follow_up(typed)
    sentence = portal.word(f"error.reference.{code}")
    expect(portal.page.locator("#reference-error")).to_have_text(sentence)
    expect(portal.focused).to_contain_text(sentence)
    expect(portal.page.locator("#reference")).to_have_attribute("aria-invalid", "true")
    assert "receipt" not in portal.asked


def test_both_to_mend(portal: Portal) -> None:
    """Both fields are said at once."""
    portal.at_follow_up("", "")
    expect(portal.page.locator(".error-summary li")).to_have_count(2)


def test_refused_by_the_server(portal: Portal) -> None:
    """A fault that only the server sees stands beside its field."""
    fields = {"registration_number": "too_short"}
    portal.answers["receipt"] = [problem("invalid", fields=fields), SAMPLES["receipt"]]
    portal.at_follow_up()
    expect(portal.page.locator("#registration-number-error")).to_be_visible()
    portal.press()
    said(portal, "paid")


@EVERY_LANGUAGE
def test_unknown(portal: Portal) -> None:
    """What to check, and never which of both was wrong; what was typed stays."""
    portal.answers["receipt"] = [problem("not_found", 404)]
    main = portal.at_follow_up()
    expect(portal.focused).to_contain_text(portal.word("error.payment_unknown"))
    expect(main.locator("[aria-invalid=true]")).to_have_count(0)
    expect(main.locator("#reference")).to_have_value("4319 0271 8852 04")
    expect(main.locator("#registration-number")).to_have_value("123456789")


@EVERY_LANGUAGE
def test_open(portal: Portal) -> None:
    """Without CMI's word: not to pay again if it was confirmed, and until when it stays open."""
    portal.answers["receipt"] = [OPEN]
    main = portal.at_follow_up()
    said(portal, "open", end="22:26")
    expect(main.get_by_role("button", name=portal.word("receipt.again"))).to_be_hidden()


def test_open_then_paid(portal: Portal) -> None:
    """The page asks again by itself."""
    portal.page.clock.install()
    portal.answers["receipt"] = [OPEN, SAMPLES["receipt"]]
    portal.at_follow_up()
    said(portal, "open", end="22:26")
    portal.page.clock.run_for(2_100)
    said(portal, "paid")


@pytest.mark.parametrize("session", [True, False])
def test_paying_again(portal: Portal, session: bool) -> None:
    """« Payer à nouveau » goes to the dues of that number, or to the number without them."""
    if session:
        portal.at_dues()
    declined = {**SAMPLES["receipt"], "state": "declined", "reason": "funds", **NOT_PAID}
    portal.answers["receipt"] = [declined]
    main = portal.at_follow_up()
    said(portal, "declined.funds")
    main.get_by_role("button", name=portal.word("receipt.again")).click()
    portal.page.wait_for_url("**/assure/creance/" if session else "**/assure/")


def test_no_answer(portal: Portal) -> None:
    """Nothing typed is lost, and the payment is said to be what it was."""
    portal.answers["receipt"] = [lost, SAMPLES["receipt"]]
    main = portal.at_follow_up()
    expect(portal.focused).to_contain_text(portal.word("error.offline"))
    expect(portal.focused).to_contain_text(portal.word("error.receipt_unread"))
    expect(main.locator("#reference")).to_have_value("4319 0271 8852 04")
    portal.press()
    said(portal, "paid")


@EVERY_LANGUAGE
def test_another_language(portal: Portal) -> None:
    """The other language shows the same payment, with nothing to type again."""
    portal.at_follow_up()
    said(portal, "paid")
    other = "ar" if portal.language == "fr" else "fr"
    portal.page.locator(f"[data-module=language-switch] a[data-language={other}]").click()
    portal.page.wait_for_url(f"**/{other}/suivi/")
    portal.language = other
    said(portal, "paid")


def test_what_is_typed_survives_the_language(portal: Portal) -> None:
    """Half a form stays half a form in another language, and nothing is asked by itself."""
    portal.open("suivi/")
    portal.page.locator("#reference").fill("4319 0271")
    portal.page.locator("[data-module=language-switch] a[data-language=ar]").click()
    portal.page.wait_for_url("**/ar/suivi/")
    expect(portal.page.locator("#reference")).to_have_value("4319 0271")
    assert "receipt" not in portal.asked


def test_another_payment(portal: Portal) -> None:
    """The form comes back for another payment; a reload shows no old one."""
    main = portal.at_follow_up()
    said(portal, "paid")
    main.get_by_role("button", name=portal.word("follow.another")).click()
    expect(main.locator("#reference")).to_be_visible()
    expect(main.locator("h1")).to_have_text(portal.word("follow.title"))
    expect(main.locator("[data-slot=panel]")).to_be_hidden()
    assert len(portal.asked["receipt"]) == 1


def test_pdf(portal: Portal) -> None:
    """The receipt downloads by reference and number, in the language of the page."""
    portal.at_follow_up()
    said(portal, "paid")
    with portal.page.expect_download():
        portal.page.get_by_role("button", name=portal.word("receipt.pdf")).click()
    assert portal.asked["receipt/pdf"] == [{**ASKED, "language": "fr"}]


def test_leaving(portal: Portal) -> None:
    """« Terminer » leaves nothing of the payment on the device."""
    portal.at_follow_up()
    said(portal, "paid")
    portal.page.get_by_role("button", name=portal.word("finish.button")).click()
    portal.page.wait_for_url("**/fr/")
    assert portal.page.evaluate("sessionStorage.length") == 0
