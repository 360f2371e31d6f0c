"""Somebody who tries numbers one after the other, from many addresses (event 12).

A figure over all callers is a metric with an alarm (`tests/infra/`) and never a row that every
payment would have to write: `design.md` §2.
"""

import json

import pytest

from functions.shared import settings
from tests.portal import Answer, Portal, copied

SCANNED = 6


def tried(portal: Portal, place: int) -> Answer:
    """Look the n-th number up from the n-th address."""
    address = f"198.51.100.{place}"
    shown = portal.post("/api/control-code", address=address).json
    asked = copied(shown, f"{100_000_000 + place}")
    return portal.post("/api/lookup", asked, address=address)


def counted(printed: str, name: str) -> int:
    """Add up what a metric counted."""
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return int(sum(sum(line[name]) for line in lines if "_aws" in line and name in line))


def test_scan_is_counted(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    """Each number costs a code and a proof, and both are counted over all addresses (event 12)."""
    answers = [tried(portal, place) for place in range(SCANNED)]
    assert {answer.status for answer in answers} == {200}
    printed = capsys.readouterr().out
    assert (counted(printed, "ControlCode"), counted(printed, "Lookup")) == (SCANNED, SCANNED)
    assert not [place for place in range(SCANNED) if f"10000000{place}" in printed]


def test_scan_heats_no_row(portal: Portal) -> None:
    """Counting a scan writes nothing that two addresses share (event 12)."""
    for place in range(SCANNED):
        tried(portal, place)
    counters = portal.rows("RATE#")
    assert len(counters) == SCANNED
    assert {(row["codes"], row["lookups"]) for row in counters} == {(1, 1)}


def test_work_for_everybody(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """During a scan the operator makes every code dearer, and people still pass (event 12)."""
    monkeypatch.setenv("PROOF_DOUBLINGS", "2")
    settings.read.cache_clear()
    shown = portal.post("/api/control-code").json
    assert shown["proof"]["maxnumber"] == 200_000
    assert portal.post("/api/lookup", copied(shown, "123456789")).status == 200
