"""What befalls a whole region: a service that is down, a table that is lost and restored."""

import os
from typing import TYPE_CHECKING

from functions.shared import settings
from tests.simulation import office
from tests.simulation.faults import WRITES
from tests.simulation.hub import HOUR, MINUTE
from tests.simulation.wire import Request

if TYPE_CHECKING:
    from tests.simulation.table import Rows
    from tests.simulation.world import World

# Services that fail together, and whether only writes do (events 57, 98, 105, 112).
OUTAGES = (
    ({"dynamodb"}, False), ({"dynamodb"}, True), ({"secretsmanager"}, False), ({"kms"}, False),
    ({"sesv2"}, False), ({"cmi"}, False),
)  # fmt: skip
MOST_ROUNDS = 20


def outage(world: "World") -> None:
    """Let a service fail for some minutes, or the table be read and not written."""
    services, only_writes = world.random.choice(OUTAGES)

    def fails(request: Request) -> bool:
        return request.service in services and (not only_writes or request.operation in WRITES)

    name = f"{'/'.join(services)}{' for writing' if only_writes else ''}"
    world.story.tell("AWS", f"{name} is down")
    world.lambdas.wire.down.append(fails)
    world.hub.sleep(world.random.randrange(MINUTE, 20 * MINUTE))
    world.lambdas.wire.down.remove(fails)
    world.story.tell("AWS", f"{name} works again")
    world.sometimes(f"{name} down")


def loss(world: "World") -> None:
    """Lose the table, bring a backup, compare with CMI while frozen, and open again (event 107)."""
    kept, mails = world.table.copy(), len(world.ses.took)
    world.hub.sleep(world.random.randrange(MINUTE, 40 * MINUTE))
    world.story.tell("AWS", "the table is lost")
    world.lambdas.wire.down.append(_of_the_table)
    world.hub.sleep(world.random.randrange(20 * MINUTE, HOUR))
    for one in list(world.lambdas.running):
        world.hub.kill(one.greenlet)
    _switch(world, "frozen")
    _restored(world, kept, mails)
    world.lambdas.wire.down.remove(_of_the_table)
    world.hub.sleep(world.random.randrange(2 * HOUR))
    rounds = 0
    _let_go(world)
    while not _agrees(world) and rounds < MOST_ROUNDS:
        office.day(world)
        rounds += 1
    _switch(world, "open")
    world.sometimes("table lost and restored")


def _of_the_table(request: Request) -> bool:
    return request.service == "dynamodb"


def _switch(world: "World", payments: str) -> None:
    """Deploy with another `Payments` parameter."""
    world.frozen = payments == "frozen"
    os.environ["PAYMENTS"] = payments
    settings.read.cache_clear()
    world.lambdas.idle.clear()
    world.story.tell("operator", f"payments are {payments}")


def _restored(world: "World", kept: "Rows", mails: int) -> None:
    """Put the backup in place; nobody may hold it to what it never knew."""
    before = {pk for pk, part in world.table.parts.items() if "ORDER" in part}
    world.table.replace(kept)
    lost = {pk.removeprefix("ORDER#") for pk in before - set(kept)}
    world.story.tell("AWS", f"the table is restored; lost: {sorted(lost) or 'no order'}")
    promises = world.promises
    promises.doubtful.update((mail.reference, mail.name) for mail in world.ses.took[mails:])
    for key, (_, form) in list(promises.forms.items()):
        if form["reference"] in lost:
            del promises.forms[key]
            promises.paid_shown.pop(form["reference"], None)
    if lost & {one.oid for one in world.bank.ledger.values() if one.state == "captured"}:
        world.sometimes("captured order lost with the table: given back")


def _let_go(world: "World") -> None:
    """Release at CMI what is only reserved: whether we asked for its capture, the backup forgot."""
    for tried in world.bank.ledger.values():
        order = world.promises.order(tried.oid)
        asked = order is not None and order.trans_id == tried.trans_id
        if tried.state == "authorised" and not asked:
            world.bank.given_back(tried)


def _agrees(world: "World") -> bool:
    """Say whether every capture that we asked for is known here, as the comparison shows."""
    return all(
        (order := world.promises.order(one.oid)) is not None
        and (order.state, order.trans_id) == ("paid", one.trans_id)
        for one in world.bank.ledger.values()
        if one.state == "captured"
    )
