"""A day's payments for the accountants."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cmi_simulator.captured import listing
from functions.shared.aws import dues, ledger, table
from functions.shared.rules.sheets import sheet
from ops.exporting import HEADER
from tests.handlers.wire import quarters
from tests.ops.bank import entry
from tests.ops.conftest import Desk, stands
from tests.portal import GOLDEN, Json, Portal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where the accountants' file goes."""
    return tmp_path / "paid.csv"


def exported(asvi: Desk, file: Path, day: str) -> list[dict[str, str]]:
    """Export a day and read it back."""
    asvi.does("export", str(file), "--day", day)
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_golden(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """The worked example: a line for the quarter, one for the fee, one for the total."""
    portal.now += timedelta(days=1)
    lines = exported(asvi, file, "2020-05-05")
    common = f"2020-05-05,2020-05-05 21:50:51,{paid['reference']},T1,paid,123456789"
    assert file.read_bytes().decode() == "\r\n".join(
        [
            ",".join(HEADER),
            f"{common},contribution,2020,1,202001,BPC2020010004319,BPC pour encaissements ASVI,LOC,1451.10,",
            f"{common},fee,2020,5,202005,{lines[1]['due_reference']},Frais de traitement,LOC,15.96,",
            f"{common},total,,,,,,LOC,,1467.06",
            "",
        ]
    )
    assert file.stat().st_mode & 0o077 == 0


def test_totals_are_the_comparisons(portal: Portal, asvi: Desk, file: Path) -> None:
    """Lines add up to totals, totals to what CMI lists, to the centime (event 124)."""
    portal.load(*quarters(40, 99_999))
    entries = []
    for number in range(4):
        seen = portal.first_lookup().json
        chosen = seen | {"dues": seen["dues"][: 3 * number + 1]}
        order = portal.checkout(chosen).json
        portal.verdict(order, TransId=f"T{number}")
        entries.append(
            entry(order["reference"], f"T{number}", order["total_centimes"], at=portal.now)
        )
    lines = exported(asvi, file, "2020-05-05")
    total = sum(Decimal(line["total_dh"]) for line in lines if line["row"] == "total")
    assert sum(Decimal(line["amount_dh"]) for line in lines if line["row"] != "total") == total
    name = file.with_name("captured.csv")
    name.write_text(listing(entries), newline="")
    assert f"CMI: 4 captures, {total} DH" in asvi.does("compare", str(name))


def test_day_is_moroccos(portal: Portal, asvi: Desk, file: Path) -> None:
    """A payment late in the evening by UTC is the next day's in Casablanca, outside Ramadan."""
    portal.now = portal.now.replace(month=6, day=30, hour=23, minute=30)
    order = portal.checkout().json
    portal.verdict(order)
    assert exported(asvi, file, "2020-06-30") == []
    lines = exported(asvi, file, "2020-07-01")
    assert {line["paid_at"] for line in lines} == {"2020-07-01 00:30:51"}


def test_refunded(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """A refund stays on the day of its payment, marked; what was never captured is left out."""
    asvi.does("refund", paid["reference"], "--why", "twice")
    assert {line["state"] for line in exported(asvi, file, "2020-05-05")} == {"refunded"}
    again = portal.checkout().json
    portal.verdict(again)
    asvi.does("uncapture", again["reference"], "--why", "list")
    assert {line["reference"] for line in exported(asvi, file, "2020-05-05")} == {paid["reference"]}


def test_formulas(portal: Portal, asvi: Desk, file: Path) -> None:
    """No cell is taken for a formula, whatever the data holds; amounts stay numbers (event 118)."""
    (kept,) = [row for row in portal.rows("REG#") if row["sk"].startswith("DUE#")]
    dangerous = replace(GOLDEN, account='=HYPERLINK("http://evil","x")')
    assert dues.load(dangerous, portal.now) == "loaded"
    order = portal.checkout().json
    portal.verdict(order, TransId="T1")
    line, fee, total = exported(asvi, file, "2020-05-05")
    assert line["account"] == '\'=HYPERLINK("http://evil","x")'
    assert (line["amount_dh"], fee["amount_dh"], total["total_dh"]) == (
        "1451.10",
        "15.96",
        "1467.06",
    )
    assert kept["account"] == GOLDEN.account


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝"])
def test_every_sign(sign: str) -> None:
    """Each sign that a spreadsheet computes from gets an apostrophe; quoting is RFC 4180's."""
    written = sheet([[f'{sign}1"2,3', 5, "1467.06", ""]])
    assert written.endswith(",5,1467.06,\r\n")
    assert next(csv.reader([written], strict=True))[0].startswith("'")
    assert '""' in written


def test_nothing_paid(asvi: Desk, file: Path) -> None:
    """A day without payments is a file with its header alone."""
    assert exported(asvi, file, "2020-05-01") == []
    assert file.read_text().strip() == ",".join(HEADER)


def test_unfinished_day(asvi: Desk, paid: Json, file: Path) -> None:
    """Today's file is warned of: it lacks what is still to come."""
    assert "not over" in asvi.does("export", str(file), "--day", "2020-05-05")
    assert stands(paid).total_centimes == 146706


def test_many_pages(portal: Portal, paid: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is whole however many pages its index has."""
    real = table.client().query

    def paged(**asked: Any) -> object:  # noqa: ANN401 - botocore's shape
        return real(**(asked | {"Limit": 1}))

    monkeypatch.setattr(table.client(), "query", paged)
    assert [one.reference for one in ledger.paid_on(date(2020, 5, 5))] == [paid["reference"]]
    assert portal.due_states()
