"""Cold start: each function as a process of its own, from nothing to its first answer."""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bench import engines, imports, later, processes, stage, tls
from bench.events import Journey, of_rest_api
from bench.figures import Cell, Json, Section, Table, Target, of, ratio
from bench.processes import Process
from bench.rounds import Scale, interleaved
from bench.runtime import Spent
from bench.standing import Addresses

OURS = ("lookup", "checkout", "callback", "receipt", "letter", "settlement")
BOUNDS = {"lookup": 10.0, "checkout": 10.0, "callback": 8.5}
STRETCH = 7.0
LATER = 9
LOG_BOUND = 400
TLS_BOUND_MS = 12.0
ABOUT = """\
Each start is a new process under Lambda's own runtime client (awslambdaric), served by a Runtime
API on loopback, importing byte-compiled copies: ours are the artifacts that `make build` makes,
for this machine's Python; the template deploys a newer one, of which nothing here is measured.
*Start* runs from nothing to the first wish for an event, and includes the SDK's clients. All
contenders do the same look-up: check a session, read a secret, query DynamoDB; DynamoDB is dynoxide
on loopback. *Forgotten* is what one address adds to a sweep that forgets several. Rounds take
turns, so noise falls on all alike; times are processor time unless they say otherwise."""


@dataclass(frozen=True, slots=True)
class Cold:
    """One start: itself, its first event, one of those after it, memory in MiB, bytes of log."""

    start: Spent
    first: Spent
    later_ms: float
    memory: float
    log_bytes: float


def measure(scale: Scale) -> Section:
    """Measure starts, what they import, and the first encrypted call."""
    section = Section("cold", "Cold start", ABOUT)
    with stage.set_on(engines.dynoxide()) as (addresses, journey):
        found = _started(scale, addresses, journey)
        section.tables += [_contenders(found), _functions(found)]
        later.note(section, processes.ours(OURS), addresses, journey, scale)
    section.tables.append(imports.table(processes.ours(["lookup"])["lookup"], scale.of(9, 3)))
    section.tables.append(tls.table(processes.ours(["callback"])["callback"], scale.of(15, 3)))
    _hold(section, found)
    return section


def _started(scale: Scale, addresses: Addresses, journey: Journey) -> dict[str, list[Cold]]:
    renewal = journey.renewal()
    events: dict[str, Callable[[], Json]] = {name: lambda: renewal for name in processes.CONTENDERS}
    events |= {"bare": lambda: renewal, "of_chalice": lambda: of_rest_api(renewal)}
    events |= {"lookup": lambda: renewal, "settlement": journey.sweep}
    events |= {name: getattr(journey, name) for name in OURS if name not in events}
    all_ = {"bare": processes.bare(), **processes.theirs(*processes.CONTENDERS)}
    all_ |= processes.ours(OURS)
    return interleaved(
        {name: partial(_start, one, addresses, events[name]) for name, one in all_.items()},
        scale.of(15, 3),
        scale.bar,
    )


def _start(process: Process, addresses: Addresses, event: Callable[[], Json]) -> Cold:
    events = [event() for _ in range(1 + LATER)]
    with tempfile.TemporaryFile() as log, process.start(addresses, log) as function:
        _, first = processes.accepted(function.invoke(events[0]))
        memory = function.memory_mebibytes
        later = [processes.accepted(function.invoke(one))[1].cpu_ms for one in events[1:]]
        log_bytes = log.seek(0, 2) / len(events)
        return Cold(function.started, first, statistics.median(later), memory, log_bytes)


def _contenders(found: dict[str, list[Cold]]) -> Table:
    names = {"bare": "bare handler returning a dict", **processes.CONTENDERS}
    names["lookup"] = "**this portal's look-up**"
    ranked = sorted(names, key=lambda name: of([one.start.cpu_ms for one in found[name]]).median)
    rows = tuple((names[name], _row(found[name], found["bare"])) for name in ranked)
    return Table("The same look-up, cold", _COLUMNS, rows)


def _functions(found: dict[str, list[Cold]]) -> Table:
    rows = tuple((name, _row(found[name], found["bare"])) for name in OURS)
    return Table("The portal's functions, cold", _COLUMNS, rows)


_COLUMNS = (
    "start, CPU", "÷ bare", "first event, CPU", "both ÷ bare", "a later event, CPU", "start, wall",
    "memory",
)  # fmt: skip


def _row(one: Sequence[Cold], bare: Sequence[Cold]) -> tuple[Cell, ...]:
    return (
        of([cold.start.cpu_ms for cold in one], "ms"),
        ratio([cold.start.cpu_ms for cold in one], [cold.start.cpu_ms for cold in bare]),
        of([cold.first.cpu_ms for cold in one], "ms"),
        ratio([_both(cold) for cold in one], [_both(cold) for cold in bare]),
        of([cold.later_ms for cold in one], "ms"),
        of([cold.start.wall_ms for cold in one], "ms"),
        of([cold.memory for cold in one], "MiB"),
    )


def _both(cold: Cold) -> float:
    return cold.start.cpu_ms + cold.first.cpu_ms


def _hold(section: Section, found: dict[str, list[Cold]]) -> None:
    """Note ratios and hold them against their bounds."""
    bare = [cold.start.cpu_ms for cold in found["bare"]]
    for name in (*processes.CONTENDERS, *OURS):
        measured = ratio([cold.start.cpu_ms for cold in found[name]], bare).median
        section.found[f"{name} start ratio"] = round(measured, 2)
        section.found[f"{name} start ms"] = of([one.start.cpu_ms for one in found[name]]).median
        if name in BOUNDS:
            section.targets.append(Target(f"start of {name} ÷ bare", BOUNDS[name], measured))
            section.targets.append(Target(f"start of {name} ÷ bare (stretch)", STRETCH, measured))
        section.found[f"{name} later ms"] = of([one.later_ms for one in found[name]]).median
        section.found[f"{name} log bytes"] = of([one.log_bytes for one in found[name]]).median
    for name in OURS:
        written = section.found[f"{name} log bytes"]
        section.targets.append(Target(f"log of {name}, an event", LOG_BOUND, written, "bytes"))
    first_tls = section.tables[-1].rows[0][1][0]
    if not isinstance(first_tls, str):
        section.targets.append(
            Target("first encrypted call after start", TLS_BOUND_MS, first_tls.median, "ms")
        )
