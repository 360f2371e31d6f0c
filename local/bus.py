"""EventBridge's default bus: an event reaches each function that has a rule for it."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from local.patterns import matches
from local.process import Failed
from local.retries import Tell, dropped, pauses
from local.template import Json, Rule

Invoke = Callable[[Any], Any]


class Bus:
    """Hands events on. `subscribers`: each rule with what calls its function."""

    def __init__(self, subscribers: Sequence[tuple[Rule, Invoke]], tell: Tell) -> None:
        self._subscribers = subscribers
        self._tell = tell
        self._stopped = threading.Event()

    def put(self, event: Json) -> None:
        """Give an event to the functions whose rules match; come back when they have taken it."""
        for rule, invoke in self._subscribers:
            if matches(rule.pattern, event):
                self._deliver(rule, invoke, event)

    def stop(self) -> None:
        """Call no function again."""
        self._stopped.set()

    def _deliver(self, rule: Rule, invoke: Invoke, event: Json) -> None:
        for pause in pauses(rule.retries):
            try:
                invoke(event)
            except Failed:
                if self._stopped.wait(pause):
                    return
            else:
                return
        self._tell(dropped(rule, f"the event {event['id']} ({event['detail-type']})"))
