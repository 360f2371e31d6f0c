import re
from datetime import date
from pathlib import Path

import pytest

from functions.intake.lines import COLUMNS, Reject, read
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import LARGEST_CENTIMES, Due, DueState
from local import demo

HEADER = ",".join(COLUMNS) + "\n"
GOOD = "123456789,2020,1,1451.10,R1,BPC pour encaissements ASVI,"
TODAY = date(2020, 5, 5)
DOCUMENT = Path(__file__).parents[2] / "docs" / "dues-file.md"


def changed(column: str, cell: str) -> str:
    """Give a file with one line, good but for one cell."""
    cells = GOOD.split(",")
    cells[COLUMNS.index(column)] = cell
    return HEADER + ",".join(cells) + "\n"


def test_good_line() -> None:
    """A line becomes the due that it states, in centimes."""
    reading = read(HEADER + GOOD + "\n", TODAY)
    assert reading.rejects == []
    assert reading.dues == [
        Due("123456789", 2020, 1, 145110, "R1", "BPC pour encaissements ASVI", DueState.UNPAID)
    ]


def test_paid_elsewhere() -> None:
    """A due with a day of payment is paid: nobody can pay it again here."""
    (due,) = read(changed("paid_on", "2020-02-11"), TODAY).dues
    assert due.state is DueState.PAID


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("registration_number", "12345678", "malformed"),
        ("registration_number", "١٢٣٤٥٦٧٨٩", "malformed"),
        ("registration_number", "123456789 ", "malformed"),
        ("year", "20", "malformed"),
        ("quarter", "5", "malformed"),
        ("quarter", "0", "malformed"),
        ("amount_dh", "1451.1", "malformed"),
        ("amount_dh", '"1451,10"', "malformed"),
        ("amount_dh", "1 451.10", "malformed"),
        ("amount_dh", "-1.00", "malformed"),  # event 18
        ("amount_dh", "1451.100", "malformed"),  # event 18
        ("amount_dh", "1e3", "malformed"),
        ("amount_dh", "01.00", "malformed"),
        ("amount_dh", "١.٠٠", "malformed"),
        ("amount_dh", "99999999.00", "malformed"),
        ("amount_dh", "1000000.00", "too_much"),
        ("amount_dh", "0.00", "zero"),  # event 18
        ("amount_dh", "", "malformed"),
        ("reference", "", "malformed"),  # event 18
        ("reference", "A#B", "malformed"),
        ("account", "", "malformed"),
        ("account", "=HYPERLINK(A1)", "malformed"),
        ("account", "BPC\u202e", "malformed"),
        ("account", "BPC <b>", "malformed"),
        ("account", "B\x00", "malformed"),
        ("paid_on", "11/02/2020", "malformed"),
        ("paid_on", "2020-02-30", "no_such_day"),
        ("paid_on", "2020-05-06", "not_yet"),
        ("paid_on", "2099-01-01", "not_yet"),
    ],
)
def test_bad_cell(column: str, cell: str, reason: str) -> None:
    """A cell that is not in its form refuses its line, and says which cell and why."""
    reading = read(changed(column, cell), TODAY)
    assert (reading.dues, reading.rejects) == ([], [Reject(2, column, reason)])


def test_bounds() -> None:
    """What the file may state at most can be paid here, and what was paid today is paid."""
    (due,) = read(changed("amount_dh", dirhams(LARGEST_CENTIMES)), TODAY).dues
    assert due.fit
    assert dirhams(LARGEST_CENTIMES) in DOCUMENT.read_text(encoding="utf-8")
    (due,) = read(changed("paid_on", "2020-05-05"), TODAY).dues
    assert due.state is DueState.PAID


@pytest.mark.parametrize(
    ("line", "reason"),
    [(GOOD + ",", "cells"), ("123456789", "cells"), ('"' + GOOD, "quotes"), ('"a"b,', "quotes")],
)
def test_bad_line(line: str, reason: str) -> None:
    """A bad line is refused by its number; the lines around it are read."""
    reading = read(f"{HEADER}\n{GOOD}\n{line}\n{GOOD.replace('R1', 'R2')}\n", TODAY)
    assert [due.reference for due in reading.dues] == ["R1", "R2"]
    assert reading.rejects == [Reject(4, None, reason)]


def test_same_due_twice() -> None:
    """The same due twice counts once, so that nobody owes a quarter twice."""
    reading = read(f"{HEADER}{GOOD}\n{GOOD.replace('1451.10', '9.00')}\n", TODAY)
    assert [due.amount_centimes for due in reading.dues] == [145110]
    assert reading.rejects == [Reject(3, None, "duplicate")]


@pytest.mark.parametrize("text", ["", GOOD, HEADER.replace("year", "annee") + GOOD, "a;b\n" + GOOD])
def test_wrong_header(text: str) -> None:
    """A file whose first line is not the agreed one is refused whole."""
    reading = read(text, TODAY)
    assert (reading.dues, reading.rejects) == ([], [Reject(1, None, "header")])


def test_windows_file() -> None:
    """A byte order mark and Windows line ends change nothing."""
    assert read("\ufeff" + (HEADER + GOOD + "\n").replace("\n", "\r\n"), TODAY) == read(
        HEADER + GOOD, TODAY
    )


def test_document() -> None:
    """The document describes the columns that are read, in their order, and every reason."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    columns, reasons = rows[: len(COLUMNS)], rows[len(COLUMNS) :]
    assert tuple(columns) == COLUMNS
    assert set(reasons) == {
        "header", "too_large", "encoding", "cells", "quotes", "malformed", "zero", "too_much",
        "no_such_day", "not_yet", "duplicate", "more",
    }  # fmt: skip


def test_demo_data() -> None:
    """The demo numbers owe what the local stack says that they show."""
    reading = read(demo.FILE.read_text(encoding="utf-8"), TODAY)
    owed: dict[str, list[int]] = {number: [] for number in demo.SHOWN}
    for due in reading.dues:
        if due.state is DueState.UNPAID:
            owed[due.registration_number].append(due.amount_centimes)
    thirteen = owed.pop("300000003")
    assert (reading.rejects, len(thirteen)) == ([], 13)
    assert len({due.year for due in reading.dues if due.registration_number == "300000003"}) == 4
    assert owed == {
        "123456789": [145110],
        "200000002": [],
        "400000004": [5, 9999999],
        "500000005": [145110],
        "600000006": [145110],
    }
    assert sum(due.state is DueState.PAID for due in reading.dues) == 1
