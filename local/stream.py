"""The table's stream, delivered to the functions that subscribe to it as Lambda's poller does."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from local.patterns import matches
from local.process import Failed
from local.retries import Tell, dropped, pauses
from local.template import Stream

Record = dict[str, Any]
Invoke = Callable[[Any], Any]
STOP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers records to one subscriber, with the retries of its event source mapping."""

    stream: Stream
    invoke: Invoke
    stopped: threading.Event
    tell: Tell

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
        for pause in pauses(self.stream.retries):
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
        numbers = ", ".join(record["dynamodb"]["SequenceNumber"] for record in records)
        what = f"{len(records)} record(s) of the stream (sequence {numbers})"
        self.tell(dropped(self.stream, what))

    def _left(self, records: list[Record], answer: Any) -> list[Record]:  # noqa: ANN401 - any JSON
        """Give the records from the first that the function reported as failed."""
        answer = answer if isinstance(answer, dict) and self.stream.reports_failures else {}
        failed = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", [])}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        positions = [numbers.index(number) for number in failed if number in numbers]
        return records[min(positions) :] if positions else []


class Poller:
    """Reads the stream when something was written, and delivers what it finds.

    Each subscriber has its own thread, as each has its own place in the stream: one whose
    records keep failing holds up nobody else's.
    """

    def __init__(
        self,
        take: Callable[[], list[Record]],
        subscribers: Sequence[tuple[Stream, Invoke]],
        written: threading.Event,
        tell: Tell,
    ) -> None:
        self._take = take
        self._written = written
        self._stopped = threading.Event()
        self._queues: list[SimpleQueue[list[Record]]] = [SimpleQueue() for _ in subscribers]
        self._threads = [threading.Thread(target=self._run, daemon=True)]
        for (stream, invoke), waiting in zip(subscribers, self._queues, strict=True):
            delivery = Delivery(stream, invoke, self._stopped, tell)
            self._threads.append(
                threading.Thread(target=self._serve, args=[delivery, waiting], daemon=True)
            )
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Deliver no more."""
        self._stopped.set()
        self._written.set()
        for waiting in self._queues:
            waiting.put([])
        limit = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, limit - time.monotonic()))

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._written.wait()
            self._written.clear()
            if records := self._take():
                for waiting in self._queues:
                    waiting.put(records)

    def _serve(self, delivery: Delivery, waiting: "SimpleQueue[list[Record]]") -> None:
        while records := waiting.get():
            if self._stopped.is_set():
                return
            delivery.deliver(records)
