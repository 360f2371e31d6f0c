"""CMI's list of captured payments, read as a setting describes it. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from functions.shared.rules.money import centimes
from functions.shared.rules.morocco import CASABLANCA

LARGEST_BYTES = 16 * 1024 * 1024
_REFERENCE = re.compile(r"[A-Za-z0-9]{1,64}")
_TRANS_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FIRST_YEAR = 2000
_DIRHAMS = frozenset({"MAD", "504", "DH", "DHS"})


class UnusableError(Exception):
    """A list that cannot be believed; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Form:
    """What CMI's list looks like: its columns' names, and how it writes. Times are Morocco's.

    `currency` empty: the list has no such column, and is in dirhams.
    """

    captured_at: str = "date"
    reference: str = "oid"
    trans_id: str = "trans_id"
    amount: str = "montant"
    currency: str = "devise"
    delimiter: str = ";"
    decimal: str = "."
    time: str = "%Y-%m-%d %H:%M:%S"
    encoding: str = "utf-8-sig"

    @property
    def columns(self) -> list[str]:
        """Name the columns that must be there."""
        named = [self.captured_at, self.reference, self.trans_id, self.amount]
        return [*named, self.currency] if self.currency else named


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture of CMI's list. `number`: its line; `dirhams`: the currency is ours."""

    number: int
    reference: str
    trans_id: str
    amount_centimes: int
    dirhams: bool
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Name the capture."""
        return self.reference, self.trans_id


def form_of(text: str) -> Form:
    """Read the setting: a JSON object with any of Form's names; raise UnusableError."""
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"the columns are no JSON: {error}") from None
    known = {one.name for one in fields(Form)}
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise UnusableError("the columns are no JSON object of texts")
    if strange := set(told) - known:
        raise UnusableError(f"no such column: {sorted(strange)}; known are {sorted(known)}")
    form = Form(**told)
    if len(form.delimiter) != 1 or form.decimal not in (".", ","):
        raise UnusableError("a delimiter is one sign, and a decimal sign is . or ,")
    return form


def read(content: bytes, form: Form) -> list[Captured]:
    """Read a whole list; raise UnusableError for one with any line that is not understood."""
    rows = _rows(content, form)
    number, header = next(rows, (1, []))
    if missing := set(form.columns) - set(header):
        raise UnusableError(f"line {number}: no column {', '.join(sorted(missing))}")
    if len(set(header)) < len(header):
        raise UnusableError(f"line {number}: two columns have one name")
    return [_captured(number, header, cells, form) for number, cells in rows]


def _rows(content: bytes, form: Form) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that hold something, with their numbers."""
    if len(content) > LARGEST_BYTES:
        raise UnusableError("it has more than 16 MB: compare it day by day")
    try:
        text = content.decode(form.encoding)
    except (ValueError, LookupError) as error:
        raise UnusableError(f"it is not in {form.encoding}: {error}") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UnusableError(f"line {reader.line_num}: {error}") from None


def _captured(number: int, header: list[str], cells: list[str], form: Form) -> Captured:
    if len(cells) != len(header):
        raise UnusableError(f"line {number}: {len(cells)} cells for {len(header)} columns")
    row = dict(zip(header, cells, strict=True))
    reference, trans_id = row[form.reference], row[form.trans_id]
    if not _REFERENCE.fullmatch(reference) or not _TRANS_ID.fullmatch(trans_id):
        raise UnusableError(f"line {number}: no order or transaction number")
    amount = row[form.amount]
    amount_centimes = centimes(amount.replace(",", ".") if form.decimal == "," else amount)
    if amount_centimes is None:
        raise UnusableError(f"line {number}: no amount")
    dirhams = not form.currency or row[form.currency].upper() in _DIRHAMS
    at = _instant(number, row[form.captured_at], form.time)
    return Captured(number, reference, trans_id, amount_centimes, dirhams, at)


def _instant(number: int, written: str, pattern: str) -> datetime:
    try:
        at = datetime.strptime(written, pattern)  # noqa: DTZ007 - the next line says whose time
    except ValueError:
        raise UnusableError(f"line {number}: no time in the form {pattern}") from None
    if at.year < _FIRST_YEAR:
        raise UnusableError(f"line {number}: no capture is of {at.year}")
    return at.replace(tzinfo=CASABLANCA)
