"""The daily comparison where the sides differ in ways that only a person can settle."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from cmi_simulator.captured import listing
from functions.settlement import comparison
from functions.shared.aws import dues, ledger, moves
from functions.shared.aws.moves import Word
from functions.shared.rules.orders import DueState, OrderState
from functions.shared.rules.references import with_check_digits
from ops import comparing
from tests.handlers.wire import quarters
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, stands, state
from tests.portal import GOLDEN, Json, Portal

UNKNOWN = with_check_digits("999999999999")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where CMI's list is."""
    return tmp_path / "captured.csv"


def test_unknown_order(portal: Portal, asvi: Desk, file: Path) -> None:
    """Money for an order that is not ours waits for a person, who can look at it and close it."""
    name = listed(file, entry(UNKNOWN, "T5", 9900, at=portal.now))
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert "CMI captured for an order unknown here" in asvi.does("queue")
    assert "CMI tells of one" in asvi.does("show", UNKNOWN)
    asvi.does("done", UNKNOWN, "--why", "another service of the fund")
    assert asvi.does("queue").strip() == EMPTY


def test_other_amount(portal: Portal, asvi: Desk, capturing: Json, file: Path) -> None:
    """A capture of another amount is never taken for the payment."""
    name = listed(file, entry(capturing["reference"], amount_centimes=146705, at=portal.now))
    portal.now += NEXT_DAY
    told = asvi("compare", name)
    assert told.exit_code == 1
    assert report(file) == [("amount differs", "T1", "queued")]
    assert "1467.05 DH" in told.output
    assert state(capturing) is OrderState.CAPTURING


def test_twice_there(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """Two captures of one order: one is the payment, the other waits for a refund."""
    entries = [entry(paid["reference"], trans, at=portal.now) for trans in ("T1", "T2")]
    name = listed(file, *entries)
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert report(file) == [("matched", "T1", ""), ("twice there", "T2", "queued")]
    assert "comparison T2" in asvi.does("queue")


def test_somebody_faster(portal: Portal, asvi: Desk, capturing: Json, file: Path) -> None:
    """What settlement settled while the lists were compared is not fought over."""
    name = listed(file, entry(capturing["reference"], at=portal.now))
    portal.now += NEXT_DAY

    def compared(*arguments: object) -> list[object]:
        accepted_at = stands(capturing).decided_at
        word = Word("settlement", "CMI shows the capture", "T1", accepted_at)
        found = real(*arguments)  # type: ignore[arg-type] # handed through as they come
        assert moves.move(stands(capturing), OrderState.PAID, word, portal.now)
        return list(found)

    real = comparison.compare
    with patch.object(comparing, "compare", compared):
        assert asvi("compare", name).exit_code == 1
    assert report(file) == [("missing here", "T1", "queued")]
    assert "compare again" in asvi.does("queue")
    asvi.does("compare", name)
    assert asvi.does("queue").strip() == EMPTY


def test_several_days(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """A list of several days is compared with all of them, those between without a line too."""
    portal.load(*quarters(2))
    others = []
    for _ in range(2):
        portal.now += timedelta(days=1)
        listed_now = portal.first_lookup().json
        one = listed_now | {"dues": listed_now["dues"][:1]}
        others.append(portal.checkout(one).json)
        portal.verdict(others[-1])
    assert [len(ledger.paid_on(portal.now.date() - timedelta(days=n))) for n in range(3)] == [1] * 3
    first = entry(paid["reference"], at=portal.now - timedelta(days=2))
    last = entry(others[1]["reference"], amount_centimes=others[1]["total_centimes"], at=portal.now)
    name = listed(file, first, last)
    portal.now += timedelta(days=1)
    assert asvi("compare", name).exit_code == 1
    assert [kind for kind, _, _ in report(file)] == ["matched", "matched", "missing there"]


@pytest.mark.parametrize(
    ("day", "typed", "told"),
    [
        (5, ["--day", "2020-05-06"], "it tells of 2020-05-05"),
        (5, ["--columns", "{"], "no JSON"),
        (0, [], "say by --day"),
        (5, ["--day", "5 May"], "a day like 2020-05-05"),
    ],
)
def test_unusable(
    portal: Portal, asvi: Desk, paid: Json, file: Path, day: int, typed: list[str], told: str
) -> None:
    """A list of another day, or that is not understood, settles and queues nothing."""
    entries = [entry(paid["reference"], at=portal.now)] if day else []
    name = listed(file, *entries)
    before = portal.rows()
    result = asvi("compare", name, *typed)
    assert (result.exit_code, portal.rows()) == (2, before)
    assert told in result.output


def test_columns(
    portal: Portal, asvi: Desk, paid: Json, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How CMI's list is written is a setting of the operator's environment."""
    monkeypatch.setenv("ASVI_COLUMNS", '{"amount": "Somme", "delimiter": ","}')
    text = listing([entry(paid["reference"], at=portal.now)])
    file.write_text(text.replace("montant", "Somme").replace(";", ","), newline="")
    asvi.does("compare", str(file))
    assert report(file) == [("matched", "T1", "")]


def test_paid_at_another_channel(portal: Portal, asvi: Desk, file: Path) -> None:
    """The list never takes a quarter that a counter has taken."""
    order = portal.checkout().json
    assert dues.load(replace(GOLDEN, state=DueState.PAID), portal.now) == "loaded"
    name = listed(file, entry(order["reference"], at=portal.now))
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert report(file) == [("missing here", "T1", "queued")]
    assert state(order) is OrderState.OPEN
