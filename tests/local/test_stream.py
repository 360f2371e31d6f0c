import threading
from typing import Any

import pytest

from local import retries
from local.process import Failed
from local.stream import Delivery, Invoke, Poller
from local.template import Stream

Record = dict[str, Any]


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE_SECONDS", 0.001)


def record(number: int, state: str = "paid") -> Record:
    """Make a stream record."""
    return {"dynamodb": {"SequenceNumber": str(number), "NewImage": {"state": {"S": state}}}}


def numbers(event: Any) -> list[str]:  # noqa: ANN401 - an event is any JSON
    """Give the sequence numbers of an event's records."""
    return [one["dynamodb"]["SequenceNumber"] for one in event["Records"]]


def subscription(**changes: Any) -> Stream:  # noqa: ANN401 - a subscription's facts
    """Give a subscription to paid rows, as the template has it."""
    facts: dict[str, Any] = {
        "function": "F",
        "patterns": ({"dynamodb": {"NewImage": {"state": {"S": ["paid"]}}}},),
        "batch_size": 10,
        "retries": 2,
        "halves_on_error": True,
        "reports_failures": True,
    }
    return Stream(**facts | changes)


class Function:
    """Remembers what it was called with. Records in `broken` fail, `raising` raises for one."""

    def __init__(self, broken: tuple[str, ...] = (), raising: str = "") -> None:
        self.calls: list[list[str]] = []
        self.broken = broken
        self.raising = raising

    def __call__(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Fail as told, and report what failed."""
        self.calls.append(numbers(event))
        if self.raising in self.calls[-1]:
            raise Failed("KeyError")
        failed = [number for number in self.calls[-1] if number in self.broken]
        return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def deliver(
    function: Function,
    records: list[Record],
    said: list[str] | None = None,
    **changes: Any,  # noqa: ANN401 - any facts
) -> list[list[str]]:
    """Deliver records and give the calls that this made; lines of the log go into `said`."""
    lines = [] if said is None else said
    Delivery(subscription(**changes), function, threading.Event(), lines.append).deliver(records)
    return function.calls


def test_filter() -> None:
    """Only the records that the filters let through reach the function."""
    records = [record(1), record(2, "open"), record(3)]
    assert deliver(Function(), records) == [["1", "3"]]
    assert deliver(Function(), [record(2, "open")]) == []
    assert deliver(Function(), records, patterns=()) == [["1", "2", "3"]]


def test_batches() -> None:
    """A function never gets more records at once than its batch size."""
    calls = deliver(Function(), [record(number) for number in range(5)], batch_size=2)
    assert calls == [["0", "1"], ["2", "3"], ["4"]]


def test_reported_failure() -> None:
    """From the first record that the function reports, all come again; then they are given up."""
    calls = deliver(Function(broken=("2",)), [record(1), record(2), record(3)])
    assert calls == [["1", "2", "3"], ["2", "3"], ["2", "3"]]


def test_reports_not_asked_for() -> None:
    """Without ReportBatchItemFailures a report changes nothing."""
    calls = deliver(Function(broken=("1",)), [record(1)], reports_failures=False)
    assert calls == [["1"]]


def test_error_halves_the_batch() -> None:
    """A record that makes the function raise does not take the others with it."""
    calls = deliver(Function(raising="3"), [record(number) for number in (1, 2, 3, 4)])
    assert ["4"] in calls
    assert ["1", "2"] in calls
    assert calls.count(["3"]) == 3


@pytest.mark.parametrize("place", ["FailedRecords", None])
def test_dropped(place: str | None) -> None:
    """What keeps failing is given up with one line: what, how often tried, where it would go."""
    said: list[str] = []
    function = Function(broken=("2",))
    assert len(deliver(function, [record(1), record(2)], said, failed_to=place)) == 3
    (line,) = said
    assert line.startswith("F failed 3 times, dropped 1 record(s) of the stream (sequence 2); ")
    assert line.endswith(f"{place} would get it" if place else "no failure destination: it is lost")


def test_nothing_dropped() -> None:
    """What is taken in the end leaves no line, nor does what is taken at once."""
    said: list[str] = []
    function = Function(raising="1")

    def call(event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        if len(function.calls) == 2:
            function.raising = ""
        return function(event)

    Delivery(subscription(), call, threading.Event(), said.append).deliver([record(1)])
    assert function.calls == [["1"]] * 3
    assert said == []


def test_for_ever() -> None:
    """Without a limit a record is tried until it is taken, as Lambda does by default."""
    function, stopped, said = Function(broken=("1",)), threading.Event(), list[str]()

    def call(event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        if len(function.calls) == 5:
            stopped.set()
        return function(event)

    Delivery(subscription(retries=-1), call, stopped, said.append).deliver([record(1)])
    assert (len(function.calls), said) == (6, [])


def test_poller() -> None:
    """What is written is delivered once, soon after it is written, and nothing after the stop."""
    written, delivered = threading.Event(), threading.Event()
    waiting = [[record(1)]]
    function = Function()

    def call(event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        answer = function(event)
        delivered.set()
        return answer

    subscribers = [(subscription(), call)]
    poller = Poller(lambda: waiting.pop() if waiting else [], subscribers, written, print)
    written.set()
    assert delivered.wait(5)
    poller.stop()
    waiting.append([record(2)])
    written.set()
    assert function.calls == [["1"]]


def test_subscribers_apart() -> None:
    """A function whose records keep failing holds up no other function's."""
    written, failed, delivered = threading.Event(), threading.Event(), threading.Event()
    waiting = [[record(1)]]

    def fail(_event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        failed.set()
        raise Failed("KeyError")

    def take(_event: Any) -> Any:  # noqa: ANN401 - likewise
        if failed.wait(5):
            delivered.set()

    subscribers: list[tuple[Stream, Invoke]] = [
        (subscription(retries=-1), fail),
        (subscription(), take),
    ]
    poller = Poller(lambda: waiting.pop() if waiting else [], subscribers, written, print)
    written.set()
    assert delivered.wait(5)
    poller.stop()
