"""Work that the bank does after it has answered: late callbacks, late captures."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Later:
    """Timers that a reset cancels and that never keep the program alive."""

    def __init__(self) -> None:
        self._timers: set[threading.Timer] = set()
        self._lock = threading.Lock()

    def run(self, seconds: float, work: Callable[[], None]) -> None:
        """Do the work after `seconds`, in a thread of its own; at once, here, for 0."""
        if not seconds:
            work()
            return
        timer = threading.Timer(seconds, lambda: self._done(timer, work))
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()

    def _done(self, timer: threading.Timer, work: Callable[[], None]) -> None:
        with self._lock:
            self._timers.discard(timer)
        work()

    def cancel(self) -> None:
        """Forget all work that has not begun."""
        with self._lock:
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()
