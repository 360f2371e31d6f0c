"""The plot of a seed: some people with dues, some tabs, and everybody else who acts."""

from random import Random

from functions.shared.rules.orders import Due
from tests.simulation.actors import ACTORS
from tests.simulation.browser import Browser
from tests.simulation.hub import HOUR, MINUTE, SECOND
from tests.simulation.payers import Person, Tab
from tests.simulation.world import World

ACCOUNT = "BPC pour encaissements ASVI"


def crowd(world: World, surely: str = "", never: str = "") -> None:
    """Let one or two people's dues be paid from one to three tabs, while things happen.

    `surely`, `never`: the names of actors that act in this world, or do not, whatever their chance.
    """
    random = world.random
    people = [person(random, place) for place in range(random.choice((1, 1, 2)))]
    world.load(*people)
    world.horizon_ms = random.randrange(30 * MINUTE, 3 * HOUR)
    for place in range(random.choice((1, 2, 2, 3))):
        _add_tab(world, place, random.choice(people))
    for actor in ACTORS:
        acts = random.randrange(100) < actor.share or actor.name == surely
        if acts and actor.name != never:
            world.add(actor)


def _add_tab(world: World, place: int, of: Person) -> None:
    email = world.random.choice((f"payer{place}@canary.example", None))
    tab = Tab(world, f"tab{place}", of, email, Browser(world, f"192.0.2.{place + 1}"))
    world.spawn(tab.run, world.random.choice((0, SECOND, MINUTE, 10 * MINUTE)))


def person(random: Random, place: int) -> Person:
    """Draw an insured person and one to three quarters of theirs."""
    number = f"{random.randrange(10**8, 10**9)}"
    dues = tuple(
        Due(number, 2019 + quarter // 4, quarter % 4 + 1, random.randrange(50_000, 200_000),
            f"BPC{place}{quarter:04d}", ACCOUNT)
        for quarter in range(random.choice((1, 1, 2, 3)))
    )  # fmt: skip
    return Person(number, dues)
