"""Every crash point: one payment, and at each of its calls to AWS each of the faults, and pairs.

The plot is fixed and its chance has one seed, so the calls can be counted: a fault is planned for
the n-th request of the world, and the world runs on from there as it can.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from random import Random

from tests.simulation import visit
from tests.simulation.actors import SWEEPS
from tests.simulation.bank import APPROVED, DECLINES
from tests.simulation.browser import Browser
from tests.simulation.crowd import person
from tests.simulation.faults import Fault, Planned
from tests.simulation.hub import MINUTE, SECOND
from tests.simulation.payers import Tab
from tests.simulation.promises import Broken
from tests.simulation.world import World, make

KINDS = (Fault.LOST, Fault.UNKNOWN, Fault.CRASH_AFTER)
PLOTS = (("callback", "off"), ("status-api", "body"))
SEED = 1


@dataclass(frozen=True, slots=True)
class Point:
    """Faults at requests of one payment: (which request, which fault), and under which evidence."""

    evidence: tuple[str, str]
    faults: tuple[tuple[int, Fault], ...]
    for_good: bool = False


def payment(world: World) -> None:
    """Let one payer pay as most do: code, look-up, form, a decline, an approval, the receipt."""
    somebody = person(Random(SEED), 0)  # noqa: S311 - a world's chance has a seed
    world.load(somebody)
    world.horizon_ms = 20 * MINUTE
    tab = Tab(world, "payer", somebody, "payer@canary.example", Browser(world, "192.0.2.1"))
    tab.calm = True
    world.spawn(lambda: _pay(world, tab))


def _pay(world: World, tab: Tab) -> None:
    listed = tab.look_up(ceremony=True)
    request = tab.wanted(listed, everything=True) if listed else None
    if request is None or not tab.check_out(request):
        return
    for said in (DECLINES[0], APPROVED):
        world.hub.sleep(5 * SECOND)
        visit.tried(tab, said)
    world.hub.sleep(10 * SECOND)
    tab.look_at_receipt(times=1)


def swept(world: World) -> None:
    """Let the same happen while the sweeps run."""
    payment(world)
    for actor in SWEEPS:
        world.add(actor)


def run(point: Point) -> tuple[World, list[Broken]]:
    """Live through one point."""
    good = frozenset(place for place, _ in point.faults) if point.for_good else frozenset()
    planned = Planned(dict(point.faults), good)
    world = make(SEED, swept, planned, point.evidence)
    return world, world.run()


def requests(evidence: tuple[str, str]) -> list[str]:
    """Name the requests that the payment makes while faults can befall it."""
    planned = Planned({})
    world = make(SEED, swept, planned, evidence)
    assert not world.run()
    return planned.seen


def singles(evidence: tuple[str, str], count: int) -> Iterator[Point]:
    """Give every request with every fault, once and for good."""
    for place in range(count):
        for kind in KINDS:
            yield Point(evidence, ((place, kind),))
            yield Point(evidence, ((place, kind),), for_good=True)


def pairs(evidence: tuple[str, str], count: int) -> Iterator[Point]:
    """Give every two requests with every two faults."""
    for first, second in combinations(range(count), 2):
        for one in KINDS:
            for other in KINDS:
                yield Point(evidence, ((first, one), (second, other)))
