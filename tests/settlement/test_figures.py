"""The figures that alarms and the dashboard are made of: ages, the operator's queue, letters."""

import json
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from functions.shared.aws import matters, work
from functions.shared.rules.errors import Unavailable
from tests.portal import NUMBER, signed
from tests.settlement.test_letters import paid, refusing, sweep
from tests.settlement.world import World

Figures = Callable[[], dict[str, list[float]]]


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> Figures:
    """Give what reads the metrics that were told since it was last asked."""

    def read() -> dict[str, list[float]]:
        lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
        return {
            name: values
            for line in map(json.loads, lines)
            for name, values in line.items()
            if isinstance(values, list)
        }

    return read


def test_age_of_the_oldest(world: World, figures: Figures) -> None:
    """While CMI does not show a capture, its age is told in seconds, and nothing once it is."""
    order = world.open()
    assert world.portal.verdict(order).text == "ACTION=POSTAUTH"
    world.sweep()
    figures()
    world.later(minutes=20)
    world.sweep()
    assert figures()["OldestUnsettled"] == [20 * 60]
    world.bank.heard(world.authorise(order), "ACTION=POSTAUTH")
    world.later(minutes=10)
    world.sweep()
    found = figures()
    assert world.state(order) == "paid"
    assert (found["OldestUnsettled"], found["Settled.pay"]) == ([0], [1])


def test_age_of_reserved_money(world: World, figures: Figures) -> None:
    """Money that the bank reserved and we refused counts until it is released."""
    first, second = world.open(), world.open()
    world.pay(first)
    world.stream()
    world.pay(second, "T2")
    with patch("functions.settlement.api.Api.void", return_value=False):
        world.later(minutes=15)
        world.sweep()
    assert figures()["OldestUnsettled"] == [15 * 60]


def test_what_lapses_by_itself(
    world: World, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second card that no Void may name is no cause for concern: its money lapses by itself."""
    monkeypatch.setenv("VOID_BY_TRANSACTION", "off")
    order = world.open()
    world.pay(order)
    world.stream()
    world.pay(order, "T2")
    for _ in range(6):
        world.later(days=1)
        world.sweep()
        assert figures()["OldestUnsettled"] == [0]
    world.later(days=2)
    world.sweep()
    assert (figures()["OldestUnsettled"], world.waits()) == ([0], [])


def test_nothing_to_worry_about(world: World, figures: Figures) -> None:
    """A payment that was begun and given up is no cause for concern, however old."""
    world.open()
    figures()
    world.later(hours=3)
    world.sweep()
    assert figures()["OldestUnsettled"] == [0]


def test_queue(world: World, figures: Figures) -> None:
    """How much waits for the operator, what of it differs from CMI's list, and since when."""
    world.sweep()
    found = figures()
    assert [found[f"Queue{name}"] for name in ("Length", "Differences", "Oldest")] == [
        [0],
        [0],
        [0],
    ]
    order = world.open()
    now = world.portal.now
    matters.open_matter(order["reference"], "T9", "another amount", now)
    world.later(hours=5)
    work.enqueue((f"ORDER#{order['reference']}", "ORDER"), "why", world.portal.now)
    world.sweep()
    found = figures()
    assert [found[f"Queue{name}"] for name in ("Length", "Differences", "Oldest")] == [
        [2], [1], [timedelta(hours=5).total_seconds()]
    ]  # fmt: skip


def test_queue_cannot_be_read(world: World, figures: Figures) -> None:
    """Where the queue cannot be read nothing is told of it, and what was settled stays settled."""
    with patch.object(work, "queue", side_effect=Unavailable):
        assert world.sweep() == {"batchItemFailures": []}
    assert "QueueLength" not in figures()


def test_letters_on_time(world: World, figures: Figures) -> None:
    """From payment to letter: told in seconds for each that leaves, by stream or sweep."""
    order = paid(world)
    world.later(seconds=30)
    world.portal.deliver(world.portal.record(order))
    assert figures()["LetterDelay"] == [30]


def test_oldest_letter(world: World, figures: Figures) -> None:
    """A letter that SES does not take grows old in the figures, until it leaves."""
    paid(world)
    with refusing("TooManyRequestsException"):
        sweep(world, minutes=2)
        assert figures()["OldestLetter"] == [120]
        sweep(world, minutes=28)
        assert figures()["OldestLetter"] == [30 * 60]
    sweep(world, minutes=30)
    found = figures()
    assert found["OldestLetter"] == [0]
    assert found["LetterDelay"] == [3600]


def test_no_letter_waits(world: World, figures: Figures) -> None:
    """Where no letter waits the figure says so each minute: silence would be an alarm's blindness."""
    sweep(world, minutes=1)
    assert figures() == {"OldestLetter": [0]}


def test_no_name_in_a_figure(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures name no payment and nobody."""
    order = world.open()
    world.portal.call("POST", "/cmi/callback", form=signed(order))
    world.sweep()
    told = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert told
    assert not [line for line in told if order["reference"] in line or NUMBER in line]
