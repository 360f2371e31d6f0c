"""Step 5: the dues, what is ticked of them, the total, and the way to the recap."""

import base64
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.expectations import EVERY_LANGUAGE, period, ticked, total
from tests.pages.portal import SAMPLES, Portal, lost

THREE = SAMPLES["three_dues"]
OPEN = {"started_at": "2020-05-05T21:20:00+00:00", "until": "2020-05-05T21:55:00+00:00"}


@EVERY_LANGUAGE
def test_golden_case(portal: Portal) -> None:
    """One quarter, ticked already: 1451.10, a fee line of 15.96, 1467.06; then the recap."""
    main = portal.at_dues()
    expect(main.locator("h1")).to_have_text(portal.word("creance.title"))
    expect(main.locator("dd[data-slot=number]")).to_have_text(re.compile(r"123.456.789"))
    expect(main.locator("[data-slot=unpaid-count]")).to_have_text("1")
    expect(main.locator("[data-slot=open-count]")).to_have_text("0")
    expect(main.locator("[data-slot=many]")).to_be_hidden()
    assert ticked(portal) == ["2020-1-120200000451"]
    expect(main.locator("tbody")).to_contain_text("BPC pour encaissements ASVI")
    (row,) = main.locator("tbody tr").all()
    for words in ("quarter.1", "quarter.1.months"):
        expect(row).to_contain_text(portal.word(words).replace("{year}", "2020"))
    box = main.get_by_role("checkbox", name=period(portal, 1, 2020))
    expect(box).to_have_accessible_name(re.compile(r"1.451[.,]10"))
    expect(main.locator("[data-slot=fee-line]")).to_contain_text(portal.word("dues.fee"))
    expect(main.locator("[data-slot=fee]")).to_contain_text(re.compile(r"15[.,]96"))
    expect(main.locator("[data-slot=total]")).to_have_text(re.compile(r"1.467[.,]06"))
    main.locator("#email").fill(" a@example.ma ")
    main.locator("#terms").check()
    portal.press()
    portal.page.wait_for_url("**/assure/transaction/")
    (body,) = portal.asked["checkout"]
    assert len(base64.urlsafe_b64decode(body.pop("key") + "==")) == 16
    assert body.pop("terms_version")
    assert body == {
        "session": "session-1",
        "due_ids": ["2020-1-120200000451"],
        "card_origin": "LOC",
        "accept_terms": True,
        "email": "a@example.ma",
        "language": portal.language,
        "seen_total_centimes": 146706,
    }


@EVERY_LANGUAGE
def test_opened_by_itself(portal: Portal) -> None:
    """Without a session the page says so and leads to the number."""
    portal.open("assure/creance/")
    expect(portal.main).to_contain_text(portal.word("journey.absent.text"))
    portal.page.get_by_role("link", name=portal.word("journey.absent.link")).click()
    portal.page.wait_for_url(f"**/{portal.language}/assure/")
    assert "lookup" not in portal.asked


@EVERY_LANGUAGE
def test_nothing_found(portal: Portal) -> None:
    """The number is repeated in groups, with whom to call and the date of the data."""
    main = portal.at_dues(dues=[], unpaid_count=0)
    expect(main).to_contain_text(portal.word("nothing.title"))
    expect(main.locator("[data-slot=nothing] [data-slot=number]")).to_have_text(
        re.compile(r"^123.456.789$")
    )
    expect(main.locator("[data-slot=nothing] [data-slot=as-of]")).to_contain_text("2020")
    expect(main.locator("[data-slot=nothing] a[href^='tel:']")).to_have_count(2)
    expect(main.locator("form:visible")).to_have_count(0)


def test_oldest_first(portal: Portal) -> None:
    """Nothing is ticked of several; each press ticks the next oldest; one press ticks all."""
    main = portal.at_dues(dues=THREE, unpaid_count=4)
    assert ticked(portal) == []
    assert total(portal) == "0,00"
    oldest = portal.page.get_by_role("button", name=portal.word("dues.oldest"))
    oldest.click()
    assert ticked(portal) == ["2018-2-A"]
    oldest.click()
    assert ticked(portal) == ["2018-2-A", "2019-3-D"]
    assert total(portal) == "2 123,10"
    expect(main.locator("[data-slot=count]")).to_have_text("2 trimestres cochés")
    everything = portal.page.get_by_role("button", name=portal.word("dues.all"))
    everything.click()
    assert ticked(portal) == ["2018-2-A", "2019-3-D", "2019-4-C"]
    expect(oldest).to_have_attribute("aria-disabled", "true")
    portal.page.get_by_role("button", name=portal.word("dues.none")).click()
    assert ticked(portal) == []


@EVERY_LANGUAGE
def test_a_due_being_confirmed(portal: Portal) -> None:
    """It is listed with its state in words and cannot be ticked."""
    main = portal.at_dues(dues=THREE, unpaid_count=4)
    row = main.locator("tr[data-state=confirming]")
    expect(row).to_contain_text(portal.word("dues.confirming"))
    expect(row.locator("input")).to_have_count(0)
    expect(main.locator("tbody tr")).to_have_count(4)


def test_only_dues_being_confirmed(portal: Portal) -> None:
    """With nothing left to tick there is nothing to send."""
    main = portal.at_dues(dues=[THREE[2]])
    expect(main.locator("tr[data-state=confirming]")).to_be_visible()
    expect(main.locator("[data-slot=payment]")).to_be_hidden()


@EVERY_LANGUAGE
def test_open_payments(portal: Portal) -> None:
    """Each says when it began, until when it lasts, and what to do (event 28)."""
    payments: list[dict[str, Any]] = [
        {**OPEN, "due_ids": [], "state": state} for state in ("open", "confirming")
    ]
    main = portal.at_dues(open_payments=payments)
    expect(main.locator("[data-slot=open-count]")).to_have_text("2")
    for item, key in enumerate(("creance.open.unfinished", "creance.open.confirming")):
        said = portal.word(key).replace("{start}", "21:20").replace("{end}", "21:55")
        expect(main.locator("[data-slot=open-list] li").nth(item)).to_have_text(said)


@pytest.mark.parametrize(
    ("amount_centimes", "rate", "vat"),
    [
        (145110, "0.01", "0.10"),
        (5, "0.01", "0.10"),
        (500, "0.01", "0.10"),
        (9999999, "0.01", "0.10"),
        (123457, "0.0175", "0.20"),
        (145110, "0", "0.10"),
    ],
)
def test_fee(portal: Portal, amount_centimes: int, rate: str, vat: str) -> None:
    """The fee is the server's to the centime, rounded half up; where it is zero it has no line."""
    due = {**SAMPLES["lookup"]["dues"][0], "amount_centimes": amount_centimes}
    main = portal.at_dues(dues=[due], fees={"LOC": {"rate": rate, "vat": vat}, "INT": {}})
    exact = amount_centimes * Decimal(rate) * (1 + Decimal(vat))
    fee = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    expect(main.locator("[data-slot=fee-line]")).to_be_visible(visible=fee > 0)
    shown = f"{(amount_centimes + fee) // 100:,}".replace(",", " ")
    assert total(portal) == f"{shown},{(amount_centimes + fee) % 100:02}"


def test_fee_of_the_other_card(portal: Portal) -> None:
    """The fee follows the card's origin, and the two radios exclude each other."""
    fees = {"LOC": {"rate": "0.01", "vat": "0.10"}, "INT": {"rate": "0.02", "vat": "0.10"}}
    portal.at_dues(fees=fees)
    portal.page.get_by_label(portal.word("card.INT"), exact=True).check()
    assert total(portal) == "1 483,02"
    expect(portal.page.locator("input[type=radio]:checked")).to_have_count(1)


def test_reload(portal: Portal) -> None:
    """A reload keeps everything that was chosen and brings fresh dues with the session."""
    main = portal.at_dues(dues=THREE, unpaid_count=4)
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    portal.page.get_by_label(portal.word("card.INT"), exact=True).check()
    main.locator("#email").fill("a@example.ma")
    main.locator("#terms").check()
    assert "lookup" not in portal.asked
    portal.page.reload()
    expect(main.locator("#email")).to_have_value("a@example.ma")
    assert ticked(portal) == ["2018-2-A"]
    expect(portal.page.get_by_label(portal.word("card.INT"), exact=True)).to_be_checked()
    expect(main.locator("#terms")).to_be_checked()
    assert portal.asked["lookup"] == [{"session": "session-1"}]


def test_reading_the_terms(portal: Portal) -> None:
    """The terms open in the same tab, and Back finds everything as it was left."""
    main = portal.at_dues(dues=THREE)
    portal.page.get_by_role("button", name=portal.word("dues.all")).click()
    main.get_by_role("link", name=portal.word("creance.terms.link")).click()
    portal.page.wait_for_url("**/conditions/")
    portal.page.go_back()
    expect(portal.page.locator(".tick-box:checked")).to_have_count(3)


def test_a_reload_without_network(portal: Portal) -> None:
    """The dues last seen stay on the page, with the reason why they are not fresh."""
    main = portal.at_dues()
    portal.answers["lookup"] = [lost]
    portal.page.reload()
    expect(portal.focused).to_contain_text(portal.word("error.offline"))
    assert total(portal) == "1 467,06"
    expect(main.locator("tbody tr")).to_have_count(1)


def test_leaving(portal: Portal) -> None:
    """« Terminer » forgets everything and goes home."""
    portal.at_dues()
    portal.page.get_by_role("button", name=portal.word("finish.button")).click()
    portal.page.wait_for_url("**/fr/")
    assert portal.page.evaluate("sessionStorage.length") == 0


@EVERY_LANGUAGE
def test_language_switch_keeps_the_choice(portal: Portal) -> None:
    """The other language shows the same dues, ticks, e-mail and terms."""
    main = portal.at_dues(dues=THREE)
    portal.page.get_by_role("button", name=portal.word("dues.oldest")).click()
    main.locator("#email").fill("a@example.ma")
    other = "ar" if portal.language == "fr" else "fr"
    portal.page.locator(f"[data-module=language-switch] a[data-language={other}]").click()
    portal.page.wait_for_url(f"**/{other}/assure/creance/")
    expect(main.locator("#email")).to_have_value("a@example.ma")
    assert ticked(portal) == ["2018-2-A"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_table_to_a_screen_reader(portal: Portal, width: int) -> None:
    """Cards on a phone are rows of a table all the same, under its headings (WCAG 1.3.1)."""
    portal.page.set_viewport_size({"width": width, "height": 740})
    main = portal.at_dues(dues=THREE)
    heard = main.get_by_role("table", name=portal.word("dues.heading"))
    expect(heard.get_by_role("row")).to_have_count(5)
    expect(heard.get_by_role("columnheader")).to_have_count(6)
    expect(heard.get_by_role("row").nth(1).get_by_role("cell")).to_have_count(6)
