"""Measuring in rounds: every contender once, then every contender again.

Whatever else the machine does meanwhile then falls on all of them alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")


class Bar(Protocol):
    """Shows how far a section has come."""

    def begin(self, steps: int) -> None:
        """Say how many steps the section takes."""

    def step(self) -> None:
        """Say that one is done."""


class Silent:
    """A bar that shows nothing."""

    def begin(self, steps: int) -> None:
        """Take no note."""

    def step(self) -> None:
        """Take no note."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How thoroughly to measure."""

    quick: bool
    bar: Bar

    def of(self, full: int, quick: int) -> int:
        """Give how often, or how many, at this scale."""
        return quick if self.quick else full


def interleaved(
    contenders: Mapping[str, Callable[[], T]], rounds: int, bar: Bar
) -> dict[str, list[T]]:
    """Measure each contender once a round."""
    bar.begin(rounds * len(contenders))
    measured: dict[str, list[T]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            measured[name].append(measure())
            bar.step()
    return measured
