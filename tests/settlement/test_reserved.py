"""Approvals that we refused: voided until CMI says so, or lapsed; never what paid an order."""

from datetime import timedelta

import pytest

from cmi_simulator.ledger import Entry
from functions.settlement.api import Api
from functions.shared.rules.settlement import MOST_TRIES
from tests.portal import Json
from tests.settlement.world import World, count


def refused(world: World) -> tuple[Json, Entry]:
    """Let two people pay one quarter; give the loser's order and payment."""
    winner, loser = world.open(), world.open()
    world.pay(winner)
    world.stream()
    made = world.pay(loser, "T2")
    assert made.replies == ["APPROVED"]
    return loser, made


def test_voided_at_once(world: World) -> None:
    """Whoever lost a race has the money released within seconds."""
    order, made = refused(world)
    assert world.stream() == 1
    assert (made.state, world.row(order, "ATTEMPT").get("waits")) == ("voided", None)
    assert world.told(order) == "not_debited"


def test_voided_later(world: World) -> None:
    """While CMI's API is down the release waits; it is not forgotten."""
    world.fault("api_down")
    order, made = refused(world)
    world.stream()
    assert made.state == "authorised"
    world.fault("api_down", on=False)
    world.later(minutes=1)
    world.sweep()
    assert (made.state, world.row(order, "ATTEMPT").get("waits")) == ("voided", None)


def test_answer_lost(world: World) -> None:
    """A release that was done, its answer lost, is seen as done (event 95)."""
    world.fault("api_down")
    order, made = refused(world)
    world.stream()
    made.state = "voided"
    world.fault("api_down", on=False)
    world.later(minutes=1)
    world.sweep()
    assert (world.row(order, "ATTEMPT").get("waits"), world.queue()) == (None, [])


def test_void_that_did_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Void that CMI calls done while its status still shows the money held is asked for again."""
    order, made = refused(world)
    with monkeypatch.context() as patched:
        patched.setattr(Api, "void", lambda *_: True)
        world.stream()
    assert made.state == "authorised"
    world.later(minutes=1)
    world.sweep()
    assert (made.state, world.row(order, "ATTEMPT").get("waits")) == ("voided", None)


def test_voided_after_a_release(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second card on a released order is voided too, though no Void names what it means."""
    monkeypatch.setenv("VOID_BY_TRANSACTION", "off")
    order = world.open()
    world.pay(order).state = "voided"
    world.later(minutes=1)
    world.sweep()
    assert world.state(order) == "released"
    second = world.pay(order, "T2")
    assert second.replies == ["APPROVED"]
    world.stream()
    assert (second.state, world.row(order, "ATTEMPT#T2").get("waits")) == ("voided", None)


def test_captured_all_the_same(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What CMI captured against our word is undone the same day, or refunded by the operator."""
    world.fault("ignores_reply")
    _, made = refused(world)
    world.later(days=1)
    world.sweep()
    assert made.state == "captured"
    assert "CMI captured what we refused: refund" in world.queue()
    assert '"Page"' in capsys.readouterr().out


def test_undone_the_same_day(world: World) -> None:
    """On the day itself a Void takes such a capture back."""
    world.fault("ignores_reply")
    _, made = refused(world)
    world.stream()
    assert (made.state, world.queue()) == ("voided", [])


@pytest.mark.parametrize("api", ["body", "off"])
def test_lapsed(world: World, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    """What CMI no longer knows has lapsed after a week; without an API nothing else is done."""
    monkeypatch.setenv("STATUS_API", api)
    order, made = refused(world) if api == "body" else alone(world)
    world.bank.ledger.entries.remove(made)
    world.stream()
    world.later(days=6)
    world.sweep()
    assert world.row(order, "ATTEMPT")["waits"].startswith("WORK")
    world.later(days=2)
    world.sweep()
    assert (world.row(order, "ATTEMPT").get("waits"), world.queue()) == (None, [])


def alone(world: World) -> tuple[Json, Entry]:
    """Let a card be approved without its holder's consent (mdStatus 0), which we refuse."""
    order = world.open()
    made = world.authorise(order)
    assert world.tell(order, made, mdStatus="0") == "APPROVED"
    return order, made


def test_without_api_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an API nobody looks before the money has lapsed by itself."""
    monkeypatch.setenv("STATUS_API", "off")
    order, _ = alone(world)
    world.stream()
    row = world.row(order, "ATTEMPT")
    lapse = world.portal.now + timedelta(days=7)
    assert (row["waits_at"][:16], row["tries"]) == (lapse.isoformat()[:16], 1)


def test_never_released(world: World) -> None:
    """A release that CMI refuses for a month ends with the operator."""
    world.fault("api_down")
    order, _ = alone(world)
    world.stream()
    world.change(order, "ATTEMPT", tries=MOST_TRIES)
    world.later(days=31)
    world.sweep()
    assert "asked for a month: reserved, and not to be captured" in world.queue()


def test_without_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approval without TransId is for the operator: a Void of "any" could undo a payment."""
    order = world.open()
    calls = count(monkeypatch)
    assert world.portal.verdict(order, TransId="").text == "APPROVED"
    world.pay(order)
    world.stream()
    assert [call for call in calls if call[0] == "void"] == []
    assert world.queue() == ["CMI reserved money and named no transaction"]
    assert world.state(order) == "paid"


@pytest.mark.parametrize("code", ["51", "05"])
def test_contradiction_about_the_payment(world: World, code: str) -> None:
    """CMI contradicts itself about what paid the order: the payment is not voided (event 72)."""
    order = world.open()
    made = world.pay(order)
    assert world.tell(order, made, ProcReturnCode=code) == "APPROVED"
    assert world.stream() == 2
    world.sweep()
    assert (made.state, world.state(order), world.waits()) == ("captured", "paid", [])


def test_refused_then_captured_by_cmi(world: World) -> None:
    """What we refused is not called paid by the sweep while its money is being given back."""
    world.fault("ignores_reply")
    order, made = alone(world)
    world.later(days=1)
    world.sweep()
    assert (made.state, world.state(order)) == ("captured", "open")
    assert len(world.queue()) == 2
    assert all("refund" in why for why in world.queue())
