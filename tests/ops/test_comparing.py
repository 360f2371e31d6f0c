"""The daily comparison, run against the portal with the lists that the simulator writes."""

from datetime import timedelta
from pathlib import Path

import pytest

from functions.shared.aws import ledger
from functions.shared.rules.orders import DueState, OrderState
from functions.shared.rules.references import with_check_digits
from tests.ops.bank import EMPTY, NEXT_DAY, entry, listed, report
from tests.ops.conftest import Desk, events, stands, state
from tests.portal import Json, Portal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where CMI's list is."""
    return tmp_path / "captured.csv"


def test_all_matched(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """Where both sides agree it says so, with both totals, and changes nothing."""
    name = listed(file, entry(paid["reference"], at=portal.now))
    portal.now += NEXT_DAY
    before = portal.rows()
    told = asvi.does("compare", name, "--day", "2020-05-05")
    assert portal.rows() == before
    assert report(file) == [("matched", "T1", "")]
    assert "1 matched, 0 missing here" in told
    assert "CMI: 1 captures, 1467.06 DH" in told
    assert "1 paid, 1467.06 DH" in told


def test_capturing(portal: Portal, asvi: Desk, capturing: Json, file: Path) -> None:
    """A capture that was waited for is proved by the list; the payment belongs to its day."""
    captured_at = portal.now + timedelta(seconds=2)
    name = listed(file, entry(capturing["reference"], at=captured_at))
    portal.now += NEXT_DAY
    assert asvi("compare", name, "--dry-run").exit_code == 1
    assert state(capturing) is OrderState.CAPTURING
    assert report(file) == [("missing here", "T1", "would be settled")]
    assert asvi("compare", name).exit_code == 1
    order = stands(capturing)
    assert (order.state, order.paid_at) == (OrderState.PAID, captured_at.replace(microsecond=0))
    assert [who for _, who, _ in events(portal, capturing)] == ["comparison"]
    assert asvi("compare", name).exit_code == 0
    assert [one.reference for one in ledger.paid_on(captured_at.date())] == [order.reference]


def test_unheard_capture(portal: Portal, asvi: Desk, file: Path) -> None:
    """A capture whose message never came is paid by the list while its quarters are free."""
    order = portal.checkout().json
    name = listed(file, entry(order["reference"], "T7", at=portal.now))
    portal.now += NEXT_DAY
    assert asvi("compare", name).exit_code == 1
    assert (stands(order).state, stands(order).trans_id) == (OrderState.PAID, "T7")
    assert portal.due_states() == [DueState.PAID]
    assert asvi.does("queue").strip() == EMPTY


def test_captured_twice_over(portal: Portal, asvi: Desk, file: Path) -> None:
    """A second capture of one quarter is never called paid: it waits for a refund."""
    late, other = portal.checkout().json, portal.checkout().json
    portal.verdict(other, TransId="T2")
    name = listed(
        file,
        entry(late["reference"], at=portal.now),
        entry(other["reference"], "T2", at=portal.now),
    )
    portal.now += NEXT_DAY
    assert asvi("compare", name, "--dry-run").exit_code == 1
    assert report(file)[0] == ("missing here", "T1", "would be queued")
    assert asvi("compare", name).exit_code == 1
    assert report(file) == [("missing here", "T1", "queued"), ("matched", "T2", "")]
    assert state(late) is OrderState.OPEN
    assert "is paid or being paid otherwise: refund" in asvi.does("queue")
    asvi.does("done", late["reference"], "--why", "given back at CMI")
    assert asvi.does("queue").strip() == EMPTY


def test_not_captured(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """A payment that CMI does not list is queued and stays paid until a person says otherwise.

    So it ends, where CMI's word is the proof, if our reply never reached CMI (event 100).
    """
    portal.stream()
    portal.now += NEXT_DAY
    name = listed(file)
    assert asvi("compare", name, "--day", "2020-05-05").exit_code == 1
    assert state(paid) is OrderState.PAID
    assert "CMI did not capture it" in asvi.does("queue")
    since = asvi.does("queue")[:400]
    portal.now += timedelta(hours=1)
    assert asvi("compare", name, "--day", "2020-05-05").exit_code == 1
    assert asvi.does("queue")[:400] == since
    asvi.does("uncapture", paid["reference"], "--why", "not in the list of 5 May")
    assert asvi.does("queue").strip() == EMPTY
    assert asvi("compare", name, "--day", "2020-05-05").exit_code == 0


def test_found_the_day_after(portal: Portal, asvi: Desk, file: Path) -> None:
    """A capture a moment past midnight closes what the list of the day before seemed to lack."""
    portal.now = portal.now.replace(hour=23, minute=59, second=59)
    order = portal.checkout().json
    portal.verdict(order)
    portal.now += timedelta(days=2)
    assert asvi("compare", listed(file), "--day", "2020-05-05").exit_code == 1
    assert "about midnight" in asvi.does("queue")
    late = portal.now.replace(day=6, hour=0, minute=0, second=1)
    name = listed(file, entry(order["reference"], at=late))
    asvi.does("compare", name, "--day", "2020-05-06")
    assert asvi.does("queue").strip() == EMPTY


def test_day_in_progress(asvi: Desk, paid: Json, file: Path) -> None:
    """What today's list does not hold yet is shown, and troubles nobody."""
    assert asvi("compare", listed(file), "--day", "2020-05-05").exit_code == 1
    assert report(file) == [("missing there", "T1", "not queued")]
    assert state(paid) is OrderState.PAID
    assert asvi.does("queue").strip() == EMPTY


def test_list_up_to_now(portal: Portal, asvi: Desk, paid: Json, file: Path) -> None:
    """A list that reaches into today is whole for the days before, which are looked at."""
    others = [entry(with_check_digits("999999999999"), at=portal.now)]
    portal.now += NEXT_DAY
    others.append(entry(with_check_digits("999999999998"), "T2", at=portal.now))
    assert asvi("compare", listed(file, *others)).exit_code == 1
    assert report(file)[-1] == ("missing there", "T1", "queued")
    assert paid["reference"] in asvi.does("queue").replace(" ", "")
