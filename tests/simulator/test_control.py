from __future__ import annotations

import csv
import io

import pytest

from cmi_simulator import cards
from cmi_simulator.settings import Settings
from tests.simulator.shop import KEY, Receiver, Shop, problem


def test_cards(shop: Shop) -> None:
    """The list names every card with its outcome, code and sentence; both approved ones first."""
    listed = list(shop.client.get("/cards.json").json or [])
    assert [row["number"] for row in listed[:2]] == ["4000000000000010", "5453010000066100"]
    assert {row["code"] for row in listed} == {
        "00",
        "51",
        "61",
        "57",
        "14",
        "54",
        "05",
        "91",
        "82",
        "99",
        "",
    }
    assert all(row.keys() == {"number", "outcome", "code", "what"} for row in listed)
    assert len({row["outcome"] for row in listed}) == len(listed) - 1


@pytest.mark.parametrize("card", cards.CARDS, ids=lambda card: card.number)
def test_card_numbers(card: cards.Card) -> None:
    """Every listed number passes the page's own check of digits."""
    assert cards.is_luhn(card.number)
    assert not cards.is_luhn(card.number[:-1] + str((int(card.number[-1]) + 1) % 10))


def test_unknown_fault(shop: Shop) -> None:
    """A misspelt fault is told, with the names that exist."""
    answer = shop.client.post("/faults", json={"name": "callback_thrice", "on": True})
    assert answer.status_code == 404
    assert "callback_twice" in problem(answer)["faults"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nothing",
        "[]",
        '{"name": "callback_twice"}',
        '{"name": "callback_twice", "on": "true"}',
        '{"name": 1, "on": true}',
        '{"name": "callback_late", "on": true, "seconds": "5"}',
        '{"name": "callback_late", "on": true, "seconds": true}',
        '{"name": "callback_late", "on": true, "seconds": 0}',
        '{"name": "callback_late", "on": true, "seconds": 601}',
        '{"name": "callback_late", "on": true, "seconds": NaN}',
        '{"name": "callback_twice", "on": true, "seconds": 5}',
    ],
)
def test_bad_switch(shop: Shop, body: str) -> None:
    """A body that is no switch changes nothing and is answered 400."""
    answer = shop.client.post("/faults", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert problem(answer)["code"]
    assert not any(row["on"] for row in shop.client.get("/faults").json or [])


def test_switch(shop: Shop) -> None:
    """A fault goes on, keeps its length, and goes off; the answer is the switchboard."""
    on = shop.client.post("/faults", json={"name": "callback_late", "on": True, "seconds": 7})
    assert [r for r in on.json or [] if r["on"]] == [
        {
            "name": "callback_late",
            "on": True,
            "what": shop.bank.faults.listing()[2]["what"],
            "seconds": 7,
        }
    ]
    off = shop.client.post("/faults", json={"name": "callback_late", "on": False})
    assert not any(row["on"] for row in off.json or [])


def test_home(shop: Shop) -> None:
    """People find cards, switches and ledger on one page."""
    shop.pay()
    page = shop.client.get("/").text
    for text in (
        "4000000000510000",
        "callback_twice_at_once",
        "43190271885204",
        "1467.06",
        "captured",
    ):
        assert text in page


def test_home_switches(shop: Shop) -> None:
    """The page's plain forms switch a fault and come back to the page."""
    form = {"name": "callback_late", "on": "true", "seconds": "3.5"}
    answer = shop.client.post("/faults", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert shop.bank.faults.seconds("callback_late") == 3.5
    shop.client.post("/faults", data=form | {"on": "false"})
    assert not shop.bank.faults.on("callback_late")


def test_reset(shop: Shop) -> None:
    """A reset empties ledger and switchboard, closes card pages, and unburns the order."""
    page = shop.open()
    shop.pay()
    shop.fault("gateway_down")
    assert shop.client.post("/reset").json == {"status": "ok"}
    assert shop.ledger() == []
    assert shop.press(page).status_code == 404
    assert shop.open().status_code == 200


def test_reset_from_the_page(shop: Shop) -> None:
    """The button comes back to the page."""
    answer = shop.client.post("/reset", data={"page": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_reset_reaches_the_portal(receiver: Receiver) -> None:
    """With the portal's address, both sides go back together."""
    shop = Shop(Settings(store_key=KEY, reset_url=f"{receiver.url}/_local/reset"), receiver)
    assert shop.client.post("/reset").status_code == 200
    assert receiver.posts == [{}]


def test_reset_says_when_the_portal_fails(receiver: Receiver) -> None:
    """When the portal does not reset, the caller learns it and the bank's side is empty."""
    receiver.status = 500
    shop = Shop(Settings(store_key=KEY, reset_url=receiver.url), receiver)
    shop.bank.faults.switch("form_twice", on=True)
    answer = shop.client.post("/reset")
    assert (answer.status_code, problem(answer)["code"]) == (502, "portal_not_reset")
    assert not shop.bank.faults.on("form_twice")


def test_captured_list(shop: Shop) -> None:
    """The day's list has what was captured that day in Casablanca, and nothing else."""
    shop.pay(oid="A1")
    shop.pay("4000000000510000", oid="A2")
    shop.pay(oid="A3")
    with shop.bank.lock:
        shop.bank.ledger.void(shop.bank.ledger.entries[2], shop.moment)
    shop.later(days=1)
    shop.pay(oid="A4", amount="0.05")
    text = shop.client.get("/captured.csv?day=2020-05-05").text
    trans_id = shop.ledger()[0]["trans_id"]
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["date", "oid", "trans_id", "montant", "devise", "carte"],
        ["2020-05-05 21:50:51", "A1", trans_id, "1467.06", "MAD", "4000 00** **** 0010"],
    ]
    assert ";A4;" in shop.client.get("/captured.csv").text


def test_captured_list_of_no_day(shop: Shop) -> None:
    """A day that is none is told."""
    assert problem(shop.client.get("/captured.csv?day=2020-02-30"))["status"] == 400


@pytest.mark.parametrize("address", ["/nothing", "/fim", "/ledger"])
def test_unknown_address(shop: Shop, address: str) -> None:
    """Any other address is a plain 404."""
    assert problem(shop.client.get(address))["code"] == "not_found"
