"""Read the file of dues, line by line. Pure: lines in, dues and refused lines out.

The format is described in `docs/dues-file.md`. A line that is not wholly right is refused whole,
with its number and the reason; nothing is guessed, rounded or repaired.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from functions.shared.rules.money import centimes
from functions.shared.rules.orders import LARGEST_CENTIMES, Due, DueState

COLUMNS = (
    "registration_number",
    "year",
    "quarter",
    "amount_dh",
    "reference",
    "account",
    "paid_on",
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_SHOWN = 300
PATTERNS = {
    "registration_number": re.compile(r"[0-9]{9}"),
    "year": re.compile(r"(?:19|20)[0-9]{2}"),
    "quarter": re.compile(r"[1-4]"),
    "amount_dh": re.compile(r"(?:0|[1-9][0-9]{0,6})\.[0-9]{2}"),
    "reference": re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}"),
    "account": re.compile(r"[^\W_][\w .,'’()/-]{0,63}"),
    "paid_on": re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?"),
}
"""What each cell must match in full. ASCII digits only; an account begins with a letter or a
digit, so that no spreadsheet takes it for a formula (ASVS 1.2.10)."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused line. `line` counts from 1, the header's. `column` is None for the whole line.

    `reason`: header, encoding, cells, quotes, malformed, zero, too_much, no_such_day, not_yet or
    duplicate, too_large for a whole file, and more where nothing is said of the lines from there
    on. `written`: the line as it stands in the file, shortened.
    """

    line: int
    column: str | None
    reason: str
    written: str = field(default="", compare=False)


@dataclass(slots=True)
class Reading:
    """What a file held: the dues to load and the lines refused."""

    dues: list[Due] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read(text: str, today: date) -> Reading:
    """Read a whole file. A wrong header refuses everything; a bad line refuses only itself."""
    reading = Reading()
    for found in parsed(text.encode().split(b"\n"), today):
        if isinstance(found, Reject):
            reading.rejects.append(found)
        else:
            reading.dues.append(found)
    return reading


def parsed(lines: Iterable[bytes], today: date) -> Iterator[Due | Reject]:
    """Give what each line of a file holds, as it comes; only the header where that is wrong.

    `today`: the day in Morocco on which the file was issued.
    """
    written = _written(lines)
    line, header = next(written, (1, b""))
    if _cells(line, header.removeprefix(_BYTE_ORDER_MARK)) != list(COLUMNS):
        yield Reject(1, None, "header", _legible(header))
        return
    seen: set[tuple[str, str]] = set()
    for line, content in written:
        cells = _cells(line, content)
        found = cells if isinstance(cells, Reject) else due_of(line, cells, today)
        if isinstance(found, Due) and (found.registration_number, found.id) in seen:
            found = Reject(line, None, "duplicate")
        if isinstance(found, Due):
            seen.add((found.registration_number, found.id))
        yield replace(found, written=_legible(content)) if isinstance(found, Reject) else found


def due_of(line: int, cells: Sequence[str], today: date) -> Due | Reject:
    """Give the due that a line states, or why the line is refused."""
    if len(cells) != len(COLUMNS):
        return Reject(line, None, "cells")
    row = dict(zip(COLUMNS, cells, strict=True))
    for column, check in CHECKS:
        if reason := check(column, row[column]):
            return Reject(line, column, reason)
    amount_centimes = centimes(row["amount_dh"]) or 0
    if not 0 < amount_centimes <= LARGEST_CENTIMES:
        return Reject(line, "amount_dh", "too_much" if amount_centimes else "zero")
    if row["paid_on"] > today.isoformat():
        return Reject(line, "paid_on", "not_yet")
    return Due(
        registration_number=row["registration_number"],
        year=int(row["year"]),
        quarter=int(row["quarter"]),
        amount_centimes=amount_centimes,
        reference=row["reference"],
        account=row["account"],
        state=DueState.PAID if row["paid_on"] else DueState.UNPAID,
    )


def _shape(column: str, cell: str) -> str | None:
    return None if PATTERNS[column].fullmatch(cell) else "malformed"


def _day(_column: str, cell: str) -> str | None:
    try:
        date.fromisoformat(cell or "2000-01-01")
    except ValueError:
        return "no_such_day"
    return None


Check = Callable[[str, str], str | None]
CHECKS: tuple[tuple[str, Check], ...] = (
    *((column, _shape) for column in COLUMNS),
    ("paid_on", _day),
)


def _written(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give each line that holds something, with its number and without its end."""
    for line, ended in enumerate(lines, start=1):
        content = ended.removesuffix(b"\n").removesuffix(b"\r")
        if content:
            yield line, content


def _cells(line: int, content: bytes) -> list[str] | Reject:
    """Split a line. A bad letter or quote refuses its line alone."""
    try:
        return next(csv.reader([content.decode()], strict=True))
    except UnicodeDecodeError:
        return Reject(line, None, "encoding")
    except csv.Error:
        return Reject(line, None, "quotes")


def _legible(content: bytes) -> str:
    """Give a refused line as whoever mends the file may read it."""
    text = content[:_LONGEST_SHOWN].decode(errors="replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
