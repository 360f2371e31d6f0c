"""The file of dues, loaded by the operator."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.intake import loading
from functions.shared.aws import dues
from functions.shared.rules.orders import Due, DueState
from ops import importing
from tests.handlers.wire import lost
from tests.ops.conftest import Desk
from tests.portal import GOLDEN, NUMBER, Json, Portal

HEADER = "registration_number,year,quarter,amount_dh,reference,account,paid_on\n"
LINE = f"{NUMBER},2020,1,1451.10,{GOLDEN.reference},BPC pour encaissements ASVI,\n"
OTHER = "987654321,2020,2,12.00,R2,BPC,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where the file of dues is."""
    return tmp_path / "dues.csv"


def due_rows(portal: Portal) -> list[Json]:
    """Give the dues as they stand in the table."""
    return [row for row in portal.rows("REG#") if row["sk"].startswith("DUE#")]


def test_load(portal: Portal, asvi: Desk, file: Path) -> None:
    """Good lines are loaded, with the file they came from; pages then say how fresh the data is."""
    file.write_text(HEADER + LINE + OTHER)
    assert [line.strip() for line in asvi.does("import", str(file)).splitlines()] == [
        "1 loaded",
        "1 unchanged",
        "0 kept, because they are paid or being confirmed",
    ]
    (due,), _ = dues.of_number("987654321")
    assert (due.amount_centimes, due.state) == (1200, DueState.UNPAID)
    assert [row.get("source") for row in due_rows(portal) if "987654321" in row["pk"]] == [
        "dues.csv"
    ]
    assert dues.data_time() == portal.now


def test_who_loaded_what(portal: Portal, asvi: Desk, file: Path) -> None:
    """Whoever asks later sees which files were loaded, by whom, and what became of their lines."""
    assert "No file was loaded yet." in asvi.does("loads")
    file.write_text(HEADER + LINE + OTHER + "x\n")
    asvi("import", str(file), "--dry-run")
    assert "No file was loaded yet." in asvi.does("loads")
    asvi("import", str(file))
    portal.now += timedelta(days=1)
    file.with_name("later.csv").write_text(HEADER + OTHER)
    asvi.does("import", str(file.with_name("later.csv")), "--who", "karim")
    told = asvi.does("loads")
    assert told.index("later.csv") < told.index("dues.csv")
    assert [name in told for name in ("karim", "amina")] == [True, True]
    assert "1 loaded, 1 unchanged, 1 rejected" in told
    assert "dues.csv" not in asvi.does("loads", "--most", "1")


def test_nobody_says_who(asvi: Desk, file: Path) -> None:
    """Where nobody says who they are, it is the account that ran the command."""
    file.write_text(HEADER + OTHER)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("USER", raising=False)
        patched.setattr("getpass.getuser", lambda: "batch")
        replace(asvi, name="").does("import", str(file))
    assert "batch" in asvi.does("loads")


def test_load_twice(portal: Portal, asvi: Desk, file: Path) -> None:
    """The same file twice changes nothing the second time."""
    file.write_text(HEADER + OTHER)
    asvi.does("import", str(file))
    before = due_rows(portal)
    assert "1 unchanged" in asvi.does("import", str(file))
    assert due_rows(portal) == before


def test_new_amount(portal: Portal, asvi: Desk, file: Path) -> None:
    """A later file corrects an amount; an order made of the old one is then not captured."""
    order = portal.checkout().json
    file.write_text(HEADER + LINE.replace("1451.10", "1500.00"))
    assert "1 loaded" in asvi.does("import", str(file))
    assert portal.verdict(order).text == "APPROVED"
    assert portal.due_states() == [DueState.UNPAID]


def test_paid_elsewhere(portal: Portal, asvi: Desk, file: Path) -> None:
    """A due paid at a counter while its payer was at CMI is not captured (event 76)."""
    order = portal.checkout().json
    file.write_text(HEADER + LINE.replace("ASVI,", "ASVI,2020-05-05"))
    assert "1 loaded" in asvi.does("import", str(file))
    assert portal.verdict(order).text == "APPROVED"
    assert portal.due_states() == [DueState.PAID]
    assert "1 unchanged" in asvi.does("import", str(file))


@pytest.mark.parametrize("paid_on", ["", "2020-05-05"])
def test_held(asvi: Desk, portal: Portal, capturing: Json, file: Path, paid_on: str) -> None:
    """A file never touches a due whose capture is being confirmed (event 77)."""
    file.write_text(HEADER + LINE.replace("1451.10", "9.00").replace("ASVI,", f"ASVI,{paid_on}"))
    before = due_rows(portal)
    assert "1 kept" in asvi.does("import", str(file))
    assert due_rows(portal) == before
    assert portal.receipt(capturing).json["state"] == "confirming"


def test_paid(asvi: Desk, portal: Portal, paid: Json, file: Path) -> None:
    """A file never makes a quarter that was paid here payable again (event 77)."""
    file.write_text(HEADER + LINE)
    before = due_rows(portal)
    assert "1 kept" in asvi.does("import", str(file))
    assert due_rows(portal) == before
    assert portal.receipt(paid).json["state"] == "paid"


def test_rejects(asvi: Desk, file: Path) -> None:
    """Bad lines go to a file beside it, with number, column and reason; good ones are loaded."""
    bad = [LINE.replace(",1,", ",5,"), "=cmd|'/c calc'!A1,x\n", LINE, OTHER, "\n", OTHER]
    file.write_bytes((HEADER + "".join(bad)).encode() + b"\xff\xfe,1\n")
    result = asvi("import", str(file))
    assert result.exit_code == 1
    assert "1 loaded" in result.output
    assert "4 rejected" in result.output
    rejects = file.with_name("dues.csv.rejects.csv")
    with rejects.open(newline="") as opened:
        lines = list(csv.reader(opened))
    assert [line[:3] for line in lines] == [
        ["line", "column", "reason"], ["2", "quarter", "malformed"], ["3", "", "cells"],
        ["7", "", "duplicate"], ["8", "", "encoding"],
    ]  # fmt: skip
    assert lines[2][3] == "'=cmd|'/c calc'!A1,x"
    assert rejects.stat().st_mode & 0o077 == 0
    file.write_text(HEADER + OTHER)
    asvi.does("import", str(file))
    assert not rejects.exists()


def test_dry_run(portal: Portal, asvi: Desk, file: Path) -> None:
    """A dry run checks every line and changes nothing."""
    file.write_text(HEADER + OTHER + "x\n")
    before = portal.rows()
    result = asvi("import", str(file), "--dry-run")
    assert (result.exit_code, portal.rows()) == (1, before)
    assert "1 lines are good" in result.output


def test_older_file(portal: Portal, asvi: Desk, file: Path) -> None:
    """What a newer file states is not undone, and the operator is told."""
    due = Due("987654321", 2020, 2, 2500, "R2", "BPC")
    dues.load(due, portal.now + timedelta(hours=1))
    file.write_text(HEADER + OTHER)
    assert "1 outdated, because a newer file states them" in asvi.does("import", str(file))
    assert dues.of_number("987654321")[0] == [due]
    assert dues.data_time() is None


@pytest.mark.parametrize("content", ["", "a;b\n", LINE])
def test_unusable(portal: Portal, asvi: Desk, file: Path, content: str) -> None:
    """A file of something else is refused whole."""
    file.write_text(content)
    before = portal.rows()
    result = asvi("import", str(file))
    assert (result.exit_code, portal.rows()) == (2, before)
    assert "nothing read" in result.output


def test_too_large(asvi: Desk, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused before it is read."""
    monkeypatch.setattr(importing, "LARGEST_BYTES", 100)
    file.write_text(HEADER + OTHER * 9)
    assert asvi("import", str(file)).exit_code == 2
    assert "too_large" in file.with_name("dues.csv.rejects.csv").read_text()


def test_no_file(asvi: Desk, file: Path) -> None:
    """A file that is not there is unusable."""
    assert asvi("import", str(file)).exit_code == 2


def test_cut_short(portal: Portal, asvi: Desk, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where AWS falls silent in the middle, running it again loads the rest and nothing twice."""
    monkeypatch.setattr(loading, "WORKERS", 1)
    monkeypatch.setattr(loading, "_CHUNK", 1)
    lines = [OTHER.replace("R2", f"R{number}") for number in range(4)]
    file.write_text(HEADER + "".join(lines))
    rejects = file.with_name("dues.csv.rejects.csv")
    rejects.write_text("of an earlier run")
    with lost("PutItem", applied=True):
        assert asvi("import", str(file)).exit_code == 3
    assert (dues.data_time(), rejects.exists()) == (None, False)
    told = asvi.does("import", str(file))
    assert "3 loaded" in told
    assert "1 unchanged" in told
    assert len([row for row in due_rows(portal) if "987654321" in row["pk"]]) == 4
