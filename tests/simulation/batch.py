"""Many worlds, on all cores: what broke, what was met, how fast it went."""

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from typing import TypeVar

from tests.simulation.crowd import crowd
from tests.simulation.deployment import standing
from tests.simulation.promises import Broken
from tests.simulation.world import World, make

Job = TypeVar("Job")
Done = TypeVar("Done")
AT_ONCE = 20
BAR = 30


@dataclass(frozen=True, slots=True)
class Result:
    """How a world ended."""

    seed: int
    broken: tuple[Broken, ...]
    witnessed: frozenset[str]
    digest: str
    cpu_seconds: float
    invocations: int
    calls: int


@dataclass(slots=True)
class Report:
    """What a batch showed."""

    worlds: int = 0
    cpu_seconds: float = 0.0
    invocations: int = 0
    calls: int = 0
    broken: dict[int, tuple[Broken, ...]] = field(default_factory=dict)
    witnessed: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        """Take a world in."""
        self.worlds += 1
        self.cpu_seconds += result.cpu_seconds
        self.invocations += result.invocations
        self.calls += result.calls
        self.witnessed.update(result.witnessed)
        if result.broken:
            self.broken[result.seed] = result.broken

    @property
    def rate(self) -> int:
        """Worlds a minute and core."""
        return round(60 * self.worlds / self.cpu_seconds) if self.cpu_seconds else 0


def lived(seed: int, printed: StringIO, surely: str = "") -> tuple[World, Result]:
    """Run the world of a seed in a process that stands (`deployment.standing`).

    `surely`: the name of an actor that acts in it whatever its chance.
    """
    printed.seek(0)
    printed.truncate()
    since = time.process_time()
    world = make(seed, partial(crowd, surely=surely))
    world.printed = printed
    broken = tuple(world.run())
    spent = time.process_time() - since
    return world, Result(
        seed, broken, frozenset(world.witnessed), world.story.digest, spent,
        world.lambdas.count, world.lambdas.wire.count,
    )  # fmt: skip


class _Process:
    """What a process of the pool keeps from its first world to its last."""

    stack = ExitStack()
    printed = StringIO()


def _stand() -> None:
    """Set a process up, once."""
    _Process.printed = _Process.stack.enter_context(standing())


def _some(seeds: Sequence[int]) -> list[Result]:
    """Run some worlds in a process of the pool."""
    return [lived(seed, _Process.printed)[1] for seed in seeds]


def pooled(
    work: Callable[[Sequence[Job]], list[Done]], jobs: Sequence[Job], processes: int | None = None
) -> Iterator[Done]:
    """Do work on all cores, or as many as told, in processes that stand; give what comes of it."""
    parts = [jobs[start : start + AT_ONCE] for start in range(0, len(jobs), AT_ONCE)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes or os.cpu_count(), context, _stand) as pool:
        for part in as_completed([pool.submit(work, part) for part in parts]):
            yield from part.result()


def spread(seeds: Sequence[int], processes: int | None = None) -> Iterator[Result]:
    """Run worlds, and give results as they come."""
    return pooled(_some, seeds, processes)


def run(seeds: Sequence[int], processes: int | None = None, *, shown: bool = False) -> Report:
    """Run worlds and report; `shown`: with a bar on standard error."""
    report, since = Report(), time.monotonic()
    for result in spread(seeds, processes):
        report.add(result)
        if shown and report.worlds % AT_ONCE == 0:
            _bar(report, len(seeds), time.monotonic() - since)
    if shown:
        _bar(report, len(seeds), time.monotonic() - since)
        sys.stderr.write("\n")
    return report


def _bar(report: Report, total: int, seconds: float) -> None:
    done = BAR * report.worlds // total
    sys.stderr.write(
        f"\r[{'#' * done}{'.' * (BAR - done)}] {report.worlds}/{total} worlds, "
        f"{len(report.broken)} broken, {report.rate} a minute and core, {seconds:.0f} s "
    )
    sys.stderr.flush()
