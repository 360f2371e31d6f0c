"""CAPTURING: from CMI's approval to the proof of its capture, or of there being none."""

import pytest

from cmi_simulator.ledger import Entry, Ledger
from functions.shared.rules.orders import DueState
from functions.shared.rules.settlement import MOST_TRIES
from tests.settlement.world import World, count


def test_paid_at_once(world: World) -> None:
    """An approval is "being confirmed" until CMI shows the capture and its amount, then paid."""
    order = world.open()
    made = world.pay(order)
    assert (made.state, world.state(order), world.told(order)) == (
        "captured", "capturing", "confirming",
    )  # fmt: skip
    assert world.portal.due_states() == [DueState.HELD]
    assert world.letters(order) == []
    assert world.stream() == 1
    assert (world.state(order), world.told(order)) == ("paid", "paid")
    assert world.portal.due_states() == [DueState.PAID]
    assert world.letters(order) == ["paid"]
    assert world.row(order)["evidence"] == f"settlement T1 {order['total_centimes']}"
    assert world.waits() == []


def test_listed_as_confirming(world: World) -> None:
    """Meanwhile the quarter is listed as being confirmed and cannot be paid again."""
    world.pay(world.open())
    listed = world.portal.first_lookup().json
    assert [due["state"] for due in listed["dues"]] == ["confirming"]
    assert listed["unpaid_count"] == 0
    again = world.portal.checkout(listed, seen_total_centimes=146706)
    assert again.code == "due_confirming"


def test_day_of_capture(world: World) -> None:
    """A payment proved after midnight belongs to the day on which CMI captured it (I20)."""
    order = world.open()
    world.pay(order)
    world.later(hours=9)
    world.sweep()
    row = world.row(order)
    assert (row["paid_at"], row["paid_day"][:15]) == (
        "2020-05-05T21:50:51.000+00:00",
        "PAID#2020-05-05",
    )


def test_second_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the stream is faster than CMI's capture, it looks again before the next minute."""
    order = world.open()
    made = world.authorise(order)
    assert world.portal.verdict(order).text == "ACTION=POSTAUTH"
    calls: list[str] = []
    best = Ledger.best

    def captured_meanwhile(ledger: Ledger, oid: str) -> Entry | None:
        calls.append(oid)
        if len(calls) == 2:
            world.bank.heard(made, "ACTION=POSTAUTH")
        return best(ledger, oid)

    monkeypatch.setattr(Ledger, "best", captured_meanwhile)
    world.stream()
    assert (len(calls), world.state(order)) == (2, "paid")


def test_capture_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture that did not happen is asked for again, once CMI had its own time for it."""
    world.fault("loses_reply")
    order = world.open()
    made = world.pay(order)
    calls = count(monkeypatch)
    world.stream()
    assert [call[0] for call in calls] == ["status", "status"]
    assert (made.state, world.state(order)) == ("authorised", "capturing")
    world.later(minutes=1)
    world.sweep()
    assert ("capture", "T1") in calls
    assert (made.state, made.captured_centimes) == ("captured", order["total_centimes"])
    assert (world.state(order), world.portal.due_states()) == ("paid", [DueState.PAID])


@pytest.mark.parametrize("state", ["voided", "declined"])
def test_no_capture(world: World, state: str) -> None:
    """Proof of no capture frees the quarter and tells the payer, by letter too."""
    world.fault("loses_reply")
    order = world.open()
    world.pay(order).state = state
    world.stream()
    assert (world.state(order), world.told(order)) == ("released", "not_debited")
    assert world.portal.due_states() == [DueState.UNPAID]
    assert world.letters(order) == ["not_debited"]
    world.fault("loses_reply", on=False)
    again = world.open()
    assert world.pay(again, "T2").state == "captured"
    world.stream()
    assert (world.state(again), world.portal.due_states()) == ("paid", [DueState.PAID])


def test_no_address(world: World) -> None:
    """Who gave no address is owed no letter, whatever happens (event 114)."""
    world.fault("loses_reply")
    order = world.open(email=None)
    world.pay(order).state = "voided"
    world.stream()
    assert (world.state(order), world.letters(order)) == ("released", [])


def test_unknown_to_cmi(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """An order that CMI does not know waits a day, then is released and somebody called (event 94)."""
    order = world.open()
    world.pay(order)
    world.bank.ledger.entries.clear()
    world.later(minutes=1)
    world.sweep()
    assert (world.state(order), world.queue()) == ("capturing", [])
    assert "Page" not in capsys.readouterr().out
    world.later(hours=23, minutes=58)
    world.sweep()
    assert world.state(order) == "capturing"
    world.later(minutes=11)
    world.sweep()
    assert (world.state(order), world.portal.due_states()) == ("released", [DueState.UNPAID])
    assert '"Page"' in capsys.readouterr().out


@pytest.mark.parametrize("more", [-1, 1])
def test_other_amount(world: World, more: int) -> None:
    """Another captured amount is never called paid: the operator is asked (event 93)."""
    order = world.open()
    world.pay(order).captured_centimes += more
    world.stream()
    assert (world.state(order), world.queue()) == ("capturing", ["CMI captured another amount"])
    world.later(days=2)
    world.sweep()
    world.stream()
    assert (world.state(order), world.told(order)) == ("capturing", "confirming")


def test_silent_api(world: World) -> None:
    """While CMI's API is down the payer waits, and is told so; then all is settled (event 98)."""
    order = world.open()
    world.pay(order)
    world.fault("api_down")
    world.stream()
    for _ in range(5):
        world.later(minutes=20)
        world.sweep()
    assert (world.state(order), world.portal.due_states()) == ("capturing", [DueState.HELD])
    assert world.portal.receipt(order).json["check_again_in_seconds"] is None
    world.fault("api_down", on=False)
    world.later(minutes=20)
    world.sweep()
    assert world.state(order) == "paid"


def test_month_of_silence(world: World) -> None:
    """What CMI never answers about ends with the operator, within a bounded number of looks."""
    order = world.open()
    world.pay(order)
    world.fault("api_down")
    world.change(order, tries=MOST_TRIES - 2)
    assert world.sweep_until_settled() == 3
    assert world.queue() == ["asked for a month: CMI gave no usable answer"]
    assert world.told(order) == "confirming"


def test_without_api(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the API was switched off while an order waited for it, the operator is asked."""
    order = world.open()
    world.pay(order)
    monkeypatch.setenv("STATUS_API", "off")
    world.stream()
    assert (world.state(order), world.queue()) == (
        "capturing", ["no status API to prove the capture"],
    )  # fmt: skip


def test_approved_twice(world: World) -> None:
    """Of two approvals of one order the first is captured and the second voided (event 68)."""
    world.fault("loses_reply")
    order = world.open()
    first, second = world.pay(order), world.pay(order, "T2")
    assert second.replies == ["APPROVED"]
    world.later(minutes=1)
    world.sweep_until_settled()
    assert (first.state, second.state) == ("captured", "voided")
    assert (world.state(order), world.row(order)["trans_id"]) == ("paid", "T1")
    assert world.queue() == []


def test_late_approval(world: World) -> None:
    """A late approval of an expired order is looked at afresh, at once (design.md §4)."""
    order = world.open()
    world.fault("api_down")
    world.later(minutes=36)
    world.sweep()
    assert world.row(order)["tries"] == 1
    world.fault("api_down", on=False)
    world.records()
    world.pay(order)
    assert "tries" not in world.row(order)
    assert world.stream() == 1
    assert world.state(order) == "paid"
