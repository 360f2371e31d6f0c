"""A run's figures in lines: worlds, crash points, planted bugs, mutants."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

Told = Mapping[str, Sequence[Any]]


def lines(told: Told) -> Iterator[str]:
    """Give the figures that a run told of."""
    for name, make in MAKERS.items():
        if told.get(name):
            yield from make(told[name])


def _worlds(parts: Sequence[Any]) -> Iterator[str]:
    count, seconds = sum(part[0] for part in parts), sum(part[1] for part in parts)
    met: Counter[str] = Counter()
    for part in parts:
        met.update(part[2])
    yield f"{count} worlds, {round(60 * count / seconds)} a minute and core, no promise broken"
    rarest = sorted(met.items(), key=lambda one: (one[1], one[0]))[:3]
    yield f"{len(met)} hard cases met, " + ", ".join(f"{what} {many} x" for what, many in rarest)


def _crashes(parts: Sequence[Any]) -> Iterator[str]:
    yield f"{sum(part[2] for part in parts)} crash points, each survived"
    for story, made, points in sorted(parts):
        each = ", ".join(f"{name} {count}" for name, count in sorted(made.items()))
        yield f"  {story}: {points} at {sum(made.values())} requests ({each})"


def _planted(parts: Sequence[Any]) -> Iterator[str]:
    seeds = [part[2] for part in parts]
    yield f"{len(parts)} planted bugs, each caught, after {round(median(seeds))} worlds at the median"
    for name, promise, count in sorted(parts, key=lambda part: (-part[2], part[0])):
        yield f"  {count:5} {promise:<3} {name}"


def _mutants(parts: Sequence[Any]) -> Iterator[str]:
    yield from sorted(map(str, parts))


MAKERS: dict[str, Callable[[Sequence[Any]], Iterator[str]]] = {
    "worlds": _worlds, "crashes": _crashes, "planted": _planted, "mutants": _mutants,
}  # fmt: skip
