"""What an operator types to settle by CMI's word: which transaction, and of which day."""

from datetime import date, datetime, timedelta

import pytest

from functions.shared.aws import ledger
from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.orders import OrderState
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, stands, state
from tests.portal import Json, Portal

STARTED = "2020-05-05 21:50:51"


def settle(order: Json, *more: str) -> list[str]:
    """Give a command that settles an order to paid."""
    typed = ["settle", order["reference"], "paid", "--evidence", "list of 5 May"]
    return [*typed, *([] if "--trans-id" in more else ["--trans-id", "T1"]), *more]


@pytest.mark.parametrize(
    ("told", "paid_at"),
    [
        ("2020-05-05 21:55", "2020-05-05 21:55:00"),
        ("2020-05-05 21:55:07", "2020-05-05 21:55:07"),
        ("2020-05-05", STARTED),
        ("2020-05-05 20:00", STARTED),
        ("2020-05-06", "2020-05-06 00:00:00"),
    ],
)
def test_day_of_capture(portal: Portal, asvi: Desk, told: str, paid_at: str) -> None:
    """A payment settled days later is in the accounts of the day that CMI's side shows."""
    order = portal.checkout().json
    portal.now += timedelta(days=3)
    shown = asvi.does(*settle(order, "--captured-at", told))
    expected = datetime.fromisoformat(paid_at).replace(tzinfo=CASABLANCA)
    assert f"in the accounts of {expected.date()}" in shown
    assert stands(order).paid_at == expected
    assert [one.reference for one in ledger.paid_on(expected.date())] == [order["reference"]]


def test_same_day_as_the_bank(portal: Portal, asvi: Desk) -> None:
    """What was settled with the bank's day matches the bank's list of that day."""
    order, at = portal.checkout().json, portal.now
    portal.now += timedelta(days=1)
    asvi.does(*settle(order, "--captured-at", "2020-05-05"))
    file = asvi.folder / "captured.csv"
    asvi.does("compare", listed(file, entry(order["reference"], at=at)), "--day", "2020-05-05")
    assert report(file) == [("matched", "T1", "")]


def test_today(portal: Portal, asvi: Desk) -> None:
    """Where nobody knows when CMI captured, the question says for which day it will be booked."""
    order = portal.checkout().json
    portal.now += timedelta(days=1)
    result = asvi(*settle(order), answer="n\n")
    assert "name its day by --captured-at" in result.output
    assert "in the accounts of 2020-05-06" in result.output
    assert state(order) is OrderState.OPEN
    asvi.does(*settle(order))
    assert stands(order).paid_at == portal.now


def test_accepted(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """A payment that was accepted belongs to that day, or to the one that CMI's side shows."""
    portal.now += timedelta(days=3)
    told = asvi(*settle(capturing), answer="n\n").output
    assert "in the accounts of 2020-05-05" in told
    assert "--captured-at" not in told
    asvi.does(*settle(capturing, "--captured-at", "2020-05-06 00:01"))
    assert [one.reference for one in ledger.paid_on(date(2020, 5, 6))] == [capturing["reference"]]


@pytest.mark.parametrize(
    ("told", "why"),
    [("2020-05-04", "it began on 2020-05-05"), ("2020-05-06 21:51", "a time to come")],
)
def test_impossible_time(portal: Portal, asvi: Desk, told: str, why: str) -> None:
    """No capture is older than the day of its payment, nor yet to come."""
    order = portal.checkout().json
    portal.now += timedelta(days=1)
    assert why in asvi.refused(*settle(order, "--captured-at", told))


def test_released_is_not_captured(asvi: Desk, capturing: Json) -> None:
    """The time of a capture goes with paid alone."""
    typed = ["settle", capturing["reference"], "released", "--evidence", "void"]
    told = asvi.refused(*typed, "--captured-at", "2020-05-05")
    assert "--captured-at is for paid" in told


@pytest.mark.parametrize("told", ["", "5 May", "2020-13-01", "21:50", "2020-05-05T21:50+05:00"])
def test_no_time(asvi: Desk, capturing: Json, told: str) -> None:
    """A time that is none, or another clock's, is refused before anything is read."""
    assert asvi(*settle(capturing, "--captured-at", told), "--yes").exit_code == 2
    assert state(capturing) is OrderState.CAPTURING


@pytest.mark.parametrize("trans_id", ["", " ", "=1+1\n", "T 1", "T1;", "x" * 65, "x" * 1100, "١"])
def test_no_transaction(portal: Portal, asvi: Desk, trans_id: str) -> None:
    """What CMI could not have named is no transaction, and nothing is paid by it."""
    order = portal.checkout().json
    result = asvi(*settle(order, "--trans-id", trans_id), "--yes")
    assert result.exit_code == 2
    assert "1 to 64 letters" in result.output
    assert state(order) is OrderState.OPEN


def test_pasted(portal: Portal, asvi: Desk) -> None:
    """Spaces that were pasted along are no part of a transaction: the list matches afterwards."""
    order, at = portal.checkout().json, portal.now
    asvi.does(*settle(order, "--trans-id", " T1\n"))
    assert stands(order).trans_id == "T1"
    portal.now += NEXT_DAY
    asvi.does("compare", listed(asvi.folder / "x.csv", entry(order["reference"], at=at)))


@pytest.mark.parametrize("number", ["CNSS2020X77", "4319027188520", "43190271885205"])
def test_not_ours(portal: Portal, asvi: Desk, number: str) -> None:
    """A matter about a number that is none of ours is looked at and closed like any other."""
    name = listed(asvi.folder / "captured.csv", entry(number, "T9", at=portal.now))
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert "CMI tells of one" in asvi.does("show", number)
    asvi.does("done", number, "--why", "another service of the fund")
    assert asvi.does("queue").strip() == EMPTY
    assert "another service of the fund" in asvi.does("show", f" {number[:4]} {number[4:]}")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("123", "too short"),
        ("431902718852040", "too long"),
        ("43190271885205", "check digits"),
        ("abc", "not digits"),
    ],
)
def test_mistyped(asvi: Desk, typed: str, wrong: str) -> None:
    """Where nothing is known under a number, what is wrong with it as a reference is said."""
    result = asvi("show", typed)
    assert (result.exit_code, wrong in result.output) == (2, True)
    assert "waits in the queue" in asvi.refused("done", typed, "--why", "x")


@pytest.mark.parametrize("command", ["settle", "uncapture", "refund", "resend", "forget"])
def test_only_ours(asvi: Desk, command: str) -> None:
    """Commands that move a payment take a reference of ours alone."""
    typed = ["paid", "--evidence", "x"] if command == "settle" else ["--why", "x"]
    assert asvi(command, "CNSS2020X77", *typed, "--yes").exit_code == 2


@pytest.mark.parametrize("typed", ["", "x" * 65, "a/b", "../x", "é"])
def test_no_number(asvi: Desk, typed: str) -> None:
    """What no list can hold is refused before anything is read."""
    assert asvi("show", typed).exit_code == 2
    assert asvi("done", typed, "--why", "x", "--yes").exit_code == 2
