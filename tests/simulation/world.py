"""A world: everything of one seed, from its first payer to its rest, or to a promise broken."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from random import Random

from functions.shared import settings
from functions.shared.aws import dues
from functions.shared.rules.orders import Due
from tests.simulation import audit, exchange, office, rest, visit
from tests.simulation import wire as wires
from tests.simulation.actors import LONGEST_MS, STORE_KEYS, Actor
from tests.simulation.bank import CARD_HOLDER, MASKED_PAN, Bank
from tests.simulation.bank_api import BankApi
from tests.simulation.browser import Browser
from tests.simulation.clouds import REFUSALS, Secrets, Ses, kms
from tests.simulation.deployment import (
    TOKEN_KEY,
    Outside,
    environment,
    functions,
    indexes,
    open_doors,
)
from tests.simulation.faults import Faults
from tests.simulation.hub import DAY, HOUR, Hub
from tests.simulation.lambdas import Lambdas
from tests.simulation.payers import Person, Tab
from tests.simulation.promises import Broken, Promises
from tests.simulation.story import Story
from tests.simulation.stream import SUBSCRIPTIONS, Post, Stream
from tests.simulation.table import Table
from tests.simulation.values import Json
from tests.simulation.visit import BANK_ADDRESS
from tests.simulation.wire import Drawing

# What proves a capture, and whether the fund has bought CMI's XML API.
EVIDENCE = (
    ("callback", "off"), ("callback", "body"), ("status-api", "body"), ("status-api", "form"),
)  # fmt: skip
# In one world of so many each request passes through botocore, as it does in life.
CHECKED = 4
# Once nothing waits, how long until an actor looks again.
IDLE_MS = 12 * HOUR
# What still waits so long after the faults is asked for day after day: seldom is enough here.
AWAKE_MS, DROWSY_MS = 2 * HOUR, 4 * HOUR
# In so many worlds the operator compares and clears the queue on the very next day.
DILIGENT = 0.4
WORKING_DAYS = 4
INDEX_LAG_MS = (0, 5, 50, 500, 5000, 60_000)


@dataclass(slots=True, eq=False)
class World:
    """All that acts in a seed's world."""

    seed: int
    random: Random
    hub: Hub
    story: Story
    table: Table
    faults: Drawing
    ses: Ses
    secrets: Secrets
    bank: Bank
    lambdas: Lambdas
    evidence: str
    transport: str
    voids: str
    printed: StringIO = field(default_factory=StringIO)
    people: list[Person] = field(default_factory=list)
    loading: bool = False
    witnessed: set[str] = field(default_factory=set)
    dues: list[Due] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    rotations: int = 0
    losses: int = 0
    frozen: bool = False
    spent: list[Json] = field(default_factory=list)
    horizon_ms: int = 0
    promises: Promises = field(init=False)
    bank_server: Browser = field(init=False)
    thief: Browser = field(init=False)
    resting: bool = False
    plot: Callable[["World"], None] = lambda _: None
    late_faults: bool = True

    @property
    def api(self) -> bool:
        """Whether the fund has CMI's XML API."""
        return self.transport != "off"

    def __post_init__(self) -> None:
        self.promises = Promises(self)
        self.bank_server = Browser(self, BANK_ADDRESS)
        self.thief = Browser(self, "192.0.2.66")
        self.streams = [Stream(self, one) for one in SUBSCRIPTIONS]
        self.table.watchers += [self.promises.wrote, *(one.wrote for one in self.streams)]
        self.ses.watchers += [self.promises.mailed, Post(self).took]
        self.ses.refused = self.promises.unmailed
        self.bank.watchers.append(self.promises.captured)
        self.lambdas.ended.append(self.promises.ended)
        self.lambdas.watchers.append(self.promises.called)

    def spawn(self, work: Callable[[], object], wait_ms: int = 0) -> None:
        """Start something beside what goes on."""
        self.hub.spawn(work, wait_ms)

    def sometimes(self, what: str) -> None:
        """Note that a hard case was met."""
        self.witnessed.add(what)

    def run(self) -> list[Broken]:
        """Live through both phases; give the promises that were broken."""
        exchange.plug(self.lambdas.wire)
        exchange.through_botocore(on=self.seed % CHECKED == 0)
        open_doors(Outside(self.lambdas.now, self.lambdas.pause, self.random.randbytes))
        settings.read.cache_clear()
        os.environ.update(
            EVIDENCE=self.evidence, STATUS_API=self.transport, VOID_BY_TRANSACTION=self.voids,
            PAYMENTS="open",
        )  # fmt: skip
        self.sometimes(f"{self.evidence} evidence")
        try:
            for part in PARTS:
                if not self.promises.broken:
                    part(self)
        finally:
            self._end()
        return self.promises.broken

    def until(self, ms: int) -> None:
        """Let things happen until an instant, or until a promise is broken."""
        self.hub.after(ms - self.hub.ms, lambda: None)
        self.hub.run(lambda: bool(self.promises.broken) or self.hub.ms >= ms)

    def _live(self) -> None:
        """Let everything happen at once, faults and all."""
        self.plot(self)
        self.until(self.horizon_ms)

    def _calm(self) -> None:
        """Let the faults stop, and every function finish what it began."""
        self.story.tell("world", "the faults stop")
        self.faults.on, self.resting, self.lambdas.skew_ms = False, True, 0
        if self.random.random() < DILIGENT:
            self.until(self.horizon_ms + DAY)
            self._operate()
        self.until(self.horizon_ms + LONGEST_MS)
        for stream in self.streams:
            self._redrive(stream)

    def _audit(self) -> None:
        """Let the operator settle what no function can, and letters of it leave.

        What SES rejects of these letters is for the days after.
        """
        for _ in range(WORKING_DAYS):
            self._operate()
            self.until(self.hub.ms + DAY)
            if office.idle(self):
                return

    def _operate(self) -> None:
        self.spawn(lambda: office.day(self))
        self.until(self.hub.ms + 6 * HOUR)

    def _redrive(self, stream: Stream) -> None:
        """Bring the records that a subscriber gave up, as the operator does from the bucket."""
        records, stream.given_up = stream.given_up, []
        if records:
            self.story.tell("operator", f"brings {len(records)} records again")
            self.spawn(lambda: stream.deliver(records))
            self.until(self.hub.ms + HOUR)

    def _silent(self) -> None:
        """I23: nothing that was logged or counted names a payer, a card or a key."""
        self.discreet(self.printed.getvalue(), "a log")

    def discreet(self, text: str, what: str) -> None:
        """Want a text to hold nothing of what only the table and the bank may know."""
        for canary in self._canaries():
            if canary in text:
                self.promises.fail("I23", f"{what} holds {canary}")

    def _canaries(self) -> Iterator[str]:
        yield from (person.number for person in self.people)
        yield from ("canary.example", CARD_HOLDER, MASKED_PAN, TOKEN_KEY, *STORE_KEYS)
        yield from (json.dumps(key).strip('"') for key in STORE_KEYS)
        yield from (self.bank.message(tried)["HASH"] for tried in self.bank.ledger.values())

    def pays(self, person: Person, due_ids: list[str]) -> bool:
        """Let a new tab pay these dues, at a bank and in a cloud that work."""
        browser = Browser(self, "192.0.2.99")
        tab = Tab(self, f"newcomer-{person.number}", person, None, browser, calm=True)
        listed = tab.look_up()
        owed = [due for due in listed.get("dues", []) if due["id"] in due_ids]
        request = tab.wanted({"dues": owed}, everything=True) if len(owed) == len(due_ids) else None
        return request is not None and tab.check_out(request) and visit.pays(self, tab.order)

    def _end(self) -> None:
        for one in list(self.lambdas.running):
            self.hub.kill(one.greenlet)
        open_doors(None)
        exchange.plug(None)

    def load(self, *people: Person) -> None:
        """Put people's dues into the table."""
        self.people = list(people)
        self.dues = [due for person in people for due in person.dues]
        self.loading = True
        for due in self.dues:
            dues.load(due, self.hub.now)
        self.loading = False

    def add(self, actor: Actor) -> None:
        """Let an actor act from now on."""
        self._again(actor)

    def _again(self, actor: Actor) -> None:
        wait_ms = self.random.randrange(*actor.every_ms)
        if self.resting:
            if actor.due_ms is None:
                return
            due_ms = actor.due_ms(self)
            wait_ms = max(wait_ms, IDLE_MS if due_ms is None else due_ms - self.hub.ms)
            if self.hub.ms > self.horizon_ms + AWAKE_MS:
                wait_ms = max(wait_ms, DROWSY_MS)
        self.hub.after(wait_ms, lambda: self._act(actor))

    def _act(self, actor: Actor) -> None:
        if (actor.due_ms is not None or not self.resting) and actor.enabled(self):
            self.spawn(lambda: actor.step(self))
        self._again(actor)


# A world's parts, each only while every promise was kept before.
PARTS: tuple[Callable[[World], None], ...] = (
    World._live, World._calm, rest.look, World._audit, audit.look, audit.replay, audit.payable,
    audit.forgotten, World._silent,
)  # fmt: skip


def make(
    seed: int,
    plot: Callable[[World], None],
    faults: Drawing | None = None,
    evidence: tuple[str, str] | None = None,
) -> World:
    """Make the world of a seed, in which a plot is to happen."""
    random = Random(seed)  # noqa: S311 - a world's chance has a seed
    hub = Hub(random)
    story = Story(hub)
    lag = random.choice(INDEX_LAG_MS)
    table = Table(
        environment()["TABLE"], now_ms=lambda: hub.ms, later=lambda work: hub.after(lag, work), indexes=indexes()
    )  # fmt: skip
    faults = faults or Faults.drawn(random)
    refusal = random.choice((0.0, 0.0, 0.0, 0.2))
    ses = Ses(lambda: hub.now, lambda: _refusal(random, refusal, faults))
    secrets = Secrets({
        "TokenSecret": {"current": TOKEN_KEY}, "StoreKeySecret": {"current": STORE_KEYS[0]},
        "StatusApiSecret": {"current": "asvi_api:asvi_world"},
    })  # fmt: skip
    bank = Bank([STORE_KEYS[0]], hub)
    voids = random.choice(("on", "off"))
    services: dict[str, wires.Service] = {
        "dynamodb": table.call, "sesv2": ses.call, "kms": kms, "secretsmanager": secrets.call,
        "cmi": BankApi(bank, by_transaction=voids == "on").call,
    }  # fmt: skip
    wire = wires.Wire(services, faults, random, hub.after)
    lambdas = Lambdas(hub, wire, story, functions())
    proof, api = evidence or random.choice(EVIDENCE)
    return World(
        seed, random, hub, story, table, faults, ses, secrets, bank, lambdas, proof, api,
        voids, plot=plot,
    )  # fmt: skip


def _refusal(random: Random, rate: float, faults: Drawing) -> str | None:
    return random.choice(REFUSALS) if faults.on and random.random() < rate else None
