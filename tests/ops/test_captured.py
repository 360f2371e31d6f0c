"""CMI's list of captures, read as a setting describes it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.settlement.captured import Captured, Form, UnusableError, form_of, left_out, read
from functions.shared.rules.references import with_check_digits
from tests.ops.bank import NEXT_DAY, report
from tests.ops.conftest import Desk
from tests.portal import Json, Portal

NOON = datetime(2020, 5, 5, 12, tzinfo=UTC)
REFERENCE = with_check_digits("431902718852")
CAPTURE = Captured(2, REFERENCE, "T1", 146706, dirhams=True, at=NOON)

HEADER = "date;oid;trans_id;montant;devise;carte\r\n"
GOOD = f"2020-05-05 12:00:00;{REFERENCE};T1;1467.06;MAD;4000 **** 0010\r\n"


def test_read() -> None:
    """The simulator's list is read as it is: Morocco's time, dirhams to the centime."""
    (line,) = read((HEADER + GOOD).encode(), Form())
    assert line == CAPTURE


def test_other_form() -> None:
    """A bank that names and writes things its own way is a setting."""
    form = form_of(
        '{"captured_at": "Le", "reference": "Commande", "trans_id": "No", "amount": "Somme",'
        ' "currency": "", "delimiter": ",", "decimal": ",", "time": "%d/%m/%Y %H:%M",'
        ' "encoding": "cp1252"}'
    )
    text = f'No,Le,Commande,Somme,Libellé\nT1,05/05/2020 12:00,{REFERENCE},"1467,06",é\n\n'
    assert read(text.encode("cp1252"), form) == [CAPTURE]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: no column"),
        (b"date;oid\r\n", "no column devise, montant, trans_id"),
        (HEADER.replace("carte", "oid").encode(), "two columns have one name"),
        ((HEADER + GOOD + "x;y\r\n").encode(), "line 3: 2 cells for 6 columns"),
        ((HEADER + GOOD.replace("1467.06", "14 67.06")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("1467.06", "1467 060.00")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("1467.06", "1  467.06")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("1467.06", "1 467 06")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("1467.06", "1467,06")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("1467.06", "-1.00")).encode(), "line 2: no amount"),
        ((HEADER + GOOD.replace("2020-05-05", "05/05/20")).encode(), "line 2: no time"),
        ((HEADER + GOOD.replace("2020-05-05", "0001-01-01")).encode(), "no capture is of 1"),
        ((HEADER + GOOD.replace("2020-05-05", "9999-12-31")).encode(), "no capture is of 9999"),
        ((HEADER + GOOD.replace("T1", "=1+1")).encode(), "line 2: no order or transaction"),
        ((HEADER + GOOD.replace(REFERENCE, "")).encode(), "line 2: no order or transaction"),
        ((HEADER + GOOD.replace("MAD", '"MAD')).encode(), "line 2"),
        (HEADER.encode() + b"\xff", "not in utf-8-sig"),
    ],
)
def test_unusable(content: bytes, told: str) -> None:
    """A list with a line that is not understood decides nothing: what it lacks may just be cut."""
    with pytest.raises(UnusableError, match=told):
        read(content, Form())


@pytest.mark.parametrize(
    "setting",
    [
        "x",
        "[]",
        "[" * 9999,
        '{"oid": "x"}',
        '{"amount": 1}',
        '{"delimiter": ";;"}',
        '{"decimal": "-"}',
        '{"time": "%Y-%m-%d %H:%M:%S %Y"}',
        '{"time": "%Q"}',
        '{"time": "%"}',
        '{"skip": "type"}',
        '{"skip": {"type": "Total"}}',
        '{"skip": {"type": [1]}}',
    ],
)
def test_bad_setting(setting: str) -> None:
    """A setting that is not understood is refused, and not half followed."""
    with pytest.raises(UnusableError):
        form_of(setting)


@pytest.mark.parametrize("encoding", ["punycode", "idna", "hex", "undefined", "\0", "utf-99"])
def test_no_encoding_of_texts(encoding: str) -> None:
    """An encoding in which no list is written is refused in words, like any other mistake."""
    with pytest.raises(UnusableError, match="it is not in"):
        read((HEADER + GOOD).encode() + b"\xff", Form(encoding=encoding))


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Whatever the file holds, it is read or refused, and never breaks the command."""
    for start in (b"", HEADER.encode()):
        try:
            lines = read(start + content, Form())
        except UnusableError:
            continue
        assert all(isinstance(line, Captured) for line in lines)


@pytest.mark.parametrize(
    ("written", "decimal"),
    [
        ("1 467,06", ","),
        ("1\u00a0467,06", ","),
        ("1\u202f467,06", ","),
        ("1 467.06", "."),
    ],
)
def test_grouped(written: str, decimal: str) -> None:
    """An amount in groups of three, as French tables write it, is the same amount."""
    content = (HEADER + GOOD.replace("1467.06", written)).encode()
    assert read(content, Form(decimal=decimal)) == [CAPTURE]


def test_millions() -> None:
    """Groups follow each other: the thousands are not taken for the whole."""
    content = (HEADER + GOOD.replace("1467.06", "12 345 678")).encode()
    assert read(content, Form())[0].amount_centimes == 1_234_567_800


def test_spreadsheet() -> None:
    """Empty columns and lines that a spreadsheet leaves behind trouble nobody."""
    header, line = HEADER.strip(), GOOD.strip()
    content = f"{header};;\r\n{line};;\r\n;;;;;;;\r\n"
    assert read(content.encode(), Form()) == [CAPTURE]


def test_ignored_doubles() -> None:
    """Two columns that nobody reads may have one name."""
    content = (HEADER.replace("carte", "note;note") + GOOD.replace("0010", "0010;x")).encode()
    assert read(content, Form()) == [CAPTURE]


@pytest.mark.parametrize(
    ("offset", "hours_before"), [("+0500", 5), ("Z", 0), ("-03:30", -3.5), ("+0100", 1)]
)
def test_offset(offset: str, hours_before: float) -> None:
    """A time that names its offset is that instant, and not the same hour in Morocco."""
    form = form_of('{"time": "%Y-%m-%d %H:%M:%S%z"}')
    (line,) = read((HEADER + GOOD.replace("12:00:00", f"12:00:00{offset}")).encode(), form)
    assert line.at == NOON - timedelta(hours=hours_before)


SKIP = {"skip": {"type": ["Remboursement", "Annulation"], "date": ["TOTAL"]}}
KINDS = HEADER.replace("carte", "type")
SALE = GOOD.replace("4000 **** 0010", "Vente")
REFUND = SALE.replace("Vente", "Remboursement").replace("1467.06", "-1467.06")


def test_left_out() -> None:
    """Refunds and totals that the setting names are left out, counted, and nothing else is."""
    form = form_of(json.dumps(SKIP))
    content = (KINDS + SALE + REFUND + "TOTAL;;;0.00\r\n").encode()
    assert read(content, form) == [CAPTURE]
    assert left_out(content, form) == 2
    assert left_out((KINDS + SALE).encode(), form) == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (REFUND.replace("Remboursement", "Avoir"), "line 3: no amount"),
        ("TOTAUX;;;0.00\r\n", "line 3: 4 cells for 6 columns"),
    ],
)
def test_kind_unknown(line: str, told: str) -> None:
    """A line of a kind that the setting does not name must be a capture, or refuses the list."""
    with pytest.raises(UnusableError, match=told):
        read((KINDS + SALE + line).encode(), form_of(json.dumps(SKIP)))


def test_kinds_gone() -> None:
    """A list without the column by which lines are left out is another list."""
    with pytest.raises(UnusableError, match="no column type"):
        read((HEADER + GOOD).encode(), form_of(json.dumps(SKIP)))


def test_told(portal: Portal, asvi: Desk, paid: Json) -> None:
    """Whoever compares is told how many lines were left out: the setting never works unseen."""
    file = asvi.folder / "captured.csv"
    sale = SALE.replace(REFERENCE, paid["reference"])
    file.write_text(KINDS + sale + sale.replace("Vente", "Annulation"))
    portal.now += NEXT_DAY
    told = asvi.does("compare", str(file), "--columns", json.dumps(SKIP))
    assert "Left out of the list, as no captures: 1 lines" in told
    assert report(file) == [("matched", "T1", "")]
    file.write_text(KINDS + sale)
    assert "Left out" not in asvi.does("compare", str(file), "--columns", json.dumps(SKIP))
