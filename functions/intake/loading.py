"""Load what a file of dues holds, whoever brings it: the operator or a file dropped in S3."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

from functions.intake.lines import Reject, parsed
from functions.shared import outside
from functions.shared.aws import dues, loads, table
from functions.shared.rules.ledger import day_of
from functions.shared.rules.orders import Due
from functions.shared.rules.sheets import sheet

# About 450 000 lines: twice what the fund issues in a quarter, and minutes, not hours.
LARGEST_BYTES = 32 * 1024 * 1024
WORKERS = 8
_CHUNK = 400
_LONGEST_NAME = 100
HEADER = ("line", "column", "reason", "written")
TOO_LARGE = Reject(1, None, "too_large")
# So many refused lines are told one by one: more would fill the memory, and help nobody.
MOST_TOLD = 10_000


@dataclass(slots=True)
class Tally:
    """What became of a file's lines.

    `kept`: paid already, or being confirmed. `outdated`: stated by a newer file. `rejected`: how
    many lines were refused, of which `rejects` tells the first.
    """

    loaded: int = 0
    unchanged: int = 0
    kept: int = 0
    outdated: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Give how many lines ended how."""
        return {end: getattr(self, end) for end in loads.ENDS}

    @property
    def unusable(self) -> bool:
        """Whether the file is none of ours, so that nothing of it was read."""
        return any(reject.reason in ("header", TOO_LARGE.reason) for reject in self.rejects)

    @property
    def fresh(self) -> bool:
        """Whether dues stand now as the file states them, or better known here."""
        return self.loaded + self.unchanged + self.kept > 0

    def add(self, found: "Reject | dues.Loading") -> None:
        """Count what became of a line."""
        if not isinstance(found, Reject):
            setattr(self, found, getattr(self, found) + 1)
            return
        self.rejected += 1
        if self.rejected <= MOST_TOLD:
            self.rejects.append(found)
        elif self.rejected == MOST_TOLD + 1:
            self.rejects.append(Reject(found.line, None, "more"))


def load(
    lines: Iterable[bytes], source: str, issued_at: datetime, *, dry: bool = False
) -> "Iterator[Reject | dues.Loading]":
    """Load a file that was issued then, and give what became of each line, in their order.

    Raise Unavailable: what was loaded before stays, and is found unchanged the next time. `dry`:
    nothing is written, and a due counts as loaded.
    """
    table.client()  # made before the threads, which share it
    one = partial(_one, source=source[:_LONGEST_NAME], issued_at=issued_at, dry=dry)
    coming = parsed(lines, day_of(issued_at))
    with ThreadPoolExecutor(WORKERS) as pool:
        while chunk := list(islice(coming, _CHUNK)):
            yield from pool.map(one, chunk)


def _one(
    found: Due | Reject, *, source: str, issued_at: datetime, dry: bool
) -> "Reject | dues.Loading":
    if isinstance(found, Reject):
        return found
    return "loaded" if dry else dues.load(found, issued_at, source)


def finished(tally: Tally, source: str, who: str, issued_at: datetime) -> None:
    """Write down a file that was gone through; dues are as fresh as it is, if any was taken."""
    if tally.fresh:
        dues.put_data_time(issued_at)
    loads.note(source[:_LONGEST_NAME], who, tally.counts, outside.now())


def rejects_file(rejects: Iterable[Reject]) -> str:
    """Write refused lines as CSV; its header alone where every line was good."""
    lines = [(one.line, one.column or "", one.reason, one.written) for one in rejects]
    return sheet([HEADER, *lines])
