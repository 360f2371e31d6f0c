"""The table's stream, delivered to the functions that subscribe to it as Lambda's poller does."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.patterns import matches
from local.process import Failed
from local.template import Stream

Record = dict[str, Any]
Invoke = Callable[[Any], Any]
STOP_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers records to one subscriber, with the retries of its event source mapping."""

    stream: Stream
    invoke: Invoke
    stopped: threading.Event

    def deliver(self, records: list[Record]) -> None:
        """Give the function the records that its filters let through, in batches."""
        patterns = self.stream.patterns
        wanted = [
            record
            for record in records
            if not patterns or any(matches(pattern, record) for pattern in patterns)
        ]
        for start in range(0, len(wanted), self.stream.batch_size):
            self._batch(wanted[start : start + self.stream.batch_size])

    def _batch(self, records: list[Record]) -> None:
        """Call until nothing is left, each time with what is; records that keep failing go."""
        pause = FIRST_PAUSE_SECONDS
        for _ in range(self.stream.retries + 1):
            try:
                records = self._left(records, self.invoke({"Records": records}))
            except Failed:
                if self.stream.halves_on_error and len(records) > 1:
                    middle = len(records) // 2
                    self._batch(records[:middle])
                    self._batch(records[middle:])
                    return
            if not records or self.stopped.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _left(self, records: list[Record], answer: Any) -> list[Record]:  # noqa: ANN401 - any JSON
        """Give the records from the first that the function reported as failed."""
        answer = answer if isinstance(answer, dict) and self.stream.reports_failures else {}
        failed = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", [])}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        positions = [numbers.index(number) for number in failed if number in numbers]
        return records[min(positions) :] if positions else []


class Poller:
    """A thread that reads the stream when something was written, and delivers what it finds."""

    def __init__(
        self,
        take: Callable[[], list[Record]],
        subscribers: Sequence[tuple[Stream, Invoke]],
        written: threading.Event,
    ) -> None:
        self._take = take
        self._written = written
        self._stopped = threading.Event()
        self._deliveries = [
            Delivery(stream, invoke, self._stopped) for stream, invoke in subscribers
        ]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver no more."""
        self._stopped.set()
        self._written.set()
        self._thread.join(timeout=STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._written.wait()
            self._written.clear()
            records = self._take()
            for delivery in self._deliveries:
                delivery.deliver(records)
