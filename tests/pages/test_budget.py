"""« Somme dont vous disposez »: the oldest quarters that it pays for, the fee included."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.pages.expectations import EVERY_LANGUAGE, ticked, total
from tests.pages.portal import SAMPLES, Portal

# 999.90 of 2018-2, 1100.10 of 2019-3, 1200.00 of 2019-4; 2019-1 is being confirmed.
THREE = SAMPLES["three_dues"]
OLDEST_CENTIMES = 101_090
TWO_CENTIMES = 212_310
ALL_CENTIMES = 333_630
IDS = ["2018-2-A", "2019-3-D", "2019-4-C"]


def asked(portal: Portal, typed: str, **changes: Any) -> Locator:  # noqa: ANN401 - any fact
    """Open the dues, type a sum and press the button; give what is said of it."""
    main = portal.at_dues(dues=THREE, unpaid_count=4, **changes)
    main.locator("#budget").fill(typed)
    portal.page.get_by_role("button", name=portal.word("budget.button")).click()
    return main.locator("[data-slot=outcome]")


def dirhams(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02d}"


@EVERY_LANGUAGE
def test_what_fits(portal: Portal) -> None:
    """3 000 DH: two quarters are ticked; how many, their cost and what is left are said politely."""
    outcome = asked(portal, "3000")
    assert ticked(portal) == IDS[:2]
    expect(outcome).to_have_attribute("role", "status")
    for fact in ("2", r"2.123[.,]10", r"876[.,]90"):
        expect(outcome).to_have_text(re.compile(fact))
    assert re.fullmatch(r"2.123[.,]10", total(portal))
    expect(portal.main.locator("[data-slot=said]")).to_be_empty()


@pytest.mark.parametrize(
    ("centimes", "count"),
    [
        (OLDEST_CENTIMES, 1),
        (TWO_CENTIMES - 1, 1),
        (TWO_CENTIMES, 2),
        (ALL_CENTIMES - 1, 2),
        (ALL_CENTIMES, 3),
        (99_999_999, 3),
    ],
)
def test_to_the_centime(portal: Portal, centimes: int, count: int) -> None:
    """A sum that pays for so many quarters and their fee ticks so many; a centime less, one fewer."""
    asked(portal, dirhams(centimes))
    assert ticked(portal) == IDS[:count]


@EVERY_LANGUAGE
def test_none_fits(portal: Portal) -> None:
    """Too little for the oldest ticks nothing, unticks the rest, and says how much is needed."""
    outcome = asked(portal, dirhams(OLDEST_CENTIMES - 1))
    expect(outcome).to_have_text(re.compile(r"1.010[.,]90"))
    portal.page.get_by_role("button", name=portal.word("dues.all")).click()
    expect(outcome).to_be_empty()
    portal.page.get_by_role("button", name=portal.word("budget.button")).click()
    assert ticked(portal) == []


@pytest.mark.parametrize(
    "typed",
    ["3 000", "3000 DH", "٣٠٠٠", "۳۰۰۰", "3.000,00", "3,000.00", "3\u202f000,00 dhs", "٣٬٠٠٠٫٠٠ درهم",
     "3'000", "\u200f3000\u200e", "3000,5"],
)  # fmt: skip
def test_sums_as_people_write_them(portal: Portal, typed: str) -> None:
    """Groups, commas, points, the currency and the digits of Arabic keyboards are read."""
    asked(portal, typed)
    assert ticked(portal) == IDS[:2]


@pytest.mark.parametrize(
    "typed", ["", "0", "0,00", "abc", "-3000", "3,1415", "1 2,", "12345678901"]
)
def test_no_sum(portal: Portal, typed: str) -> None:
    """What is no sum is said beside the field and in the summary, and changes no tick."""
    outcome = asked(portal, typed)
    sentence = portal.word("error.budget_unread")
    expect(portal.main.locator("#budget-error")).to_have_text(sentence)
    expect(portal.focused).to_contain_text(sentence)
    assert portal.title.startswith(portal.word("error.title"))
    expect(outcome).to_be_empty()
    assert ticked(portal) == []


def test_fee_of_the_other_card(portal: Portal) -> None:
    """The fee that must fit is that of the card chosen."""
    dear = {"LOC": {"rate": "0.01", "vat": "0.10"}, "INT": {"rate": "0.10", "vat": "0.10"}}
    asked(portal, dirhams(OLDEST_CENTIMES), fees=dear)
    assert ticked(portal) == IDS[:1]
    portal.page.get_by_label(portal.word("card.INT"), exact=True).check()
    expect(portal.main.locator("[data-slot=outcome]")).to_be_empty()
    portal.page.get_by_role("button", name=portal.word("budget.button")).click()
    assert ticked(portal) == []


def test_only_what_is_unpaid(portal: Portal) -> None:
    """A quarter that is being confirmed is never ticked, however much there is."""
    asked(portal, "900000")
    assert ticked(portal) == IDS
    expect(portal.main.locator("tr[data-state=confirming] input")).to_have_count(0)


def test_enter_asks_this_question(portal: Portal) -> None:
    """Enter in the field ticks, and sends nothing."""
    main = portal.at_dues(dues=THREE)
    main.locator("#budget").fill("3000")
    main.locator("#budget").press("Enter")
    assert ticked(portal) == IDS[:2]
    assert "checkout" not in portal.asked
    assert portal.kept("choice")["due_ids"] == IDS[:2]


def test_one_quarter_needs_no_sum(portal: Portal) -> None:
    """With one quarter to pay there is nothing to choose, and no such question."""
    main = portal.at_dues()
    expect(main.locator("#budget")).to_be_hidden()
