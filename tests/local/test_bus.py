from typing import Any

import pytest

from local import retries
from local.bus import Bus
from local.process import Failed
from local.template import Rule

EVENT = {"id": "e1", "source": "aws.ses", "detail-type": "Email Sent", "detail": {"n": 1}}


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE_SECONDS", 0.001)


class Function:
    """Fails as often as it is told, and counts its calls."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.events: list[Any] = []

    def __call__(self, event: Any) -> None:  # noqa: ANN401 - an event is any JSON
        """Fail, or take the event."""
        self.events.append(event)
        if len(self.events) <= self.failures:
            raise Failed("KeyError")


def rule(source: str = "aws.ses", failed_to: str | None = None) -> Rule:
    """Give a rule for what comes from a source, with Lambda's own retries."""
    return Rule("F", {"source": [source]}, 2, failed_to)


def test_matching() -> None:
    """An event reaches each function that has a rule for it, whole, and no other."""
    one, two, other = Function(), Function(), Function()
    said: list[str] = []
    Bus([(rule(), one), (rule(), two), (rule("aws.s3"), other)], said.append).put(EVENT)
    assert (one.events, two.events, other.events, said) == ([EVENT], [EVENT], [], [])


def test_called_again() -> None:
    """A function that fails is called again, and nothing is said once it takes the event."""
    function, said = Function(failures=2), list[str]()
    Bus([(rule(), function)], said.append).put(EVENT)
    assert (len(function.events), said) == (3, [])


@pytest.mark.parametrize("place", ["FailedEvents", None])
def test_dropped(place: str | None) -> None:
    """An event that nobody takes is dropped with one line; the next function gets it all the same."""
    said: list[str] = []
    function, next_one = Function(failures=9), Function()
    Bus([(rule(failed_to=place), function), (rule(), next_one)], said.append).put(EVENT)
    assert (len(function.events), len(next_one.events)) == (3, 1)
    (line,) = said
    assert "F failed 3 times, dropped the event e1 (Email Sent)" in line
    assert line.endswith(f"{place} would get it" if place else "it is lost")


def test_stop() -> None:
    """A stack that stops calls nobody again."""
    said: list[str] = []
    function = Function(failures=9)
    bus = Bus([(rule(), function)], said.append)
    bus.stop()
    bus.put(EVENT)
    assert (len(function.events), said) == (1, [])
