"""The parts of the bench, in their order: the last one computes with what the others found."""

from collections.abc import Iterable, Mapping
from importlib import import_module

from bench.figures import Section
from bench.rounds import Scale

NAMES = ("cold", "warm", "calls", "load", "site", "weights", "letters", "worlds", "cost")
# What a section cannot do without: figures of another, or the pages that it built.
NEEDS = {"weights": ("site",), "cost": ("cold", "calls", "site", "weights", "letters")}


def wanted(asked: Iterable[str]) -> list[str]:
    """Give the sections to measure for those asked for, in their order, with what they need.

    Raise ValueError where there is none of that name.
    """
    names = set(asked)
    if unknown := names.difference(NAMES):
        raise ValueError(f"no section {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    names |= {other for name in names for other in NEEDS.get(name, ())}
    return [name for name in NAMES if name in names]


def measure(name: str, scale: Scale, found: Mapping[str, Mapping[str, float]]) -> Section:
    """Measure a section; `found`: what earlier ones found, by their names."""
    module = import_module(f"bench.sections.{name}")
    section: Section = module.measure(scale, found) if name == "cost" else module.measure(scale)
    return section
