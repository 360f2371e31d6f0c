import threading
from typing import Any

import pytest

from local import stream as polling
from local.process import Failed
from local.stream import Delivery, Poller
from local.template import Stream

Record = dict[str, Any]


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_PAUSE_SECONDS", 0.001)


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


def deliver(function: Function, records: list[Record], **changes: Any) -> list[list[str]]:  # noqa: ANN401 - facts
    """Deliver records and give the calls that this made."""
    Delivery(subscription(**changes), function, threading.Event()).deliver(records)
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


def test_poller() -> None:
    """What is written is delivered once, soon after it is written, and nothing after the stop."""
    written, delivered = threading.Event(), threading.Event()
    waiting = [[record(1)]]
    function = Function()

    def call(event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        answer = function(event)
        delivered.set()
        return answer

    poller = Poller(lambda: waiting.pop() if waiting else [], [(subscription(), call)], written)
    written.set()
    assert delivered.wait(5)
    poller.stop()
    waiting.append([record(2)])
    written.set()
    assert function.calls == [["1"]]
