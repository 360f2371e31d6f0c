"""The callback ends between its commit and its reply: a time-out, no memory, a crash (event 100)."""

from typing import Any

import pytest

from functions.settlement.api import Api
from functions.shared.aws import orders
from functions.shared.rules.orders import DueState
from tests.portal import Json
from tests.settlement.world import World, count


class Killed(BaseException):
    """Lambda ends the process."""


def killed_after_the_commit(world: World, monkeypatch: pytest.MonkeyPatch, order: Json) -> None:
    """Let CMI tell us of a payment, and the function end once it has committed."""
    real = orders.pay

    def pay(*given: Any) -> None:  # noqa: ANN401 - handed on
        assert real(*given) is None
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(orders, "pay", pay)
        with pytest.raises(Killed):
            world.portal.verdict(order)


def test_reply_never_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """CMI reserved and heard nothing: the sweep has it captured, once, and its payer told (event 100)."""
    order = world.open()
    made = world.authorise(order)
    killed_after_the_commit(world, monkeypatch, order)
    assert (made.state, world.state(order), world.told(order)) == (
        "authorised", "capturing", "confirming",
    )  # fmt: skip
    calls = count(monkeypatch, "capture")
    world.later(minutes=1)
    world.sweep()
    assert (made.state, world.state(order), world.told(order)) == ("captured", "paid", "paid")
    world.later(minutes=1)
    world.sweep()
    assert calls == [("capture", "T1")]
    assert (world.letters(order), world.portal.due_states()) == (["paid"], [DueState.PAID])


def test_message_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CMI sends its message again it gets the reply that never left (event 100)."""
    order = world.open()
    made = world.authorise(order)
    killed_after_the_commit(world, monkeypatch, order)
    assert world.tell(order, made) == "ACTION=POSTAUTH"
    world.stream()
    assert (made.state, world.state(order)) == ("captured", "paid")
    assert len([row for row in world.rows(order) if row["sk"].startswith("ATTEMPT#")]) == 1


def test_before_the_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before it committed, nothing stands: the money is released, and its payer told (event 100)."""
    order = world.open()
    made = world.authorise(order)

    def pay(*_: Any) -> None:  # noqa: ANN401 - in place of anything
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(orders, "pay", pay)
        with pytest.raises(Killed):
            world.portal.verdict(order)
    assert world.state(order) == "open"
    world.later(minutes=36)
    world.sweep()
    world.stream()
    assert (made.state, world.told(order)) == ("voided", "not_debited")
    assert world.portal.due_states() == [DueState.UNPAID]


def test_done_already(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture that CMI refuses because it was made meanwhile is seen as made (event 95)."""
    order = world.open()
    made = world.authorise(order)
    killed_after_the_commit(world, monkeypatch, order)
    answers: list[bool] = []
    real = Api.capture

    def late(self: Api, *given: Any) -> bool:  # noqa: ANN401 - handed on
        world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
        answers.append(real(self, *given))
        return answers[-1]

    monkeypatch.setattr(Api, "capture", late)
    world.later(minutes=1)
    world.sweep()
    assert (answers, made.state, world.state(order)) == ([False], "captured", "paid")
    assert made.captured_centimes == order["total_centimes"]
