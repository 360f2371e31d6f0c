"""Load what a file of dues holds, whoever brings it: the operator or a file dropped in S3."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from functions.intake.lines import Reject
from functions.shared.aws import dues, table
from functions.shared.rules.orders import Due
from functions.shared.rules.sheets import sheet

# About 450 000 lines: twice what the fund issues in a quarter, and minutes, not hours.
LARGEST_BYTES = 32 * 1024 * 1024
WORKERS = 8
_CHUNK = 400
_LONGEST_NAME = 100
HEADER = ("line", "column", "reason", "written")
TOO_LARGE = Reject(1, None, "too_large")


@dataclass(slots=True)
class Tally:
    """What became of a file's lines; `kept`: paid already, or being confirmed."""

    loaded: int = 0
    unchanged: int = 0
    kept: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def unusable(self) -> bool:
        """Whether the file is none of ours, so that nothing of it was read."""
        return any(reject.reason in ("header", TOO_LARGE.reason) for reject in self.rejects)

    def add(self, found: "Reject | dues.Loading") -> None:
        """Count what became of a line."""
        if isinstance(found, Reject):
            self.rejects.append(found)
        else:
            setattr(self, found, getattr(self, found) + 1)


def load(
    lines: Iterable[Due | Reject], source: str, *, dry: bool = False
) -> "Iterator[Reject | dues.Loading]":
    """Load dues and give what became of each line, in their order; raise Unavailable.

    What was loaded before a failure stays, and is found unchanged the next time. `dry`: nothing
    is written, and a due counts as loaded.
    """
    table.client()  # made before the threads, which share it
    one = partial(_one, source=source[:_LONGEST_NAME], dry=dry)
    coming = iter(lines)
    with ThreadPoolExecutor(WORKERS) as pool:
        while chunk := list(islice(coming, _CHUNK)):
            yield from pool.map(one, chunk)


def _one(found: Due | Reject, *, source: str, dry: bool) -> "Reject | dues.Loading":
    if isinstance(found, Reject):
        return found
    return "loaded" if dry else dues.load(found, source)


def rejects_file(rejects: Iterable[Reject]) -> str:
    """Write refused lines as CSV; its header alone where every line was good."""
    lines = [(one.line, one.column or "", one.reason, one.written) for one in rejects]
    return sheet([HEADER, *lines])
