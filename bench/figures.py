"""What a run finds: figures in tables, and the targets they are held against."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured `n` times in `unit`; counts were taken once and stand in all three."""

    median: float
    least: float
    most: float
    n: int
    unit: str = ""

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.n == 1:
            return f"{short(self.median)}{unit}"
        return f"{short(self.median)}{unit} ({short(self.least)}–{short(self.most)})"


Cell = Figure | str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column titles; the first column names what the row is about."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound and what was measured; `at_most` False: the measure is to be at least the bound."""

    name: str
    bound: float
    measured: float
    unit: str = ""
    at_most: bool = True

    @property
    def met(self) -> bool:
        """Whether the bound holds."""
        if self.at_most:
            return self.measured <= self.bound
        return self.measured >= self.bound


@dataclass(slots=True)
class Section:
    """One part of the bench. `about` says in a few sentences what was measured and how.

    `found` hands figures to later sections and to the README, by name.
    """

    name: str
    title: str
    about: str
    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    found: dict[str, float] = field(default_factory=dict)


def of(values: Sequence[float], unit: str = "") -> Figure:
    """Give the figure of repeated measures."""
    return Figure(statistics.median(values), min(values), max(values), len(values), unit)


def count(value: float, unit: str = "") -> Figure:
    """Give the figure of something counted or computed."""
    return Figure(value, value, value, 1, unit)


def ratio(values: Sequence[float], base: Sequence[float], unit: str = "×") -> Figure:
    """Give the ratio of medians, and between which ratios of single rounds it lies."""
    rounds = [one / other for one, other in zip(values, base, strict=True)]
    middle = statistics.median(values) / statistics.median(base)
    return Figure(middle, min(rounds), max(rounds), len(rounds), unit)


def short(value: float) -> str:
    """Write a number with three digits that count, and none that do not."""
    if value == int(value) or abs(value) >= 100:  # noqa: PLR2004 - three digits
        return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{value:.3g}"


def written(section: Section) -> Json:
    """Give a section as JSON."""
    document = asdict(section)
    for target, told in zip(section.targets, document["targets"], strict=True):
        told["met"] = target.met
    return document


def read(document: Json) -> Section:
    """Give a section back from its JSON."""
    tables = [
        Table(
            one["title"],
            tuple(one["columns"]),
            tuple((name, tuple(map(_cell, cells))) for name, cells in one["rows"]),
        )
        for one in document["tables"]
    ]
    kept = ("name", "bound", "measured", "unit", "at_most")
    targets = [Target(**{name: one[name] for name in kept}) for one in document["targets"]]
    plain = {name: document[name] for name in ("name", "title", "about", "found")}
    return Section(**plain, tables=tables, targets=targets)


def _cell(told: Json | str) -> Cell:
    return told if isinstance(told, str) else Figure(**told)
