"""A function as Lambda runs it: as many copies as there are calls at once, up to a limit."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.process import Process
from local.template import Function

MOST_COPIES = 4


@dataclass(slots=True)
class Pool:
    """The running copies of one function. A call waits where all of them are busy."""

    function: Function
    environment: Mapping[str, str]
    log: Path
    ahead_seconds: float = 0.0
    copies: list[Process] = field(default_factory=list)
    _idle: list[Process] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        """Start a first copy, without waiting for it."""
        with self._changed:
            self._idle.append(self._launch())

    def load(self) -> None:
        """Wait until the first copy is loaded; raise Failed."""
        self._idle[0].load()

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Call the function and return its answer; raise TimedOut or Failed."""
        process = self._take()
        try:
            return process.call(event)
        finally:
            self._give_back(process)

    def stop(self) -> None:
        """End every copy."""
        with self._changed:
            for process in self.copies:
                process.stop()
            self.copies.clear()
            self._idle.clear()

    def _take(self) -> Process:
        with self._changed:
            while not self._idle and len(self.copies) >= MOST_COPIES:
                self._changed.wait()
            return self._idle.pop() if self._idle else self._launch()

    def _give_back(self, process: Process) -> None:
        """Keep the copy for the next call, or forget it where its process has ended."""
        with self._changed:
            if process.alive:
                self._idle.append(process)
            elif process in self.copies:
                self.copies.remove(process)
            self._changed.notify()

    def _launch(self) -> Process:
        process = Process(self.function, self.environment, self.log, self.ahead_seconds)
        self.copies.append(process)
        return process
