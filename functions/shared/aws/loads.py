"""The story of the files of dues: which was loaded when, by whom, and what became of its lines."""

from collections.abc import Mapping
from datetime import datetime

from functions.shared.aws import table
from functions.shared.rules.work import stamp

# How a line of a file may end.
ENDS = ("loaded", "unchanged", "kept", "outdated", "rejected")
_PARTITION, _SORT, _AFTER_ALL = "DATA", "LOAD#", "LOAD$"


def note(source: str, who: str, counts: Mapping[str, int], now: datetime) -> None:
    """Write down that a file was gone through to its end; `counts`: its lines, by their end."""
    key = {"pk": _PARTITION, "sk": f"{_SORT}{stamp(now)}#{source}"}
    told = {"source": source, "who": who, "at": stamp(now)}
    table.write(table.put({**key, **told, **counts}, once=False))


def latest(most: int) -> list[table.Row]:
    """Give what was written down, newest first, at most `most` rows."""
    found = table.query(_PARTITION, _AFTER_ALL, most, down=True)
    return [row for row in found if row["sk"].startswith(_SORT)]
