"""The operator's policy on AWS: every command works under it, and it allows nothing besides."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared import settings
from tests.ops.bank import entry, listed
from tests.ops.conftest import Desk
from tests.ops.test_importing import HEADER, LINE, OTHER
from tests.portal import GOLDEN, Json, Portal
from tests.rights import OPERATOR, SEEN, allowed

# Encrypting is the table's own doing, in the operator's name.
BY_THE_TABLE = "kms:"


def test_no_more(
    portal: Portal, asvi: Desk, capturing: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All commands once: each right is used (that no other is, every test of them holds)."""
    SEEN.pop(OPERATOR, None)
    dues = tmp_path / "dues.csv"
    dues.write_text(HEADER + LINE + OTHER)
    asvi.does("import", str(dues))
    asvi.does("loads")
    asvi.does("queue")
    asvi.does("settle", capturing["reference"], "paid", "--evidence", "list", "--trans-id", "T1")
    monkeypatch.setenv("EVIDENCE", "callback")
    settings.read.cache_clear()
    asvi.does("show", capturing["reference"])
    assert asvi("find", answer=f"{GOLDEN.registration_number}\n").exit_code == 0
    portal.stream()
    portal.now += timedelta(minutes=3)
    asvi.does("resend", capturing["reference"], "--why", "lost it")
    captured = listed(tmp_path / "captured.csv", entry(capturing["reference"], at=portal.now))
    portal.now += timedelta(days=1)
    asvi("compare", captured, "--day", "2020-05-05")
    asvi.does("export", str(tmp_path / "paid.csv"), "--day", "2020-05-05")
    asvi.does("refund", capturing["reference"], "--why", "asked for")
    unheard = portal.checkout().json["reference"]
    asvi.does("settle", unheard, "paid", "--evidence", "list", "--trans-id", "T7")
    seen = SEEN[OPERATOR]
    for right in allowed(OPERATOR):
        assert right.action.startswith(BY_THE_TABLE) or any(it.met_by(right) for it in seen), right
