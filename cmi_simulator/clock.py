"""The bank's clock, and its dates in words."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

# The pinned tables, not the machine's: Morocco's offset moves with Ramadan and by decree.
with files("tzdata.zoneinfo.Africa").joinpath("Casablanca").open("rb") as _rules:
    CASABLANCA = ZoneInfo.from_file(_rules, key="Africa/Casablanca")


def running_clock(start: datetime | None) -> Callable[[], datetime]:
    """Return a clock that reads `start` now and runs on from there; real time without one."""
    if start is None:
        return lambda: datetime.now(UTC)
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


def local(instant: datetime) -> datetime:
    """Return the instant on a clock in Casablanca, whose offset moves with Ramadan."""
    return instant.astimezone(CASABLANCA)
