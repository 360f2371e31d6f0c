"""Who else acts in a world: an actor has a name, says when it can act, and takes a step.

Another one (the settlement sweep, the operator) is one more entry in `ACTORS`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions.intake.lines import COLUMNS, parsed
from functions.shared.aws import dues
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Due
from tests.simulation import calamities, office
from tests.simulation.bank import POSTAUTH
from tests.simulation.deployment import described
from tests.simulation.hub import DAY, HOUR, MINUTE, SECOND, START
from tests.simulation.table import Change

if TYPE_CHECKING:
    from tests.simulation.world import World

STORE_KEYS = (r"ASVI_world_2020|\key", r"ASVI_second|2020\key", "ASVI_third_2020")


@dataclass(frozen=True, slots=True)
class Actor:
    """Acts every so often where it can.

    `share`: in how many worlds of a hundred it acts at all. `due_ms`: when it next has something
    to do, for whoever goes on after the faults have stopped; None once there is nothing.
    """

    name: str
    enabled: Callable[["World"], bool]
    step: Callable[["World"], None]
    every_ms: tuple[int, int]
    share: int = 100
    due_ms: Callable[["World"], int | None] | None = None


def always(_: "World") -> bool:
    """Say that nothing has to be there."""
    return True


def _import_dues(world: "World") -> None:
    """Load the core system's file again: some amounts have changed, some lines are as before."""
    for due in world.dues:
        if world.random.random() < 0.5:
            load(world, due, world.random.choice((0, 150)))
    now = world.hub.now
    world.lambdas.job("import", lambda: dues.put_data_time(now))


def _pay_elsewhere(world: "World") -> None:
    """Let the core system's file say that a quarter was paid at a bank's counter."""
    load(world, world.random.choice(world.dues), paid_on="2020-05-05")
    world.sometimes("due paid by another channel")


def load(world: "World", due: Due, more_centimes: int = 0, paid_on: str = "") -> None:
    """Load a line of the core system's file of dues (docs/dues-file.md), by the time of S3's event."""
    issued_at = world.hub.now
    cells = (
        due.registration_number, due.year, due.quarter,
        dirhams(due.amount_centimes + more_centimes), due.reference, due.account, paid_on,
    )  # fmt: skip
    file = [",".join(COLUMNS).encode(), ",".join(map(str, cells)).encode()]

    def work() -> None:
        for found in parsed(file, issued_at.date()):
            assert isinstance(found, Due)
            taken = dues.load(found, issued_at, "core.csv")
            world.story.tell("import", f"{due.id} at {found.amount_centimes}: {taken}")

    world.lambdas.job("import", work)


def _rotate(world: "World") -> None:
    """Put a new store key, at CMI a little sooner or later; the one before serves for a while."""
    world.rotations += 1
    before, key = STORE_KEYS[world.rotations - 1 : world.rotations + 1]
    overlap = world.random.choice((0, 20 * MINUTE, HOUR, 3 * HOUR))
    until = world.hub.now + timedelta(milliseconds=overlap) if overlap else None
    world.secrets.rotate("StoreKeySecret", key, until)
    world.story.tell(
        "operator", f"puts a new store key, the old one serves {overlap // MINUTE} min"
    )
    world.hub.after(world.random.randrange(10 * MINUTE), lambda: world.bank.keys.insert(0, key))
    world.hub.after(overlap + 10 * MINUTE, lambda: world.bank.keys.remove(before))


def _turn_clock(world: "World") -> None:
    """Let the clocks of new invocations be ten minutes late, for a while."""
    world.lambdas.skew_ms = -10 * MINUTE
    world.story.tell("clock", "jumps back ten minutes")
    world.sometimes("clock ten minutes back")
    world.hub.sleep(world.random.randrange(MINUTE, 15 * MINUTE))
    world.lambdas.skew_ms = 0
    world.story.tell("clock", "is right again")


def _clean(world: "World") -> None:
    """Delete what has expired, as late and as partly as DynamoDB's TTL does."""
    now = int(world.hub.now.timestamp())
    for row in list(world.table.rows()):
        if "expires" in row and int(row["expires"]["N"]) < now and world.random.random() < 0.5:
            key = row["pk"]["S"], row["sk"]["S"]
            world.table.commit([Change(key, row, None)])
            world.sometimes("row deleted by TTL")


# Which part of the work index a function's sweep looks at.
PARTS = {"LetterFunction": "MAIL#", "SettlementFunction": "WORK#"}


def _waiting_since(world: "World", function: str) -> int | None:
    """Say since when something waits for a sweep, or from when it will; not the operator's queue."""
    stamps = [
        row["waits_at"]["S"]
        for (name, part), rows in world.table.index.items()
        if name == "work" and part != "QUEUE" and part.startswith(PARTS[function])
        for row in rows.values()
    ]
    if not stamps:
        return None
    return int((datetime.fromisoformat(min(stamps)) - START) / timedelta(milliseconds=1))


def _sweeper(function: str, content: str) -> Actor:
    """Make the actor that calls a function as its schedule does, where there is something to do."""

    def due(world: "World") -> bool:
        since = _waiting_since(world, function)
        return since is not None and since <= world.hub.ms

    return Actor(
        function, due, _sweep(function, content), EACH_MINUTE,
        due_ms=lambda world: _waiting_since(world, function),
    )  # fmt: skip


def _sweep(function: str, content: str) -> Callable[["World"], None]:
    """Call a function as its schedule does."""
    return lambda world: void(world.lambdas.invoke(function, json.loads(content)))


def _steal(world: "World") -> None:
    """Send an old look-up again, whose control code or session is over, however long ago."""
    request = world.random.choice(world.spent)
    (name,) = {"ticket", "session"} & set(request)
    answer = world.thief.post("/api/lookup", request, **{name: request[name]})
    if name == "ticket":
        world.promises.code_spent(request[name], answer)
    world.story.tell("thief", f"uses an old {name} again: {answer.status} {answer.code}")
    if world.lambdas.skew_ms and answer.code.endswith("_expired"):
        world.sometimes(f"{answer.code} while the clock was late")


def _lose(world: "World") -> None:
    """Lose the table, once."""
    world.losses += 1
    calamities.loss(world)


def _operate(world: "World") -> None:
    """Do one of the operator's works, in the middle of everything."""
    world.random.choice((office.compare, office.work, office.refund))(world)


def void(_: object) -> None:
    """Want nothing of an answer."""


def _replay(world: "World") -> None:
    """Let the bank send an old message once more, whatever was answered then."""
    tried = world.random.choice(list(world.bank.ledger.values()))
    server_message = world.bank.message(tried)
    kind = "decline" if tried.state == "declined" else "verdict"
    answer = world.bank_server.form(
        "/cmi/callback", server_message, verdict=kind, trans_id=tried.trans_id
    )
    if answer.status == 200:
        world.story.tell("bank", f"repeats {tried.trans_id}: {answer.body}")
        world.bank.heard(tried, answer.body)
        if answer.body == POSTAUTH:
            world.sometimes("repeated message captured again or at last")


# Schedules come late, and now and then not at all (event 104).
EACH_MINUTE = (50 * SECOND, 6 * MINUTE)
# The canary asks over HTTP and changes nothing: tests/canary has it. What forgets has nothing to do
# until a world is half a year old: `audit.py` lets it be.
SWEEPS = [
    _sweeper(one.function, one.content)
    for one in described().schedules()
    if one.function != "CanaryFunction" and "forget" not in one.content
]
ACTORS = [
    Actor("import", always, _import_dues, (5 * MINUTE, 40 * MINUTE), share=50),
    Actor("counter", always, _pay_elsewhere, (10 * MINUTE, 3 * HOUR), share=15),
    Actor("key", lambda world: world.rotations < 2, _rotate, (5 * MINUTE, HOUR), share=30),
    Actor("clock", always, _turn_clock, (10 * MINUTE, 2 * HOUR), share=20),
    Actor("ttl", always, _clean, (10 * MINUTE, HOUR), share=60),
    Actor(
        "replay", lambda world: bool(world.bank.ledger), _replay, (10 * MINUTE, 2 * HOUR), share=20
    ),
    Actor("thief", lambda world: bool(world.spent), _steal, (MINUTE, HOUR), share=40),
    Actor("operator", always, _operate, (20 * MINUTE, 2 * HOUR), share=35),
    Actor("region", always, calamities.outage, (20 * MINUTE, 2 * HOUR), share=15),
    Actor("loss", lambda world: world.losses < 1, _lose, (5 * MINUTE, HOUR), share=6),
    *SWEEPS,
]
LONGEST_MS = 9 * DAY
