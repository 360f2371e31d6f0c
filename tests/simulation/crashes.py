"""Every crash point: some short stories, and at each of their calls to AWS each fault, and pairs.

A story is fixed and its chance has one seed, so its requests can be counted: a fault is planned for
the n-th request of the world, and the world runs on from there as it can.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.simulation import stories
from tests.simulation.faults import Fault, Planned
from tests.simulation.promises import Broken
from tests.simulation.world import World, make

KINDS = (Fault.LOST, Fault.UNKNOWN, Fault.CRASH_AFTER)
CALLBACK, STATUS_API = ("callback", "off"), ("status-api", "body")
# A story's name: what happens in it, and under which evidence.
STORIES: dict[str, tuple[Callable[[World], None], tuple[str, str]]] = {
    "paid, proved by the callback": (stories.payment, CALLBACK),
    "paid, proved by the API": (stories.payment, STATUS_API),
    "two cards, one refused": (stories.refused, STATUS_API),
    "CMI's message never came": (stories.silent, STATUS_API),
    "our reply was lost": (stories.unheard, STATUS_API),
    "letter asked again": (stories.again, CALLBACK),
    "compared and taken back": (stories.taken_back, CALLBACK),
    "refunded, and paid anew": (stories.refunded, CALLBACK),
    "begun, left and forgotten": (stories.left, CALLBACK),
    "loaded while it is paid": (stories.loaded, CALLBACK),
}


@dataclass(frozen=True, slots=True)
class Point:
    """Faults at requests of a story: (which request, which fault), once or retries and all."""

    story: str
    faults: tuple[tuple[int, Fault], ...]
    for_good: bool = False


def run(point: Point) -> tuple[World, list[Broken]]:
    """Live through one point."""
    good = frozenset(place for place, _ in point.faults) if point.for_good else frozenset()
    planned = Planned(dict(point.faults), good)
    plot, evidence = STORIES[point.story]
    world = make(stories.SEED, plot, planned, evidence)
    return world, world.run()


def requests(story: str) -> Counter[str]:
    """Count the requests that each function makes in a story while faults can befall it."""
    plot, evidence = STORIES[story]
    world = make(stories.SEED, plot, Planned({}), evidence)
    made: Counter[str] = Counter()
    world.lambdas.watchers.append(
        lambda one, *_: made.update([one.name] if world.faults.on else [])
    )
    assert not world.run(), world.story.told()
    return made


def singles(story: str, count: int) -> Iterator[Point]:
    """Give every request with every fault, once and for good."""
    for place in range(count):
        for kind in KINDS:
            yield Point(story, ((place, kind),))
            yield Point(story, ((place, kind),), for_good=True)


def pairs(story: str, count: int) -> Iterator[Point]:
    """Give every two requests with every two faults."""
    for first, second in combinations(range(count), 2):
        for one in KINDS:
            for other in KINDS:
                yield Point(story, ((first, one), (second, other)))


def every() -> list[Point]:
    """Give every point of every story, one fault each, and every two of them."""
    points: list[Point] = []
    for story in STORIES:
        count = requests(story).total()
        points += [*singles(story, count), *pairs(story, count)]
    return points


def ended(points: Sequence[Point]) -> list[tuple[Point, list[Broken]]]:
    """Live through points; give each with the promises that it broke."""
    return [(point, run(point)[1]) for point in points]
