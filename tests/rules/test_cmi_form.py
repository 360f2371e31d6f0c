"""The form for CMI: what it carries, and what must never be in it."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_simulator import hash as bank_hash
from functions.shared.rules.cmi.form import MOST_ITEMS, Merchant, signed_form
from functions.shared.rules.languages import LANGUAGES, Language
from functions.shared.rules.money import centimes, dirhams
from functions.shared.rules.orders import Line, Order
from tests.rules.samples import KEY, LINES, MERCHANT, ORDER, REFERENCE, order, quarters

FEE = LINES[1]


def _items(of: Order) -> list[dict[str, str]]:
    """Give the form's numbered items, as CMI's page lists them."""
    form = signed_form(of, MERCHANT, KEY)
    names = ("ItemNumber", "ProductCode", "Qty", "Desc", "Id", "Price", "Total")
    count = sum(name.startswith("ItemNumber") for name in form)
    return [{name: form[f"{name}{n}"] for name in names} for n in range(1, count + 1)]


def _total(items: list[dict[str, str]]) -> int:
    return sum(centimes(item["Total"]) or 0 for item in items)


def test_golden_form() -> None:
    """The published example, field by field in the kit's letter case, under our hash."""
    form = signed_form(ORDER, MERCHANT, KEY)
    portal = "https://asvi.example.ma"
    assert {name: value for name, value in form.items() if name[-1] not in "12"} == {
        "clientid": "600000001", "storetype": "3D_PAY_HOSTING", "TranType": "PreAuth",
        "amount": "1467.06", "currency": "504", "oid": REFERENCE,
        "okUrl": f"{portal}/cmi/return?l=fr", "failUrl": f"{portal}/cmi/return?l=fr",
        "callbackUrl": f"{portal}/cmi/callback", "shopurl": f"{portal}/cmi/cancel?l=fr",
        "lang": "fr", "rnd": ORDER.rnd, "hashAlgorithm": "ver3", "encoding": "UTF-8",
        "refreshtime": "5", "CallbackResponse": "true", "AutoRedirect": "true",
        "sessiontimeout": "900", "description": f"ASVI {REFERENCE}",
        "email": "payer@example.ma", "BillToName": "Assure ASVI xxxxx6789",
        "BillToCity": "Maroc", "BillToCountry": "504", "tel": "",
        "HASH": bank_hash.sign(form, KEY),
    }  # fmt: skip
    assert form["BillToStreet1"] == "Maroc"
    assert [(one["ProductCode"], one["Desc"], one["Price"]) for one in _items(ORDER)] == [
        ("202001", "BPC pour encaissements ASVI", "1451.10"),
        ("202005", "Frais de traitement", "15.96"),
    ]


def test_same_order_same_form() -> None:
    """A repeated checkout is answered byte for byte (event 26): nothing is drawn here."""
    again = order()
    assert list(signed_form(again, MERCHANT, KEY).items()) == list(
        signed_form(ORDER, MERCHANT, KEY).items()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_language(language: str) -> None:
    """CMI's page speaks the payer's language where it can, and every way back remembers it."""
    form = signed_form(order(language=language), MERCHANT, KEY)
    assert form["lang"] == LANGUAGES[language].gateway
    assert form["lang"] in get_args(Language.__annotations__["gateway"])
    for name in ("okUrl", "failUrl", "shopurl"):
        assert form[name].endswith(f"?l={language}")


def test_insured_person_stays_unnamed() -> None:
    """CMI learns no registration number beyond its last digits, and no name (design.md §2)."""
    for value in signed_form(ORDER, MERCHANT, KEY).values():
        assert "123456789" not in value
        assert "12345" not in value or value == REFERENCE


@pytest.mark.parametrize("language", LANGUAGES)
def test_hazardous_values(language: str) -> None:
    """No value holds `document`, which a sample rewrites, nor a letter outside ASCII (event 34)."""
    form = signed_form(order(language=language, lines=(*quarters(13), FEE)), MERCHANT, KEY)
    for value in form.values():
        assert "document" not in value.lower()
        assert value.isascii()
        assert value == value.strip()


def test_names_differ_by_more_than_case() -> None:
    """Two names that differ by case only would be one to the gateway; `total` is forbidden."""
    form = signed_form(order(lines=(*quarters(8), FEE)), MERCHANT, KEY)
    names = [name.upper() for name in form]
    assert len(set(names)) == len(names)
    assert "TOTAL" not in names
    assert len(form["oid"]) <= 64
    assert re.fullmatch(r"[A-Za-z0-9]+", form["oid"])


@pytest.mark.parametrize("count", [1, 2, 8])
def test_lines_as_they_are(count: int) -> None:
    """Up to nine lines are shown one by one: eight quarters and the fee."""
    lines = (*quarters(count), FEE)
    assert [one["Id"] for one in _items(order(lines=lines))] == [one.reference for one in lines]


def test_thirteen_quarters() -> None:
    """Beyond nine lines CMI is shown one line a year; the amounts stay what they were."""
    lines = (*quarters(13), FEE)
    items = _items(order(lines=lines))
    assert [one["ProductCode"] for one in items] == [
        "201800", "201900", "202000", "202101", "202005",
    ]  # fmt: skip
    assert _total(items) == order(lines=lines).total_centimes
    assert items[0]["Price"] == dirhams(100_000 + 100_001 + 100_002 + 100_003)


@given(
    st.lists(
        st.tuples(st.integers(1990, 2030), st.integers(1, 4), st.integers(1, 10**8)),
        min_size=1, max_size=90,
    ),
    st.booleans(),
)  # fmt: skip
def test_items_add_up(chosen: list[tuple[int, int, int]], free: bool) -> None:
    """Whatever is paid, CMI signs at most nine items, and they add up to the amount, or none."""
    lines = [Line("contribution", *one, "R", "A") for one in sorted(chosen)]
    of = order(lines=(*lines, *([] if free else [FEE])))
    items = _items(of)
    assert len(items) <= MOST_ITEMS
    assert not items or _total(items) == of.total_centimes
    assert centimes(signed_form(of, MERCHANT, KEY)["amount"]) == of.total_centimes
    few_years = len({line.year for line in lines}) < MOST_ITEMS
    assert items or not few_years


def test_items_off() -> None:
    """One setting keeps the lines of the order from CMI, and the amount stands."""
    form = signed_form(
        ORDER, Merchant(MERCHANT.client_id, MERCHANT.portal_url, line_items=False), KEY
    )
    assert not any(name.startswith(("ItemNumber", "Price")) for name in form)
    assert form["amount"] == "1467.06"
    assert bank_hash.matches(form, KEY, form["HASH"])


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_signed_as_posted(account: str) -> None:
    """The hash is over what the browser posts, whatever the fund's data holds (event 34)."""
    line = Line("contribution", 2020, 1, 145110, "R", account)
    form = signed_form(order(lines=(line,)), MERCHANT, KEY)
    assert bank_hash.matches(form, KEY, form["HASH"])
