"""A table restored from yesterday's backup: frozen, compared with CMI's list, opened (event 107)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.intake.lines import COLUMNS
from functions.shared import settings
from functions.shared.aws import table
from functions.shared.rules.orders import DueState, OrderState
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, state
from tests.portal import GOLDEN, Json, Portal

SECOND = replace(GOLDEN, quarter=2, reference="BPC2020020004319")
QUARTERS = {1: GOLDEN, 2: SECOND}
Switch = Callable[[str], None]


@pytest.fixture
def payments(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Switch:
    """Give the switch of the template's parameter."""
    assert portal.functions

    def switch(stage: str) -> None:
        monkeypatch.setenv("PAYMENTS", stage)
        settings.read.cache_clear()

    return switch


def order_of(portal: Portal, quarter: int) -> Json:
    """Start paying one of the two quarters."""
    chosen = [QUARTERS[quarter].id]
    order: Json = portal.checkout(seen_total_centimes=146706, due_ids=chosen).json
    return order


def restored(portal: Portal, backup: list[table.Row]) -> None:
    """Put the table back to what a backup holds."""
    for row in portal.rows():
        table.client().delete_item(
            TableName=table.name(), Key=table.typed_key((row["pk"], row["sk"]))
        )
    for row in backup:
        table.client().put_item(TableName=table.name(), Item=table.typed(row))


def core_file(folder: Path) -> str:
    """Write the core system's file that says that the second quarter was paid."""
    line = f"{SECOND.registration_number},2020,2,1451.10,{SECOND.reference},{SECOND.account},"
    file = folder / "dues.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{line}2020-05-05\n")
    return str(file)


def test_restored(portal: Portal, asvi: Desk, payments: Switch, tmp_path: Path) -> None:
    """No quarter that was debited since the backup can be debited again, at any moment (event 107)."""
    portal.load(SECOND)
    first, rival = order_of(portal, 1), order_of(portal, 1)
    backup = portal.rows()
    second = order_of(portal, 2)
    for order, trans_id in ((first, "T1"), (second, "T2")):
        assert portal.verdict(order, TransId=trans_id).text == "ACTION=POSTAUTH"
    cmi = [
        entry(first["reference"], "T1", at=portal.now),
        entry(second["reference"], "T2", at=portal.now),
    ]
    restored(portal, backup)
    portal.now += NEXT_DAY

    payments("frozen")
    assert portal.due_states() == [DueState.UNPAID, DueState.UNPAID]
    assert portal.checkout().code == "closed"
    assert portal.verdict(rival, TransId="T9").text == "FAILURE"
    assert {portal.receipt(one).code for one in (first, second)} == {"unavailable"}

    file = tmp_path / "captured.csv"
    assert asvi("compare", listed(file, *cmi)).exit_code == 1
    assert report(file) == [("missing here", "T1", "settled"), ("missing here", "T2", "queued")]
    asvi.does("import", core_file(tmp_path))
    asvi.does("done", second["reference"], "--why", "paid in the core system's file")
    assert asvi.does("queue").strip() == EMPTY

    payments("open")
    assert state(first) is OrderState.PAID
    assert portal.due_states() == [DueState.PAID, DueState.PAID]
    assert portal.first_lookup().json["dues"] == []
    assert portal.verdict(rival, TransId="T9").text == "APPROVED"
    assert portal.receipt(first).json["state"] == "paid"


def test_compared_again(portal: Portal, asvi: Desk, payments: Switch, tmp_path: Path) -> None:
    """Comparing the same list twice over changes nothing the second time (event 107)."""
    order = order_of(portal, 1)
    backup = portal.rows()
    portal.verdict(order)
    cmi = entry(order["reference"], at=portal.now + timedelta(seconds=1))
    restored(portal, backup)
    portal.now += NEXT_DAY
    payments("frozen")
    name = listed(tmp_path / "captured.csv", cmi)
    assert asvi("compare", name).exit_code == 1
    before = portal.rows("ORDER#")
    assert asvi("compare", name).exit_code == 0
    assert portal.rows("ORDER#") == before
