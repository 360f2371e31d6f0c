"""The schedules of the template: functions that are called again and again."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

from local.process import Failed
from local.template import Schedule

Invoke = Callable[[Any], Any]
STOP_SECONDS = 1.0
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


def seconds(expression: str) -> int:
    """Give how often a schedule calls; raise ValueError for what is no rate."""
    match = _RATE.fullmatch(expression)
    if match is None:
        raise ValueError(f"only rate(...) is played on one machine, not {expression}")
    return int(match[1]) * _SECONDS[match[2]]


class Scheduler:
    """Threads that call each schedule's function at its rate; a failure stops no later call."""

    def __init__(self, schedules: Sequence[tuple[Schedule, Invoke]]) -> None:
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(schedule, invoke), daemon=True)
            for schedule, invoke in schedules
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Call no more."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)

    def _run(self, schedule: Schedule, invoke: Invoke) -> None:
        while not self._stopped.wait(seconds(schedule.expression)):
            try:
                invoke(json.loads(schedule.content))
            except Failed:
                continue  # the function's log says why; the next call finds the same work
