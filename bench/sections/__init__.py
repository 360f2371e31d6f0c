"""The parts of the bench, in their order: the last one computes with what the others found."""

from collections.abc import Mapping
from importlib import import_module

from bench.figures import Section
from bench.rounds import Scale

NAMES = ("cold", "warm", "calls", "load", "site", "weights", "letters", "worlds", "cost")


def measure(name: str, scale: Scale, found: Mapping[str, Mapping[str, float]]) -> Section:
    """Measure a section; `found`: what earlier ones found, by their names."""
    module = import_module(f"bench.sections.{name}")
    section: Section = module.measure(scale, found) if name == "cost" else module.measure(scale)
    return section
