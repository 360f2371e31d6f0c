"""Many requests: how many a core answers, how long the slowest take, and at what size of table."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import engines, processes, stage
from bench.events import Journey
from bench.figures import Cell, Json, Section, Table, Target, count, of, ratio
from bench.processes import Process
from bench.rounds import Scale
from bench.runtime import Function, Spent
from bench.standing import Addresses

KINDS = {"renewal": "lookup", "checkout": "checkout", "callback": "callback", "receipt": "receipt"}
SMALL = 1_000
FLAT = 1.1
ABOUT = """\
Real runtime processes, one event at a time each, as Lambda has them, by turns with a bare handler;
DynamoDB is dynoxide on loopback, and each call-back pays an order of its own. *A second and core*
counts the function's own processor time, of which a core has one second a second; the wait of
the caller includes the engine. The second table asks the same of few dues and of many."""


@dataclass(slots=True)
class Line:
    """A running function with the events that it is still to get."""

    function: Function
    events: Iterator[Json]
    spent: list[Spent] = field(default_factory=list)

    def step(self) -> None:
        """Hand it one event."""
        _, spent = processes.accepted(self.function.invoke(next(self.events)))
        self.spent.append(spent)


def measure(scale: Scale) -> Section:
    """Measure throughput and tail, then how flat both are in the size of the table."""
    section = Section("load", "Throughput and tail", ABOUT)
    each = scale.of(400, 60)
    large = scale.of(1_000_000, 50_000)
    scale.bar.begin(2 * each)
    artifacts = processes.ours(sorted(set(KINDS.values())))
    _throughput(section, artifacts, each, scale)
    _sizes(section, artifacts, each, large, scale)
    return section


def _throughput(section: Section, artifacts: dict[str, Process], each: int, scale: Scale) -> None:
    with stage.set_on(engines.dynoxide()) as (addresses, journey), ExitStack() as stack:
        lines = {
            kind: _line(stack, artifacts[function], addresses, _events(journey, kind, each))
            for kind, function in KINDS.items()
        }
        repeated = [{"body": "{}"}] * (each + 1)
        lines["bare handler"] = _line(stack, processes.bare(), addresses, repeated)
        _alternate(lines, each, scale)
    bare = [spent.cpu_ms for spent in lines["bare handler"].spent]
    rows = tuple((name, _row(line.spent, bare)) for name, line in lines.items())
    section.tables.append(Table("Requests through runtime processes", _COLUMNS, rows))
    for name, line in lines.items():
        section.found[f"{name} a second"] = _rate(line.spent)


_COLUMNS = ("a second and core", "CPU", "÷ bare", "wait, p50", "wait, p99")


def _row(spent: Sequence[Spent], bare: Sequence[float]) -> tuple[Cell, ...]:
    waits = sorted(one.wall_ms for one in spent)
    return (
        count(_rate(spent), "/s"),
        of([one.cpu_ms for one in spent], "ms"),
        ratio([one.cpu_ms for one in spent], bare),
        count(statistics.median(waits), "ms"),
        count(waits[int(len(waits) * 0.99)], "ms"),
    )


def _rate(spent: Sequence[Spent]) -> float:
    return round(1e3 / statistics.median(one.cpu_ms for one in spent))


def _sizes(
    section: Section, artifacts: dict[str, Process], each: int, large: int, scale: Scale
) -> None:
    """Ask a small and a large table by turns."""
    kinds = ("renewal", "checkout", "callback")
    with ExitStack() as stack:
        lines = {}
        for dues in (SMALL, large):
            addresses, journey = stack.enter_context(stage.set_on(engines.dynoxide(dues)))
            for kind in kinds:
                events = _events(journey, kind, each)
                lines[kind, dues] = _line(stack, artifacts[KINDS[kind]], addresses, events)
        _alternate(lines, each, scale)
    rows = tuple((kind, _compared(lines[kind, SMALL], lines[kind, large])) for kind in kinds)
    columns = (f"wait, {SMALL:,} dues", f"wait, {large:,} dues", "ratio", "CPU, ratio")
    section.tables.append(Table("The same requests of a small and a large table", columns, rows))
    for kind in kinds:
        measured = _compared(lines[kind, SMALL], lines[kind, large])[2]
        if not isinstance(measured, str):
            name = f"wait of {kind} at {large:,} ÷ {SMALL:,} dues"
            section.targets.append(Target(name, FLAT, measured.median))


def _compared(small: Line, large: Line) -> tuple[Cell, ...]:
    waits = [[one.wall_ms for one in line.spent] for line in (small, large)]
    cpus = [[one.cpu_ms for one in line.spent] for line in (small, large)]
    return of(waits[0], "ms"), of(waits[1], "ms"), _medians(waits), _medians(cpus)


def _medians(both: list[list[float]]) -> Cell:
    return count(statistics.median(both[1]) / statistics.median(both[0]), "×")


def _line(stack: ExitStack, process: Process, addresses: Addresses, events: Sequence[Json]) -> Line:
    """Start a function and warm it with the first of its events."""
    line = Line(stack.enter_context(process.start(addresses)), iter(events))
    line.step()
    line.spent.clear()
    return line


def _alternate(
    lines: dict[str, Line] | dict[tuple[str, int], Line], each: int, scale: Scale
) -> None:
    for _ in range(each):
        for line in lines.values():
            line.step()
        scale.bar.step()


def _events(journey: Journey, kind: str, each: int) -> list[Json]:
    """Make an event for each time, and one to warm with."""
    if kind == "renewal":
        return [journey.renewal()] * (each + 1)
    return [getattr(journey, kind)() for _ in range(each + 1)]
