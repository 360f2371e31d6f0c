"""Two at once, a crash in between, a clock that is wrong: the conditions of each write decide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.settlement import work
from functions.settlement.api import Api
from functions.shared import outside
from functions.shared.aws import moves
from functions.shared.aws import work as index
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.orders import DueState
from functions.shared.rules.work import stamp
from tests.settlement.world import World, count

TEN = timedelta(minutes=10)


class Crash(BaseException):
    """The function's process ends here."""


def crashing(*_: Any, **__: Any) -> None:  # noqa: ANN401 - in place of anything
    """End the process."""
    raise Crash


def before(
    patched: pytest.MonkeyPatch,
    owner: object,
    name: str,
    meanwhile: Callable[[], object],
) -> None:
    """Let something happen once, just before a call."""
    real, todo = getattr(owner, name), [meanwhile]

    def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
        if todo:
            todo.pop()()
        return real(*given, **named)

    patched.setattr(owner, name, call)


MOVES = {
    "captured": ("capturing", "paid"), "voided": ("capturing", "released"),
    "open": ("open", "expired"),
}  # fmt: skip


@pytest.mark.parametrize("case", MOVES)
@pytest.mark.parametrize("at", ["status", "write"])
def test_two_sweeps(world: World, monkeypatch: pytest.MonkeyPatch, case: str, at: str) -> None:
    """Two sweeps interleaved do each thing once (event 104)."""
    order = world.open()
    if case == "open":
        world.later(minutes=36)
    else:
        world.pay(order).state = case
    assert world.state(order) == MOVES[case][0]
    owner, name = (Api, "status") if at == "status" else (moves, "move")
    before(monkeypatch, owner, name, world.sweep)
    world.sweep()
    assert (world.state(order), world.waits(), world.queue()) == (MOVES[case][1], [], [])
    events = [row for row in world.rows(order) if row["sk"].startswith("EVENT#")]
    assert len(events) == 1
    assert len(world.letters(order)) == (0 if case == "open" else 1)


@pytest.mark.parametrize("step", ["postpone", "enqueue", "finish"])
def test_paid_meanwhile(world: World, step: str) -> None:
    """Whoever looked before an order was paid takes nothing from its letter's place (I16)."""
    order = world.open(email=None)
    made = world.pay(order)
    seen = world.row(order)
    world.stream()
    paid = world.row(order)
    assert paid["waits"].startswith("MAIL")
    key = (seen["pk"], "ORDER")
    given: dict[str, tuple[Any, ...]] = {
        "postpone": (0, world.portal.now), "enqueue": ("why", world.portal.now), "finish": (world.portal.now,),
    }  # fmt: skip
    getattr(index, step)(key, *given[step], seen=seen)
    assert (world.row(order), made.state) == (paid, "captured")


def test_silent_look_beside_a_payment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that learnt nothing does not put off an order that was accepted meanwhile."""
    order = world.open()
    made = world.authorise(order)
    world.fault("api_down")
    world.later(minutes=36)
    with monkeypatch.context() as patched:
        before(patched, index, "postpone", lambda: world.tell(order, made))
        world.sweep()
    row = world.row(order)
    assert (row["state"], row["waits_at"], row.get("tries")) == (
        "capturing", row["decided_at"], None,
    )  # fmt: skip


def test_released_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """CMI's capture wins over a release that another sweep made meanwhile (event 97)."""
    order = world.open()
    made = world.pay(order)

    def other() -> None:
        made.state = "voided"
        world.sweep()
        made.state = "captured"

    with monkeypatch.context() as patched:
        before(patched, moves, "move", other)
        world.sweep()
    assert (world.state(order), world.portal.due_states()) == ("paid", [DueState.PAID])


def test_released_and_paid_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the quarter was paid otherwise by then, the operator refunds (event 97)."""
    order = world.open()
    made = world.pay(order)

    def other() -> None:
        made.state = "voided"
        world.sweep()
        world.pay(world.open(), "T2")
        made.state = "captured"

    with monkeypatch.context() as patched:
        before(patched, moves, "move", other)
        world.sweep()
    assert world.state(order) == "released"
    (why,) = world.queue()
    assert "refund" in why


CRASHES = {
    "after the question": (work, "for_order"),
    "after PostAuth": (work, "_moved"),
    "before the write": (moves, "move"),
}


@pytest.mark.parametrize("place", CRASHES.values(), ids=CRASHES)
def test_crash(world: World, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str]) -> None:
    """Wherever settlement ends, a later sweep finds the same work and captures once."""
    world.fault("loses_reply")
    order = world.open()
    made = world.pay(order)
    world.later(minutes=1)
    calls = count(monkeypatch, "capture")
    with monkeypatch.context() as patched:
        patched.setattr(*place, crashing)
        with pytest.raises(Crash):
            world.sweep()
    world.sweep()
    assert (made.state, world.state(order)) == ("captured", "paid")
    assert made.captured_centimes == order["total_centimes"]
    assert len(calls) <= 1


def test_crash_after_the_refusal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Money recorded as refused is released, though the order did not get to expire."""
    order = world.open()
    made = world.authorise(order)
    world.later(minutes=36)
    with monkeypatch.context() as patched:
        patched.setattr(moves, "move", crashing)
        with pytest.raises(Crash):
            world.sweep()
    world.sweep_until_settled()
    assert (made.state, world.state(order), world.letters(order)) == (
        "voided", "expired", ["not_debited"],
    )  # fmt: skip


def test_move_answered_by_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A move that was made, its answer lost, is not made again and loses no letter (event 99)."""
    order = world.open()
    world.pay(order)
    real = moves.move

    def lost(*given: Any) -> bool:  # noqa: ANN401 - handed on
        real(*given)
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(moves, "move", lost)
        world.sweep()
    row = world.row(order)
    assert (row["state"], row.get("waits"), row.get("tries")) == ("paid", None, None)
    assert world.row(order, "LETTER#1")["waits"].startswith("MAIL")
    world.sweep()
    assert (world.row(order), world.letters(order)) == (row, ["paid"])


@pytest.mark.parametrize(("said", "ends"), [("captured", "paid"), ("voided", "released")])
def test_void_beside_a_capture(
    world: World, monkeypatch: pytest.MonkeyPatch, said: str, ends: str
) -> None:
    """Voided by hand while we ask for its capture: CMI's last word stands, and the dues' (event 96)."""
    world.fault("loses_reply")
    order = world.open()
    made = world.pay(order)
    world.later(minutes=1)
    with monkeypatch.context() as patched:
        if said == "voided":
            before(patched, Api, "capture", lambda: setattr(made, "state", "voided"))
        world.sweep()
    assert (made.state, world.state(order)) == (said, ends)
    taken = DueState.PAID if ends == "paid" else DueState.UNPAID
    assert (world.portal.due_states(), world.waits(), world.queue()) == ([taken], [], [])


@pytest.mark.parametrize("off", [-TEN, TEN])
def test_wrong_clock(world: World, off: timedelta) -> None:
    """A sweep whose clock is ten minutes off loses and captures nothing twice (event 108)."""
    captured, abandoned = world.open(), world.open()
    made = world.pay(captured)
    world.later(minutes=30)
    world.portal.now += off
    world.sweep()
    world.portal.now -= off
    assert world.state(captured) == "paid"
    assert (made.state, world.portal.due_states()) == ("captured", [DueState.PAID])
    world.later(minutes=6)
    world.sweep()
    assert (world.state(abandoned), world.told(abandoned)) == ("expired", "expired")


def test_expired_too_early(world: World) -> None:
    """An order that a fast clock expired is paid all the same when CMI approves it."""
    order = world.open()
    world.later(minutes=26)
    world.portal.now += TEN
    world.sweep()
    world.portal.now -= TEN
    assert world.state(order) == "expired"
    made = world.pay(order)
    world.stream()
    assert (made.state, world.state(order)) == ("captured", "paid")


def test_capture_of_the_future(world: World) -> None:
    """A bank whose clock is fast dates no payment into the future."""
    order = world.open()
    made = world.pay(order)
    made.captured_at = world.portal.now + timedelta(days=400)
    world.stream()
    assert world.row(order)["paid_at"] == stamp(world.portal.now)


def test_outside_is_untouched() -> None:
    """What tests put in place of time is gone after them."""
    assert outside.pause.__module__ == "functions.shared.outside"
