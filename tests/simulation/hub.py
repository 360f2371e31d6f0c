"""The clock and what happens next: one heap, one seed, so that a world runs the same way again.

Everything that takes time is a greenlet that sleeps; the hub wakes whoever is next. Nothing else
switches, so between two sleeps nobody is disturbed.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

START = datetime(2020, 5, 5, 21, 0, tzinfo=UTC)
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Crash(BaseException):
    """The process is gone: no handler of errors can see it."""


class Stuck(Exception):  # noqa: N818 - a state of the world
    """A world that does not come to rest."""


@dataclass(slots=True)
class Entry:
    """Something that will happen, unless its `work` is taken away."""

    work: Callable[[], object] | None


@dataclass(slots=True)
class Hub:
    """The world's clock, its chance, and its agenda."""

    random: Random
    ms: int = 0
    agenda: list[tuple[int, float, int, Entry]] = field(default_factory=list)
    number: int = 0
    main: Any = None
    steps: int = 0

    @property
    def now(self) -> datetime:
        """The true time."""
        return START + timedelta(milliseconds=self.ms)

    def after(self, wait_ms: int, work: Callable[[], object]) -> Entry:
        """Do something later. Ties are broken by chance, which is the seed's."""
        self.number += 1
        entry = Entry(work)
        at_ms = self.ms + max(0, wait_ms)
        heapq.heappush(self.agenda, (at_ms, self.random.random(), self.number, entry))
        return entry

    def spawn(self, work: Callable[[], object], wait_ms: int = 0) -> Any:  # noqa: ANN401 - greenlet has no types
        """Start something that may sleep."""
        made = greenlet(work)
        made.wake = self.after(wait_ms, lambda: self._resume(made))
        return made

    def _resume(self, made: Any) -> None:  # noqa: ANN401 - likewise
        made.parent = self.main
        made.switch()

    def sleep(self, wait_ms: int) -> None:
        """Let time pass for whoever calls."""
        me = getcurrent()
        me.wake = self.after(wait_ms, me.switch)
        self.main.switch()

    def park(self) -> Any:  # noqa: ANN401 - whatever it is woken with
        """Wait until somebody calls `wake`; give what it was called with."""
        getcurrent().wake = None
        return self.main.switch()

    def wake(self, sleeper: Any, value: object = None, wait_ms: int = 0) -> None:  # noqa: ANN401 - likewise
        """Wake somebody who is parked."""
        sleeper.wake = self.after(wait_ms, lambda: sleeper.switch(value))

    def kill(self, victim: Any) -> None:  # noqa: ANN401 - likewise
        """End somebody who sleeps or is parked, as a process ends."""
        if victim.wake is not None:
            victim.wake.work = None
        if victim:  # it has begun, and has not ended
            victim.parent = getcurrent()
            victim.throw(Crash())

    def run(self, until: Callable[[], bool] = lambda: False, most: int = 200_000) -> None:
        """Let things happen until nothing is left, or `until` says so."""
        self.main = getcurrent()
        while self.agenda and not until():
            at_ms, _, _, entry = heapq.heappop(self.agenda)
            if entry.work is None:
                continue
            self.ms = max(self.ms, at_ms)
            self.steps += 1
            if self.steps > most:
                raise Stuck(f"{most} steps and no rest")
            entry.work()
