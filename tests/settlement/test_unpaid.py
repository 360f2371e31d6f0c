"""OPEN past its time: CMI is asked once more, then the order expires or what was missed is made good."""

import pytest

from functions.shared.aws import dues, orders
from functions.shared.rules.orders import DueState
from tests.portal import GOLDEN
from tests.settlement.world import World, count

OVER = {"minutes": 36}


@pytest.mark.parametrize("api", ["body", "form", "off"])
def test_expires(world: World, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    """An abandoned order expires when its time is over, with CMI's API and without it."""
    monkeypatch.setenv("STATUS_API", api)
    order = world.open()
    world.later(minutes=34)
    world.sweep()
    assert world.state(order) == "open"
    world.later(minutes=2)
    world.sweep()
    assert (world.state(order), world.told(order)) == ("expired", "expired")
    assert (world.waits(), world.queue(), world.letters(order)) == ([], [], [])
    assert world.portal.first_lookup().json["open_payments"] == []
    assert world.waits(days=30) == ([] if api == "off" else ["ORDER"])


def test_silent_api_waits(world: World) -> None:
    """While CMI does not answer nothing expires, though the payer is told what is sure."""
    order = world.open()
    world.fault("api_down")
    world.later(**OVER)
    world.sweep()
    assert (world.state(order), world.told(order)) == ("open", "expired")
    world.fault("api_down", on=False)
    world.later(minutes=1)
    world.sweep()
    assert world.state(order) == "expired"


def test_declined(world: World) -> None:
    """A declined card is no reason to wait longer."""
    order = world.open()
    world.authorise(order).state = "declined"
    world.later(**OVER)
    world.sweep()
    assert world.state(order) == "expired"


def test_captured_unasked(world: World) -> None:
    """CMI captured though its message never came: the payer has paid (event 79)."""
    order = world.open()
    made = world.authorise(order)
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(**OVER)
    world.sweep()
    assert (world.state(order), world.told(order)) == ("paid", "paid")
    assert world.portal.due_states() == [DueState.PAID]
    assert (world.letters(order), world.queue()) == (["paid"], [])


def test_message_after_the_proof(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that comes after its payment was proved is the same payment, never voided."""
    order = world.open()
    made = world.authorise(order)
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(**OVER)
    world.sweep()
    calls = count(monkeypatch)
    assert world.tell(order, made) == "ACTION=POSTAUTH"
    world.stream()
    world.sweep()
    assert (made.state, world.state(order), calls) == ("captured", "paid", [])


def test_captured_for_a_paid_quarter(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """CMI captured a quarter that was paid otherwise: the operator refunds, and is called."""
    order, other = world.open(), world.open()
    world.pay(other)
    world.stream()
    made = world.authorise(order, "T2")
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(**OVER)
    world.sweep()
    (why,) = world.queue()
    assert "refund" in why
    assert '"Page"' in capsys.readouterr().out
    assert (world.state(order), world.state(other)) == ("open", "paid")
    assert dues.of_number(GOLDEN.registration_number)[0][0].trans_id == "T1"


def test_other_amount(world: World) -> None:
    """Another amount captured unasked is for the operator, and nothing is called paid."""
    order = world.open()
    made = world.authorise(order, more_centimes=1)
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(**OVER)
    world.sweep()
    assert (world.state(order), world.queue()) == ("open", ["CMI captured another amount"])
    assert world.portal.due_states() == [DueState.UNPAID]


def test_reserved_and_never_told(world: World) -> None:
    """Money reserved without a word to us is released, and the payer told, by letter too (event 79)."""
    order = world.open()
    made = world.authorise(order)
    world.later(**OVER)
    world.sweep()
    assert (world.state(order), world.told(order)) == ("expired", "not_debited")
    assert world.letters(order) == ["not_debited"]
    world.stream()
    assert (made.state, world.waits()) == ("voided", [])


def test_captured_late(world: World) -> None:
    """What CMI captures after an order expired, without a word, is found within a day (event 97)."""
    order = world.open()
    world.later(**OVER)
    world.sweep()
    made = world.authorise(order)
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(hours=1)
    world.sweep()
    assert (world.state(order), world.told(order)) == ("paid", "paid")
    assert world.portal.due_states() == [DueState.PAID]


def test_captured_after_release(world: World) -> None:
    """What CMI captures after it said that it would not is found by the later looks (event 97)."""
    order = world.open()
    made = world.pay(order)
    made.state = "voided"
    world.stream()
    assert world.state(order) == "released"
    made.state = "authorised"
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.sweep_until_settled()
    assert (world.state(order), world.told(order)) == ("paid", "paid")


def test_reserved_late(world: World) -> None:
    """Money reserved after an order expired, without a word, is released as well (I18)."""
    order = world.open()
    world.later(**OVER)
    world.sweep()
    made = world.authorise(order)
    world.later(hours=1)
    world.sweep()
    world.stream()
    assert (made.state, world.state(order), world.told(order)) == (
        "voided", "expired", "not_debited",
    )  # fmt: skip
    assert world.letters(order) == ["not_debited"]
    world.sweep_until_settled()
    assert world.queue() == []


def test_looked_at_for_a_week(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An abandoned order is asked about three times more in a week, and then no more."""
    world.open()
    world.later(**OVER)
    world.sweep()
    calls = count(monkeypatch, "status")
    world.sweep_until_settled()
    assert len(calls) == 3


def test_told_after_all(world: World) -> None:
    """Once such money is given back, CMI's late message captures nothing: no order without money."""
    order = world.open()
    made = world.authorise(order)
    world.later(**OVER)
    world.sweep()
    assert world.tell(order, made) == "APPROVED"
    world.stream()
    assert (made.state, world.state(order)) == ("voided", "expired")
    assert world.portal.due_states() == [DueState.UNPAID]


def test_second_card_after_expiry(world: World) -> None:
    """Another card's late approval of the expired order still pays (design.md §4)."""
    order = world.open()
    world.authorise(order)
    world.later(**OVER)
    world.sweep()
    world.stream()
    second = world.pay(order, "T2")
    world.stream()
    assert (second.state, world.state(order), world.told(order)) == ("captured", "paid", "paid")


def test_told_in_the_same_instant(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """CMI's message beside the sweep's question: one of them decides, and both agree (race)."""
    order = world.open()
    made = world.authorise(order)
    world.later(**OVER)
    real = orders.keep

    def late(*given: object, **named: object) -> object:
        world.tell(order, made)
        return real(*given, **named)  # type: ignore[arg-type] # handed on as they came

    with monkeypatch.context() as patched:
        patched.setattr(orders, "keep", late)
        world.sweep()
    world.stream()
    world.sweep_until_settled()
    assert (made.state, world.state(order), world.told(order)) == ("captured", "paid", "paid")
    assert made.replies == ["ACTION=POSTAUTH"]
