"""Short stories without chance, for the crash points: what most payments do, and what few do."""

from collections.abc import Callable
from random import Random

from tests.simulation import office, visit
from tests.simulation.actors import SWEEPS, load, void
from tests.simulation.bank import APPROVED, DECLINES, Transaction
from tests.simulation.browser import Browser
from tests.simulation.crowd import person
from tests.simulation.hub import HOUR, MINUTE, SECOND
from tests.simulation.payers import Tab
from tests.simulation.world import World

SEED = 1
NO, OK = DECLINES[0], APPROVED


def _begun(
    world: World,
    plot: Callable[[Tab], None],
    lasts_ms: int = 20 * MINUTE,
    *,
    late_faults: bool = False,
) -> None:
    """Let one payer come whose dues are loaded, while the sweeps run."""
    world.late_faults = late_faults
    somebody = person(Random(SEED), 0)  # noqa: S311 - a world's chance has a seed
    world.load(somebody)
    world.horizon_ms = lasts_ms
    tab = _tab(world, "payer")
    world.spawn(lambda: plot(tab))
    for actor in SWEEPS:
        world.add(actor)


def _tab(world: World, name: str) -> Tab:
    browser = Browser(world, f"192.0.2.{1 + len(name)}")
    return Tab(world, name, world.people[0], f"{name}@canary.example", browser, calm=True)


def _ordered(tab: Tab) -> bool:
    """Look up with code and proof, and have the form of everything owed."""
    listed = tab.look_up(ceremony=True)
    request = tab.wanted(listed, everything=True) if listed else None
    return request is not None and tab.check_out(request)


def _carded(tab: Tab, *cards: dict[str, str]) -> list[Transaction]:
    """Try cards on the form, and look at the receipt."""
    tried = []
    for said in cards:
        tab.world.hub.sleep(5 * SECOND)
        tried.append(visit.tried(tab, said))
    tab.world.hub.sleep(10 * SECOND)
    tab.look_at_receipt(times=1)
    return tried


def _paid(tab: Tab) -> None:
    if _ordered(tab):
        _carded(tab, NO, OK)


def payment(world: World) -> None:
    """Let one payer pay as most do: code, look-up, form, a refusal, an approval, the receipt."""
    _begun(world, _paid)


def refused(world: World) -> None:
    """Let a second card be accepted on one form, so that its money must be released."""

    def plot(tab: Tab) -> None:
        if _ordered(tab):
            _carded(tab, OK, OK)

    _begun(world, plot)


def silent(world: World) -> None:
    """Let CMI reserve money and never say so, and the order's time pass."""

    def plot(tab: Tab) -> None:
        if _ordered(tab):
            visit.reserved(tab, OK)

    _begun(world, plot, HOUR)


def unheard(world: World) -> None:
    """Let our word to capture be lost, so that settlement asks for the capture."""

    def plot(tab: Tab) -> None:
        if _ordered(tab):
            made = visit.reserved(tab, OK)
            world.spawn(lambda: visit.callback(world, made, "lost"), SECOND)

    _begun(world, plot, HOUR)


def again(world: World) -> None:
    """Let a payer without an address give one, and somebody else ask for a copy."""

    def plot(tab: Tab) -> None:
        tab.email = None
        _paid(tab)
        for asked in (
            {"handle": tab.handle, "email": "late@canary.example"},
            {"handle": tab.handle},
        ):
            world.hub.sleep(5 * MINUTE)
            tab.browser.post("/api/receipt/letter", asked)

    _begun(world, plot)


def taken_back(world: World) -> None:
    """Let our word to capture be lost where no API tells: the comparison finds it."""

    def plot(tab: Tab) -> None:
        if _ordered(tab):
            made = visit.reserved(tab, OK)
            visit.callback(world, made, "lost")
            world.hub.sleep(6 * HOUR)
            office.day(world)

    _begun(world, plot, 7 * HOUR)


def refunded(world: World) -> None:
    """Let a payment be given back, and its quarters be paid from another tab."""

    def plot(tab: Tab) -> None:
        _paid(tab)
        office.refund(world)
        _paid(_tab(world, "second payer"))

    _begun(world, plot, HOUR)


def loaded(world: World) -> None:
    """Let the file of dues come again, changed, between the form and the card."""

    def plot(tab: Tab) -> None:
        if _ordered(tab):
            load(world, world.dues[0], 150)
            _carded(tab, OK)
            load(world, world.dues[0], paid_on="2020-05-05")

    _begun(world, plot)


def left(world: World) -> None:
    """Let a payment be begun and left, so that half a year and a year later it is forgotten."""
    _begun(world, lambda tab: void(_ordered(tab)), HOUR, late_faults=True)
