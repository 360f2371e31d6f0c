"""What can befall a call to AWS, how often in a world, and what befell each call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What befalls one request on its way."""

    NONE = "none"
    LOST = "lost"
    UNKNOWN = "applied, answer lost"
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    CONFLICT = "conflict"
    THROTTLE = "throttled"
    FROZEN = "frozen, lands late"
    TORN = "torn read"
    SLOW = "slow"


RATES = (0.0, 0.02, 0.1, 0.3)
# Chaos in every kind at once hides what one kind does: most worlds know one or two of them.
WEIGHTS = (55, 25, 15, 5)


@dataclass(slots=True)
class Faults:
    """Draws a fault for each request. `on` False: the faults have stopped (liveness)."""

    random: Random
    rates: Mapping[Fault, float]
    on: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def drawn(cls, random: Random) -> "Faults":
        """Draw the rates of a world."""
        kinds = [fault for fault in Fault if fault is not Fault.NONE]
        return cls(random, {k: random.choices(RATES, WEIGHTS)[0] for k in kinds})

    def draw(self, operation: str, *, again: bool = False) -> Fault:
        """Say what befalls a request, sent for the first time or `again`."""
        del again
        if not self.on:
            return Fault.NONE
        left = self.random.random()
        for fault, rate in self.rates.items():
            left -= rate
            if left < 0:
                return self._counted(fault, operation)
        return Fault.NONE

    def told(self) -> str:
        """Say which faults a world knows, and how often."""
        return ", ".join(f"{fault} {rate}" for fault, rate in self.rates.items() if rate) or "none"

    def _counted(self, fault: Fault, operation: str) -> Fault:
        if fault is Fault.TORN and operation not in ("BatchGetItem", "Query"):
            return Fault.NONE
        if fault is Fault.CONFLICT and operation not in WRITES:
            return Fault.NONE
        self.counts[fault] = self.counts.get(fault, 0) + 1
        return fault


WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


@dataclass(slots=True)
class Planned:
    """Faults at chosen requests, counted from 0; `for_good` ones befall their retries too.

    `seen`: the operations that were asked for.
    """

    plan: dict[int, Fault]
    for_good: frozenset[int] = frozenset()
    on: bool = True
    seen: list[str] = field(default_factory=list)
    _last: Fault = Fault.NONE

    def draw(self, operation: str, *, again: bool = False) -> Fault:
        """Say what befalls a request, sent for the first time or `again`."""
        if not self.on:
            return Fault.NONE
        if again and len(self.seen) - 1 in self.for_good:
            return self._last
        self.seen.append(operation)
        self._last = self.plan.get(len(self.seen) - 1, Fault.NONE)
        return self._last

    def told(self) -> str:
        """Say which faults are planned."""
        return ", ".join(f"{fault} at request {place}" for place, fault in self.plan.items())
