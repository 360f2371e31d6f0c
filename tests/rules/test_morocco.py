"""Morocco's clock, as it moves with Ramadan and by decree."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from functions.shared.rules.morocco import CASABLANCA


@pytest.mark.parametrize(
    ("instant", "hour"),
    [
        (datetime(2020, 4, 15, 12, tzinfo=UTC), 13),
        (datetime(2020, 5, 5, 12, tzinfo=UTC), 12),  # Ramadan
        (datetime(2020, 6, 15, 12, tzinfo=UTC), 13),
    ],
)
def test_ramadan(instant: datetime, hour: int) -> None:
    """In Ramadan Morocco is on UTC, before and after an hour ahead."""
    assert instant.astimezone(CASABLANCA).hour == hour


def test_pinned(tmp_path: Path) -> None:
    """The hour does not depend on the machine's own tables, which may be out of date."""
    (tmp_path / "Africa").mkdir()
    tokyo = files("tzdata.zoneinfo.Asia").joinpath("Tokyo").read_bytes()
    (tmp_path / "Africa" / "Casablanca").write_bytes(tokyo)
    hour = (
        "from datetime import UTC, datetime\n"
        "from functions.shared.rules.morocco import CASABLANCA\n"
        "print(datetime(2020, 5, 5, 12, tzinfo=UTC).astimezone(CASABLANCA).hour)"
    )
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    said = subprocess.check_output([sys.executable, "-c", hour], env=environment, text=True)
    assert said == "12\n"
