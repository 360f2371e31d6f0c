"""CSV that a spreadsheet opens: RFC 4180, and no cell that it takes for a formula (event 118)."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet computes instead of showing it (ASVS 1.2.10), full-width signs too.
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
Cell = str | int


def cell(content: Cell) -> Cell:
    """Give a text with an apostrophe before it where it would be computed; numbers as they are."""
    if isinstance(content, str) and content.startswith(_FORMULA):
        return f"'{content}"
    return content


def sheet(lines: Iterable[Sequence[Cell]]) -> str:
    """Write lines of cells, each line ended by CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(map(cell, line) for line in lines)
    return text.getvalue()
