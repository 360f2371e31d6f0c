"""Step 5, « Compléter le paiement »: every way in which it does not lead to the recap."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, ticked, total
from tests.pages.portal import SAMPLES, Portal, lost, problem

THREE = SAMPLES["three_dues"]
DEBITED = {"fr": re.compile("rien (n'a été )?débité|n'a rien débité", re.IGNORECASE)}


@EVERY_LANGUAGE
def test_what_is_missing(portal: Portal) -> None:
    """No quarter, an e-mail that is none, terms unread: all said at once, nothing sent."""
    main = portal.at_dues(dues=THREE)
    main.locator("#email").fill("a@")
    portal.press()
    for field, code in (
        ("dues", "nothing_selected"),
        ("email", "email_invalid"),
        ("terms", "terms_not_accepted"),
    ):
        sentence = portal.word(f"error.{code}")
        expect(main.locator(f"#{field}-error")).to_have_text(sentence)
        expect(portal.focused).to_contain_text(sentence)
    assert portal.title.startswith(portal.word("error.title"))
    assert "checkout" not in portal.asked


@pytest.mark.parametrize("code", ["due_paid", "due_confirming", "due_unknown"])
def test_a_due_that_changed(portal: Portal, code: str) -> None:
    """The list is fetched again; the sentence stands beside it; the other ticks stay."""
    main = portal.at_dues(dues=THREE, unpaid_count=4)
    portal.answers["checkout"] = [problem(code, 409)]
    for _ in range(2):
        portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    main.locator("#terms").check()
    portal.answers["lookup"] = [{**SAMPLES["lookup"], "dues": THREE[2:] + THREE[:1]}]
    portal.press()
    expect(main.locator("#dues-error")).to_have_text(portal.word(f"error.{code}"))
    assert portal.asked["lookup"] == [{"session": "session-1"}]
    expect(main.locator("tbody tr")).to_have_count(3)
    assert ticked(portal) == ["2019-3-D"]


def test_the_only_due_was_paid_meanwhile(portal: Portal) -> None:
    """With nothing left to pay, the page still says why the payment did not go on."""
    main = portal.at_dues()
    portal.answers["checkout"] = [problem("due_paid", 409)]
    main.locator("#terms").check()
    portal.answers["lookup"] = [{**SAMPLES["lookup"], "dues": [], "unpaid_count": 0}]
    portal.press()
    expect(portal.focused).to_contain_text(portal.word("error.due_paid"))
    expect(main).to_contain_text(portal.word("nothing.title"))


@EVERY_LANGUAGE
def test_total_changed(portal: Portal) -> None:
    """The new total is said, the dues are fetched again, and only a new press goes on."""
    main = portal.at_dues()
    portal.answers["checkout"] = [
        problem("total_changed", 409, total_centimes=151650),
        SAMPLES["checkout"],
    ]
    main.locator("#terms").check()
    dearer = {**SAMPLES["lookup"]["dues"][0], "amount_centimes": 150000}
    portal.answers["lookup"] = [{**SAMPLES["lookup"], "dues": [dearer]}]
    portal.press()
    expect(portal.focused).to_contain_text(re.compile(r"1.516[.,]50"))
    assert re.fullmatch(r"1.516[.,]50", total(portal))
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    first, second = portal.asked["checkout"]
    assert (first["seen_total_centimes"], second["seen_total_centimes"]) == (146706, 151650)
    assert first["key"] == second["key"]


@EVERY_LANGUAGE
def test_session_that_ran_out(portal: Portal) -> None:
    """A code is asked for in place; number, ticks, e-mail and terms are all still there."""
    main = portal.at_dues(dues=THREE, unpaid_count=4)
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    main.locator("#email").fill("a@example.ma")
    main.locator("#terms").check()
    portal.answers["checkout"] = [problem("session_expired", 401), SAMPLES["checkout"]]
    portal.press()
    expect(portal.focused).to_have_text(portal.word("again.title"))
    expect(main.locator("[data-slot=again] [data-slot=code]")).to_have_text("4319")
    portal.press()
    expect(main.locator("#control-code-error")).to_have_text(
        portal.word("error.control_code.required")
    )
    portal.answers["lookup"] = [
        problem("control_code_wrong"),
        {**SAMPLES["lookup"], "session": "session-2", "dues": THREE},
    ]
    main.locator("#control-code").fill("1111")
    portal.press()
    expect(main.locator("#control-code-error")).to_have_text(
        portal.word("error.control_code_wrong")
    )
    expect(main.locator("#control-code")).to_be_focused()
    main.locator("#control-code").fill("8052")
    portal.press()
    expect(portal.focused).to_have_text(portal.word("dues.heading"))
    assert ticked(portal) == ["2018-2-A"]
    expect(main.locator("#email")).to_have_value("a@example.ma")
    expect(main.locator("#terms")).to_be_checked()
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    assert portal.asked["checkout"][1]["session"] == "session-2"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lost, "offline"),
        (problem("closed", 503), "closed"),
        (problem("unavailable", 503), "unavailable"),
        (problem("internal", 500), "internal"),
        (problem("too_many_requests", 429), "too_many_requests"),
        (problem("email_invalid"), "email_invalid"),
    ],
)
def test_checkout_refused(portal: Portal, answer: Any, code: str) -> None:  # noqa: ANN401 - played answers
    """The sentence of the code is said, nothing chosen is lost, and a second press has one key."""
    main = portal.at_dues()
    portal.answers["checkout"] = [answer, SAMPLES["checkout"]]
    main.locator("#terms").check()
    portal.press()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    if code != "email_invalid":
        expect(portal.focused).to_contain_text(DEBITED[portal.language])
    expect(main.locator("#terms")).to_be_checked()
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    first, second = portal.asked["checkout"]
    assert first["key"] == second["key"]


@pytest.mark.parametrize("code", ["key_reused", "order_closed"])
def test_a_key_that_is_spent(portal: Portal, code: str) -> None:
    """The page takes another key by itself, once; refused again, it says so."""
    main = portal.at_dues()
    portal.answers["checkout"] = [problem(code, 409)]
    main.locator("#terms").check()
    portal.press()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    first, second = portal.asked["checkout"]
    assert first["key"] != second["key"]


def test_new_content_new_key(portal: Portal) -> None:
    """Dues, card origin and e-mail each make a new key; so does a page shown again by Back."""
    main = portal.at_dues(dues=THREE)
    portal.answers["checkout"] = [lost]
    main.locator("#terms").check()
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()

    def press(times: int) -> None:
        portal.press()
        expect(portal.focused).to_contain_text(portal.word("error.offline"))
        assert len(portal.asked["checkout"]) == times

    press(1)
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    press(2)
    portal.page.get_by_label(portal.word("card.INT"), exact=True).check()
    press(3)
    main.locator("#email").fill("a@example.ma")
    press(4)
    portal.come_back()
    expect(portal.page.locator("[data-module=error-summary]")).to_be_visible()
    press(5)
    assert len({body["key"] for body in portal.asked["checkout"]}) == 5
    assert portal.asked["lookup"] == [{"session": "session-1"}]
