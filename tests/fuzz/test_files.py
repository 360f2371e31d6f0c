"""Whatever stands in a file of dues or CMI's list: each line is right, or refused by its number."""

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.intake.lines import COLUMNS, PATTERNS, Reject, parsed
from functions.intake.loading import rejects_file
from functions.settlement.captured import Captured, Form, UnusableError, form_of, read
from functions.shared.rules.money import centimes
from functions.shared.rules.orders import Due
from tests.chance import examples
from tests.fuzz.damage import damaged

DUES = (
    f"{','.join(COLUMNS)}\n"
    "123456789,2020,1,1451.10,BPC2020010004319,BPC pour encaissements ASVI,\n"
    '200000002,2019,4,97.00,BPC2019040000002,"BPC pour encaissements, ASVI",2020-01-15\r\n'
    "300000003,2018,2,1000000.00,R-1,É,2020-02-29\n"
).encode()
LIST = (
    b"date;oid;trans_id;montant;devise\n"
    b"2020-05-05 21:51:02;43190271885204;T1;1467.06;504\n"
    b"2020-05-05 21:55:02;43190271885301;T2;97;MAD\n"
)
TODAY = date(2020, 5, 5)
CELLS = (
    b"", b" ", b"0", b"-1", b"1451.1", b"1451,10", b"1e3", b"1_451.10", "١٤٥١.١٠".encode(),
    "²".encode(), "𝟏".encode() * 9, b"1234567890", b"2020-02-30", b"2020-W01-1", b"20200115",
    b"0000-00-00", b"9999-12-31", b"=1+1", b"+1", b"-1", b"@SUM(A1)", b"\t=1", b"\r=1", b"\x00",
    "＝1".encode(), b"'=1", b'"', b'""', b'"\n"', b"a" * 70_000, b"a" * 140_000, b",,,,,,,,,",
    b";", b"\xff", b"\xc3", "é".encode("latin-1"), "\u202e".encode(), "\u2028".encode(),
    b"\xef\xbb\xbf", b"\x1a", b"\r", b"\r\n", b"\n\n",
)  # fmt: skip
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
FORMS = {
    "ours": Form(),
    "utf-16": Form(encoding="utf-16", currency=""),
    "French": Form(decimal=",", delimiter=",", encoding="latin-1", time="%d/%m/%Y %H:%M"),
    "tabs": Form(delimiter="\t"),
}
SETTINGS = (
    "", "utf-8", "utf-16", "idna", "punycode", "hex", "undefined", "unicode_escape", "\0", ";",
    "\n", "\r", '"', " ", "%", "%Y", "%z", "%Q", "é", "date",
)  # fmt: skip
NAMES = (
    "captured_at", "reference", "trans_id", "amount", "currency", "delimiter", "decimal", "time",
    "encoding", "skip", "x",
)  # fmt: skip
NO_SETTING = ("[]", "null", "1", '{"x": 1}', "[" * 3000, '{"time": "\\ud800"}', '{"time": 1}')
texts = st.sampled_from(SETTINGS) | st.text(max_size=5)
skips = st.dictionaries(texts | st.just("devise"), st.lists(texts | st.just("MAD"), max_size=2))
told = st.dictionaries(st.sampled_from(NAMES), texts | skips, max_size=5).map(json.dumps)
settings = told | st.text(max_size=50) | st.sampled_from(NO_SETTING)


@pytest.mark.parametrize(
    "original",
    [DUES, b"", DUES.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + DUES],
    ids=["plain", "empty", "CRLF", "marked"],
)
@examples(100)
@given(data=st.data())
def test_dues(original: bytes, data: st.DataObject) -> None:
    """Each line is a due as it is written there, or a reject; no due is found twice."""
    lines = data.draw(damaged(original, CELLS)).split(b"\n")
    found = list(parsed(lines, TODAY))
    dues = [due for due in found if isinstance(due, Due)]
    assert all(1 <= one.line <= len(lines) for one in found if isinstance(one, Reject))
    assert all(any(_states(line, due) for line in lines) for due in dues)
    assert len({(due.registration_number, due.id) for due in dues}) == len(dues)


def _states(line: bytes, due: Due) -> bool:
    """Say whether a line holds a due: each of its cells in the form that it must have."""
    cells = {
        "registration_number": due.registration_number, "year": str(due.year),
        "quarter": str(due.quarter), "reference": due.reference, "account": due.account,
    }  # fmt: skip
    amounts = [centimes(cell.strip('"')) for cell in line.decode(errors="replace").split(",")]
    return due.amount_centimes in amounts and all(
        PATTERNS[name].fullmatch(cell) and cell.encode() in line for name, cell in cells.items()
    )


@examples(150)
@given(content=damaged(DUES, CELLS) | st.binary(max_size=200))
def test_rejects(content: bytes) -> None:
    """The file of rejects is a table that no spreadsheet computes, one line for each reject."""
    rejects = [one for one in parsed(content.split(b"\n"), TODAY) if isinstance(one, Reject)]
    lines = list(csv.reader(io.StringIO(rejects_file(rejects), newline="")))
    assert len(lines) == len(rejects) + 1
    cells = [cell for line in lines for cell in line]
    assert not [cell for cell in cells if cell.startswith(FORMULA) or not cell.isprintable()]


def understood(content: bytes, setting: str | Form) -> list[Captured]:
    """Read a list in a form; nothing where it is refused, which is said in words."""
    try:
        return read(content, setting if isinstance(setting, Form) else form_of(setting))
    except UnusableError as error:
        said = str(error)
    assert re.match(r"line \d+: |it (is|has) |the columns are |no such column|a delimiter", said)
    return []


@pytest.mark.parametrize("form", FORMS)
@examples(100)
@given(data=st.data())
def test_list(form: str, data: st.DataObject) -> None:
    """CMI's list is understood to its last line, or refused whole with the line that is not."""
    written = LIST.decode().replace(";", FORMS[form].delimiter).encode(FORMS[form].encoding)
    for one in understood(data.draw(damaged(written, CELLS)), FORMS[form]):
        assert one.amount_centimes >= 0
        assert re.fullmatch(r"[A-Za-z0-9]{1,64}", one.reference)
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", one.trans_id)
        assert one.at.tzinfo is not None


@examples(300)
@given(setting=settings, content=damaged(LIST, CELLS) | st.just(LIST))
def test_setting(setting: str, content: bytes) -> None:
    """A setting that describes no list is refused in words, and so is a list that it misses."""
    assert all(isinstance(one, Captured) for one in understood(content, setting))
