"""The restore drill: the table is lost in mid-run, and comes back as it was an hour before."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from functions.shared import settings
from functions.shared.aws import ledger, table
from functions.shared.rules.orders import Due, DueState, OrderState
from tests.drills.conftest import Bank
from tests.handlers.test_letter import letters
from tests.ops.bank import EMPTY, report
from tests.ops.conftest import Desk, state
from tests.portal import ACCOUNT, GOLDEN, Json, Portal, forget_facts
from tools.refill import refill

PAID, SINCE, UNKNOWN, FREE = (
    Due(number, 2020, 1, 145110, f"R{number}", ACCOUNT)
    for number in ("100000001", "100000002", "100000003", "100000004")
)
FILE = "registration_number,year,quarter,amount_dh,reference,account,paid_on\n"
RESTORED = "restored"


@pytest.fixture
def drill(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Give four numbers that owe a quarter each, without CMI's API."""
    monkeypatch.setenv("STATUS_API", "off")
    with patch.dict(os.environ):
        yield portal.load(PAID, SINCE, UNKNOWN, FREE)
    forget_facts()


def switch(payments: str) -> None:
    """Deploy with another word for the template's parameter `Payments`."""
    os.environ["PAYMENTS"] = payments
    settings.read.cache_clear()


def checked_out(portal: Portal, due: Due) -> Json:
    """Start a payment of a number's quarter."""
    order: Json = portal.checkout(portal.first_lookup(due.registration_number).json).json
    return order


def restore(exported: list[table.Row]) -> None:
    """Restore beside, as AWS does, and refill the table that serves from there."""
    client, serving = table.client(), table.name()
    keys: Any = [("pk", "HASH"), ("sk", "RANGE")]
    client.create_table(
        TableName=RESTORED,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
    )
    for row in exported:
        client.put_item(TableName=RESTORED, Item=table.typed(row))
    put, gone, same = refill(client, RESTORED, serving)
    assert (put > 0, gone > 0, same > 0) == (True, True, True)
    assert refill(client, RESTORED, serving) == (0, 0, put + same)
    client.delete_table(TableName=RESTORED)
    forget_facts()


def swept(portal: Portal) -> None:
    """Let the schedules run for a while."""
    for _ in range(4):
        portal.now += timedelta(minutes=15)
        for function in ("SettlementFunction", "LetterFunction"):
            portal.invoke(function, {"sweep": True})


def due_state(due: Due) -> DueState:
    """Give the state of a number's quarter as it stands."""
    rows = ledger.of_number(due.registration_number)
    (row,) = [row for row in rows if row["sk"].startswith("DUE#")]
    return DueState(row["state"])


def marked_paid(folder: Path, due: Due) -> str:
    """Write the core system's file that says that a quarter was paid; give its name."""
    cells = (due.registration_number, due.year, due.quarter, "1451.10", due.reference, due.account)
    file = folder / "paid.csv"
    file.write_text(FILE + ",".join(map(str, cells)) + ",2020-05-05\n")
    return str(file)


def test_restored(drill: Portal, bank: Bank, asvi: Desk, tmp_path: Path) -> None:
    """Nothing is debited twice, nothing that CMI captured is lost, everybody can go on paying."""
    # Before the backup: one payment is done, two are on CMI's page.
    done, since, late = (checked_out(drill, due) for due in (PAID, SINCE, FREE))
    assert bank.pay(done, "T1") == "ACTION=POSTAUTH"
    drill.stream()
    exported = drill.rows()
    # Since: one of them is paid, and another payment begins and is paid.
    drill.now += timedelta(minutes=20)
    unknown = checked_out(drill, UNKNOWN)
    assert bank.pay(since, "T2") == bank.pay(unknown, "T3") == "ACTION=POSTAUTH"
    drill.stream()
    assert len(letters()) == 3

    switch("frozen")
    restore(exported)
    assert due_state(SINCE) is due_state(UNKNOWN) is DueState.UNPAID  # which is not true
    again = drill.first_lookup(SINCE.registration_number).json
    assert drill.checkout(again).code == "closed"
    assert bank.pay(late, "T4") == "FAILURE"
    swept(drill)
    assert len(letters()) == 3

    drill.now += timedelta(hours=6)
    assert asvi("compare", bank.list_of_the_day()).exit_code == 1
    assert report(tmp_path / "captured.csv") == [
        ("matched", "T1", ""), ("missing here", "T2", "settled"), ("missing here", "T3", "queued"),
    ]  # fmt: skip
    assert (state(done), state(since)) == (OrderState.PAID, OrderState.PAID)
    assert "CMI captured for an order unknown here" in asvi.does("queue")
    asvi.does("import", marked_paid(tmp_path, UNKNOWN))
    asvi.does("done", unknown["reference"], "--why", "found in CMI's back office, marked paid")
    assert asvi.does("queue").strip() == EMPTY

    switch("open")
    swept(drill)
    _everything_holds(drill, bank)
    _free_to_pay(drill, bank, late)


def _everything_holds(portal: Portal, bank: Bank) -> None:
    """Each quarter that CMI captured is paid here, once; letters are one a payment, or one more."""
    assert [due_state(due) for due in (PAID, SINCE, UNKNOWN, GOLDEN)] == [
        "paid", "paid", "paid", "unpaid",
    ]  # fmt: skip
    assert len({one.oid for one in bank.captured}) == len(bank.captured) == 3
    paid = ledger.paid_on(portal.now.date()) + ledger.paid_on(bank.captured[0].at.date())
    assert {one.trans_id for one in paid} == {"T1", "T2"}
    # The letter of T2 went out before and after the table was lost: nobody could know.
    assert len(letters()) == 4


def _free_to_pay(portal: Portal, bank: Bank, late: Json) -> None:
    """Whoever was refused meanwhile pays now; whoever paid has nothing left to pay."""
    order = checked_out(portal, FREE)
    assert order["reference"] != late["reference"]
    assert bank.pay(order, "T5") == "ACTION=POSTAUTH"
    for due in (PAID, SINCE, UNKNOWN, FREE):
        listed = portal.first_lookup(due.registration_number).json
        assert listed["dues"] == [] or {one["state"] for one in listed["dues"]} == {"paid"}
