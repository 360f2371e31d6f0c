"""CMI's list of captured payments, read as a setting describes it. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import MAXYEAR, UTC, datetime

from functions.shared.rules.money import centimes
from functions.shared.rules.morocco import CASABLANCA

LARGEST_BYTES = 16 * 1024 * 1024
REFERENCE = re.compile(r"[A-Za-z0-9]{1,64}")
TRANS_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# 1 467,06: by threes, or it is not an amount but two. Spaces that do not break too.
_SPACES = " \u00a0\u202f"
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?:[.,][0-9]{{1,2}})?")
_UNGROUPED = dict.fromkeys(map(ord, _SPACES))
_YEARS = range(2000, MAXYEAR)
# A time by which a form of times is tried.
_TRIAL = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
_DIRHAMS = frozenset({"MAD", "504", "DH", "DHS"})


class UnusableError(Exception):
    """A list that cannot be believed; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Form:
    """What CMI's list looks like: its columns' names, and how it writes.

    Times are Morocco's, unless they name their offset. `currency` empty: the list has no such
    column, and is in dirhams. `skip`: the lines that are no captures (refunds, totals), by what
    stands in a column: any of these texts.
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
    skip: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Name the columns that must be there."""
        named = [self.captured_at, self.reference, self.trans_id, self.amount, *self.skip]
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
    if not isinstance(told, dict):
        raise UnusableError("the columns are no JSON object")
    known = {one.name for one in fields(Form)}
    if strange := set(told) - known:
        raise UnusableError(f"no such column: {sorted(strange)}; known are {sorted(known)}")
    skip = told.pop("skip", {})
    texts = [*told.values(), *_texts(skip)]
    if not all(isinstance(value, str) for value in texts):
        raise UnusableError("the columns are no JSON object of texts")
    return _tried(Form(**told, skip=skip))


def _texts(skip: object) -> Iterator[object]:
    """Give what should be texts among the lines to leave out; raise UnusableError."""
    if not isinstance(skip, dict) or not all(isinstance(one, list) for one in skip.values()):
        raise UnusableError("the columns are no JSON: skip is an object of lists of texts")
    for values in skip.values():
        yield from values


def _tried(form: Form) -> Form:
    """Give a form by which a list can be read; raise UnusableError."""
    if len(form.delimiter) != 1 or form.decimal not in (".", ","):
        raise UnusableError("a delimiter is one sign, and a decimal sign is . or ,")
    try:
        datetime.strptime(_TRIAL.strftime(form.time), form.time)  # noqa: DTZ007 - only tried
    except (ValueError, re.error) as error:
        raise UnusableError(f"the columns are no use: no form of times, {error}") from None
    return form


def read(content: bytes, form: Form) -> list[Captured]:
    """Read a whole list; raise UnusableError for one with any line that is not understood."""
    lines = _lines(content, form)
    return [_captured(number, row, form) for number, row in lines if not _skipped(row, form)]


def left_out(content: bytes, form: Form) -> int:
    """Count the lines of a list that the setting says are no captures."""
    return sum(_skipped(row, form) for _, row in _lines(content, form))


def _skipped(row: Mapping[str, str], form: Form) -> bool:
    return any(row.get(column) in values for column, values in form.skip.items())


def _lines(content: bytes, form: Form) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the lines under the header by the names of their cells, with their numbers."""
    rows = _rows(content, form)
    number, header = next(rows, (1, []))
    if missing := set(form.columns) - set(header):
        raise UnusableError(f"line {number}: no column {', '.join(sorted(missing))}")
    if any(header.count(name) > 1 for name in form.columns):
        raise UnusableError(f"line {number}: two columns have one name")
    for number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        if len(cells) != len(header) and not _skipped(row, form):
            raise UnusableError(f"line {number}: {len(cells)} cells for {len(header)} columns")
        yield number, row


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
        for written in reader:
            cells = [cell.strip() for cell in written]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UnusableError(f"line {reader.line_num}: {error}") from None


def _captured(number: int, row: Mapping[str, str], form: Form) -> Captured:
    reference, trans_id = row[form.reference], row[form.trans_id]
    if not REFERENCE.fullmatch(reference) or not TRANS_ID.fullmatch(trans_id):
        raise UnusableError(f"line {number}: no order or transaction number")
    amount_centimes = _amount(row[form.amount], form.decimal)
    if amount_centimes is None:
        raise UnusableError(f"line {number}: no amount")
    dirhams = not form.currency or row[form.currency].upper() in _DIRHAMS
    at = _instant(number, row[form.captured_at], form.time)
    return Captured(number, reference, trans_id, amount_centimes, dirhams, at)


def _amount(written: str, decimal: str) -> int | None:
    """Read an amount in dirhams, grouped by threes or not, as centimes; None where it is none."""
    plain = written.translate(_UNGROUPED) if _GROUPED.fullmatch(written) else written
    return centimes(plain.replace(",", ".") if decimal == "," else plain)


def _instant(number: int, written: str, pattern: str) -> datetime:
    """Read a time: Morocco's, where it does not name its offset."""
    try:
        at = datetime.strptime(written, pattern)  # noqa: DTZ007 - the last line says whose time
    except ValueError:
        raise UnusableError(f"line {number}: no time in the form {pattern}") from None
    if at.year not in _YEARS:
        raise UnusableError(f"line {number}: no capture is of {at.year}")
    return at.astimezone(CASABLANCA) if at.tzinfo else at.replace(tzinfo=CASABLANCA)
