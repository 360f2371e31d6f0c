"""A function as Lambda runs it: as many copies as there are calls at once, up to a limit."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local import interrupts
from local.process import Failed, Process
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
    _leaving: list[Process] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _stopped: bool = False

    def start(self) -> None:
        """Start a first copy, without waiting for it."""
        with self._changed:
            self._idle.append(self._launch())

    def load(self) -> None:
        """Wait until a copy is loaded; raise Failed."""
        process = self._take()
        try:
            process.load()
        finally:
            self._give_back(process)

    def renew(self) -> None:
        """Let fresh copies serve from now on; calls that are under way end in the old ones."""
        with self._changed:
            for process in self._idle:
                process.stop()
            self._leaving += [process for process in self.copies if process not in self._idle]
            self.copies.clear()
            self._idle.clear()
            self._idle.append(self._launch())
            self._changed.notify_all()

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Call the function and return its answer; raise TimedOut or Failed."""
        process = self._take()
        try:
            return process.call(event)
        finally:
            self._give_back(process)

    def stop(self) -> None:
        """End every copy; no call starts another."""
        with self._changed:
            self._stopped = True
            for process in [*self.copies, *self._leaving]:
                process.stop()
            self.copies.clear()
            self._idle.clear()
            self._leaving.clear()

    def _take(self) -> Process:
        with self._changed:
            while not self._idle and len(self.copies) >= MOST_COPIES:
                self._changed.wait()
            return self._idle.pop() if self._idle else self._launch()

    def _give_back(self, process: Process) -> None:
        """Keep the copy for the next call; forget it where it was renewed or has ended."""
        with self._changed:
            if process in self._leaving:
                self._leaving.remove(process)
                process.stop()
            elif process.alive:
                self._idle.append(process)
            elif process in self.copies:
                self.copies.remove(process)
            self._changed.notify()

    def _launch(self) -> Process:
        if self._stopped:
            raise Failed("the stack stops")
        with interrupts.held():
            process = Process(self.function, self.environment, self.log, self.ahead_seconds)
            self.copies.append(process)
        return process
