"""Each event of a payment by itself, through a runtime that has had one like it."""

import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bench import processes
from bench.bill import CALLS, SHARED
from bench.events import FORGET, Journey
from bench.figures import Cell, Json, Section, Table, of
from bench.processes import Process
from bench.rounds import Scale, interleaved
from bench.standing import Addresses

# Addresses that one sweep forgets; how often one that finds none is asked beside it.
AT_ONCE, IDLE = 5, 3


@dataclass(frozen=True, slots=True)
class Later:
    """What one event takes: processor time, and bytes of its function's log."""

    cpu_ms: float
    log_bytes: float


def note(
    section: Section,
    artifacts: Mapping[str, Process],
    addresses: Addresses,
    journey: Journey,
    scale: Scale,
) -> None:
    """Measure each event of a payment, tell of it, and hand its figures on."""
    probes = {
        name: partial(_called, artifacts[function], addresses, getattr(journey, name), scale)
        for name, function in CALLS.items()
    }
    probes |= {
        name: partial(_shared, artifacts[function], addresses, journey)
        for name, function in SHARED.items()
    }
    found = interleaved(probes, scale.of(5, 1), scale.bar)
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for name, runs in found.items():
        cpu, log = of([one.cpu_ms for one in runs], "ms"), of([one.log_bytes for one in runs])
        rows.append((name.replace("_", " "), (cpu, log)))
        section.found[f"event {name} ms"] = cpu.median
        section.found[f"event {name} log bytes"] = log.median
    title = "Each event of a payment, not the first of its container"
    section.tables.append(Table(title, ("CPU", "bytes of log"), tuple(rows)))


def _called(
    process: Process, addresses: Addresses, make: Callable[[], Json], scale: Scale
) -> Later:
    """Give what an event takes that has a call of its own."""
    events = [make() for _ in range(1 + scale.of(9, 3))]
    with tempfile.TemporaryFile() as log, process.start(addresses, log) as function:
        spent = [processes.accepted(function.invoke(one))[1].cpu_ms for one in events]
        return Later(statistics.median(spent[1:]), log.seek(0, 2) / len(events))


def _shared(process: Process, addresses: Addresses, journey: Journey) -> Later:
    """Give what one address adds to a sweep that forgets several: time, and nothing to the log."""
    with process.start(addresses) as function:

        def swept(addresses_at_once: int) -> float:
            for _ in range(addresses_at_once):
                journey.rest()
            return processes.accepted(function.invoke(FORGET))[1].cpu_ms

        swept(1)
        idle = statistics.median(swept(0) for _ in range(IDLE))
        return Later((swept(AT_ONCE) - idle) / AT_ONCE, 0.0)
