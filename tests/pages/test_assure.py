"""Step 4: the number, the control code, and everything that can go wrong with them."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE
from tests.pages.portal import Portal, control_code, firewall, lost, problem, silent


def fill(portal: Portal, number: str = "123456789", code: str = "4319") -> None:
    """Type a number and a code once a code is shown."""
    expect(portal.page.locator("[data-slot=code]")).to_have_text(re.compile(r"^\d{4}$"))
    portal.page.locator("#registration-number").fill(number)
    portal.page.locator("#control-code").fill(code)


@EVERY_LANGUAGE
def test_the_way_to_the_dues(portal: Portal) -> None:
    """Number and code lead to the dues; the proof was made meanwhile; the notice has gone."""
    portal.open("assure/")
    expect(portal.page.locator("[data-module=script-needed]")).to_have_count(0)
    fill(portal)
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")
    expect(portal.main.locator("h1")).to_have_text(portal.word("creance.title"))
    assert portal.asked["lookup"] == [
        {
            "registration_number": "123456789",
            "control_code": "4319",
            "ticket": "ticket-4319",
            "proof": {"number": 137},
        }
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "123 456 789",
        "١٢٣٤٥٦٧٨٩",
        "۱۲۳ ۴۵۶ ۷۸۹",
        "１２３４５６７８９",
        "\u200f123\u00a0456\u202f789\u2069",
    ],
)
def test_numbers_as_people_type_them(portal: Portal, typed: str) -> None:
    """Groups, no-break spaces, direction marks, Arabic-Indic and Persian digits are all read."""
    portal.open("assure/")
    fill(portal, typed, "٤٣ ١٩")
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")
    assert portal.asked["lookup"][0]["registration_number"] == "123456789"
    assert portal.asked["lookup"][0]["control_code"] == "4319"


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("12345678", "too_short"),
        ("1234567890", "too_long"),
        ("12345678²", "not_digits"),
        ("12345678a", "not_digits"),
    ],
)
def test_a_number_to_mend(portal: Portal, typed: str, code: str) -> None:
    """Said beside the field, in the focused summary and in the title; nothing is sent."""
    portal.open("assure/")
    fill(portal, typed)
    portal.press()
    sentence = portal.word(f"error.registration_number.{code}")
    expect(portal.page.locator("#registration-number-error")).to_have_text(sentence)
    field = portal.page.locator("#registration-number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", re.compile("registration-number-error"))
    expect(field).to_have_value(typed)
    expect(portal.focused).to_contain_text(sentence)
    assert portal.title.startswith(portal.word("error.title"))
    portal.page.get_by_role("link", name=sentence).click()
    expect(field).to_be_focused()
    assert "lookup" not in portal.asked


def test_mended(portal: Portal) -> None:
    """What was mended is no longer reproached."""
    portal.open("assure/")
    fill(portal, "12")
    portal.press()
    fill(portal, "123456789", "43")
    portal.press()
    expect(portal.page.locator("#registration-number-error")).to_be_hidden()
    expect(portal.page.locator("#registration-number")).to_have_attribute("aria-invalid", "false")
    expect(portal.page.locator("#control-code-error")).to_have_text(
        portal.word("error.control_code.too_short")
    )


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    "code", ["control_code_wrong", "control_code_expired", "control_code_used", "proof_wrong"]
)
def test_a_code_that_is_spent(portal: Portal, code: str) -> None:
    """Another code is shown, the number stays, the focus is where to type (events 5 and 8)."""
    portal.answers["lookup"] = [problem(code)]
    portal.open("assure/")
    fill(portal, code="1111")
    portal.press()
    expect(portal.page.locator("#control-code-error")).to_have_text(portal.word(f"error.{code}"))
    expect(portal.page.locator("[data-slot=code]")).to_have_text("8052")
    expect(portal.page.locator("#registration-number")).to_have_value("123456789")
    expect(portal.page.locator("#control-code")).to_be_focused()
    expect(portal.page.locator("#control-code")).to_have_value("")


def test_fields_refused_by_the_server(portal: Portal) -> None:
    """The server's field codes are shown beside their fields."""
    fields = {"registration_number": "not_digits", "control_code": "required"}
    portal.answers["lookup"] = [problem("invalid", fields=fields)]
    portal.open("assure/")
    fill(portal)
    portal.press()
    expect(portal.page.locator("#registration-number-error")).to_be_visible()
    expect(portal.page.locator("#control-code-error")).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lost, "offline"),
        (firewall, "bad_answer"),
        (problem("too_many_requests", 429), "too_many_requests"),
        (problem("unavailable", 503), "unavailable"),
        (problem("never_heard_of", 500), "internal"),
    ],
)
def test_no_answer(portal: Portal, answer: Any, code: str) -> None:  # noqa: ANN401 - played answers
    """Each way of failing has its sentence; what was typed stays; a second press works."""
    good = portal.answers["lookup"]
    portal.answers["lookup"] = [answer]
    portal.open("assure/")
    fill(portal)
    portal.press()
    expect(portal.focused).to_contain_text(portal.word(f"error.{code}"))
    expect(portal.page.locator("#registration-number")).to_have_value("123456789")
    expect(portal.page.locator("#control-code")).to_have_value("4319")
    portal.answers["lookup"] = good
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")


def test_a_server_that_never_answers(portal: Portal) -> None:
    """The page waits 20 seconds, no longer; meanwhile its button says so and sends once only."""
    portal.answers["lookup"] = [silent]
    portal.page.clock.install()
    portal.open("assure/")
    fill(portal)
    portal.press()
    button = portal.page.locator("main form button[type=submit]")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_text(portal.word("assure.busy"))
    button.click(force=True)
    portal.page.clock.run_for(20_100)
    expect(portal.focused).to_contain_text(portal.word("error.timeout"))
    expect(button).to_have_text(portal.word("assure.submit"))
    assert len(portal.asked["lookup"]) == 1


def test_another_code(portal: Portal) -> None:
    """« Nouveau code » changes the code and keeps the number."""
    portal.open("assure/")
    fill(portal, code="")
    portal.page.get_by_role("button", name=portal.word("control-code.another")).click()
    expect(portal.page.locator("[data-slot=code]")).to_have_text("8052")
    expect(portal.page.locator("#registration-number")).to_have_value("123456789")
    expect(portal.page.locator("#control-code")).to_be_focused()


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("typed", "said"), [("", "control-code.expired"), ("43", "control-code.expired-typed")]
)
def test_a_code_that_expires(portal: Portal, typed: str, said: str) -> None:
    """At its time the code is replaced and the page says so; the number stays (event 8)."""
    portal.answers["control-code"] = [control_code("4319", 90), control_code("8052")]
    portal.page.clock.install()
    portal.open("assure/")
    fill(portal, code=typed)
    portal.page.clock.run_for(91_000)
    expect(portal.page.locator("[data-slot=code]")).to_have_text("8052")
    expect(portal.page.locator("[data-slot=status]")).to_have_text(portal.word(said))
    expect(portal.page.locator("#registration-number")).to_have_value("123456789")
    expect(portal.page.locator("#control-code")).to_have_value("")


def test_no_code_to_show(portal: Portal) -> None:
    """Without a network the page says so where the code would be, and its button tries again."""
    portal.answers["control-code"] = [lost, control_code("8052")]
    portal.open("assure/")
    status = portal.page.locator("[data-slot=status]")
    expect(status).to_have_text(portal.word("error.offline"))
    portal.page.get_by_role("button", name=portal.word("control-code.another")).click()
    expect(portal.page.locator("[data-slot=code]")).to_have_text("8052")
    expect(status).to_have_text(portal.word("control-code.new"))


def test_back_to_the_number(portal: Portal) -> None:
    """Back from the dues the number is still there, with a fresh code."""
    portal.open("assure/")
    fill(portal)
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")
    portal.page.go_back()
    expect(portal.page.locator("#registration-number")).to_have_value("123456789")
    expect(portal.page.locator("[data-slot=code]")).to_have_text("8052")


def test_storage_refused(portal: Portal) -> None:
    """A browser that keeps nothing is told, rather than sent round in circles."""
    portal.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    portal.open("assure/")
    fill(portal)
    portal.press()
    expect(portal.focused).to_contain_text(portal.word("error.storage"))


def test_nothing_in_the_address(portal: Portal) -> None:
    """The number stands in no address, and no field of the static form has a name."""
    portal.open("assure/")
    assert portal.page.locator("main [name]").count() == 0
    fill(portal)
    portal.press()
    portal.page.wait_for_url("**/assure/creance/")
    assert "123456789" not in portal.page.url
