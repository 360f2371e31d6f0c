"""Files that the commands leave: whole, private, and a plain word where they cannot be written."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from functions.shared.rules.orders import OrderState
from ops import papers
from tests.ops.bank import NEXT_DAY, entry, listed
from tests.ops.conftest import Desk, state
from tests.portal import Json, Portal

LONG = "a" * 240 + ".csv"


def named(folder: Path, name: str) -> Path:
    """Give CMI's list by a name; `taken.csv` has a folder where its report should stand."""
    if name == "taken.csv":
        (folder / "taken.csv.comparison.csv").mkdir()
    return folder / name


@pytest.mark.parametrize("name", [LONG, "taken.csv"])
def test_no_report(portal: Portal, asvi: Desk, capturing: Json, name: str) -> None:
    """A comparison whose report cannot be written settles and queues nothing, and says why."""
    stranger = entry("CNSS2020X77", "T9", at=portal.now)
    file = named(asvi.folder, name)
    listed(file, entry(capturing["reference"], at=portal.now), stranger)
    portal.now += NEXT_DAY
    before = portal.rows()
    result = asvi("compare", str(file))
    assert (result.exit_code, portal.rows()) == (2, before)
    assert f"{file.name}.comparison.csv cannot be written, and nothing was done:" in result.output
    assert "What to do:" in result.output
    assert state(capturing) is OrderState.CAPTURING


def test_full_disk(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """Where the disk fills while it settles it says that this stands; running it again reports."""
    name = listed(asvi.folder / "list.csv", entry(capturing["reference"], at=portal.now))
    portal.now += NEXT_DAY
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with patch.object(Path, "replace", side_effect=full):
        result = asvi("compare", name)
    assert result.exit_code == 2
    assert "could not be written: No space left on device" in result.output
    assert "what it did before stands" in result.output
    assert [path.name for path in asvi.folder.iterdir()] == ["list.csv"]
    assert state(capturing) is OrderState.PAID
    asvi.does("compare", name)


@pytest.mark.parametrize("name", ["no/x.csv", LONG + "x" * 20])
def test_no_export(portal: Portal, asvi: Desk, paid: Json, name: str) -> None:
    """The accountants' file that cannot be written is named, with what to do."""
    portal.now += timedelta(days=1)
    result = asvi("export", str(asvi.folder / name), "--day", "2020-05-05")
    assert result.exit_code == 2
    assert f"{name} could not be written:" in result.output
    assert "What to do:" in result.output
    assert state(paid) is OrderState.PAID


def test_private(tmp_path: Path) -> None:
    """A file that grows beside the old one is its owner's alone, and its name is nobody's guess."""
    file = tmp_path / "x.csv"
    seen: list[Path] = []
    real = Path.replace

    def replaced(coming: Path, target: Path) -> Path:
        seen.append(coming)
        assert coming.stat().st_mode & 0o077 == 0
        return real(coming, target)

    with patch.object(Path, "replace", replaced):
        papers.write(file, "one")
        papers.write(file, "two")
    assert file.read_text() == "two"
    assert seen[0].name != seen[1].name
    assert list(tmp_path.iterdir()) == [file]
