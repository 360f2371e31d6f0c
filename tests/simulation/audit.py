"""What must hold once the operator has worked too: no exception is left, in either evidence.

Then three last looks: the stream once more from its start, a newcomer who pays what is unpaid, and
more than a year later, when nobody is to be found by an address any more.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.simulation import records
from tests.simulation.bank import Transaction
from tests.simulation.hub import DAY, HOUR, MINUTE
from tests.simulation.records import OrderRow, text
from tests.simulation.rest import to_be_forgotten
from tests.simulation.values import Item

SEVEN_MONTHS = 215 * DAY
GONE: dict[str, Any] = {"email": None, "addresses": (), "facts": ""}

if TYPE_CHECKING:
    from tests.simulation.payers import Person
    from tests.simulation.world import World


def look(world: "World") -> None:
    """Compare both sides, line by line: I15, I20; nothing waits, nothing is held: I16, I17."""
    rows = list(world.table.rows())
    orders = {
        one.reference: one for one in (records.order(r) for r in rows if r["sk"]["S"] == "ORDER")
    }
    for tried in world.bank.ledger.values():
        _captured(world, tried, orders.get(tried.oid))
    for order in orders.values():
        _order(world, order)
    for row in rows:
        _row(world, row)


def _captured(world: "World", tried: Transaction, order: OrderRow | None) -> None:
    if tried.state == "authorised":
        world.promises.fail("I18", f"{tried.trans_id} is still authorised")
    if tried.state != "captured":
        return
    paid = order is not None and (order.state, order.trans_id) == ("paid", tried.trans_id)
    if not paid:
        world.promises.fail("I15", f"{tried.trans_id} was captured, and {tried.oid} is not paid")


def _order(world: "World", order: OrderRow) -> None:
    fail = world.promises.fail
    if order.state == "capturing":
        fail("I17", f"{order.reference} rests in capturing")
    if order.state != "paid":
        return
    tried = world.bank.ledger[order.trans_id]
    if (tried.state, tried.amount_centimes, tried.oid) != (
        "captured",
        order.total,
        order.reference,
    ):
        what = f"the bank says {tried.state} {tried.amount_centimes} for {tried.oid}"
        fail("I20", f"{order.reference} is paid by {order.trans_id}, and {what}")
    told = world.promises.written | world.promises.telephoned
    if order.email and order.reference not in told:
        fail("I16", f"{order.reference} is paid, and nobody was told")


def _row(world: "World", row: Item) -> None:
    place = f"{row['pk']['S']}/{row['sk']['S']}"
    if row["sk"]["S"].startswith("DUE#"):
        _due(world, row, place)
    if text(row, "waits") and not to_be_forgotten(row):
        world.promises.fail("I17", f"{place} still waits for {text(row, 'waits')}")


def _due(world: "World", row: Item, place: str) -> None:
    """Want a due that a transaction took to be that of a paid order, which lists it: I4, I17."""
    state, trans_id = text(row, "state"), text(row, "trans_id")
    if state == "held":
        world.promises.fail("I17", f"{place} rests in held")
    order = world.promises.order(world.promises.orders_of.get(trans_id, ""))
    paid = order is not None and (order.state, order.trans_id) == ("paid", trans_id)
    if state == "paid" and trans_id and not paid:
        world.promises.fail("I4", f"{place} is paid by {trans_id}, which pays no order")


def replay(world: "World") -> None:
    """I25: bring the whole stream again from the start."""
    before = list(world.table.rows()), len(world.ses.took)
    for stream in world.streams:
        for start in range(0, len(stream.seen), stream.subscription.batch_size):
            records_ = stream.seen[start : start + stream.subscription.batch_size]
            world.spawn(partial(stream.deliver, records_))
    world.until(world.hub.ms + 10 * MINUTE)
    if before != (list(world.table.rows()), len(world.ses.took)):
        world.promises.fail("I25", "the stream, brought again from the start, changed something")


def payable(world: "World") -> None:
    """I21: whatever is still unpaid, a new tab can pay now."""
    for person in world.people:
        unpaid = [
            row["sk"]["S"].removeprefix("DUE#")
            for row in world.table.parts.get(f"REG#{person.number}", {}).values()
            if text(row, "state") == "unpaid" and row["sk"]["S"].startswith("DUE#")
        ]
        if not unpaid:
            continue
        done: list[bool] = []
        world.spawn(partial(_paid, world, person, unpaid, done))
        world.until(world.hub.ms + 10 * MINUTE)
        if done != [True]:
            world.promises.fail("I21", f"a new tab cannot pay {unpaid}")


def _paid(world: "World", who: "Person", due_ids: list[str], done: list[bool]) -> None:
    done.append(world.pays(who, due_ids))


def forgotten(world: "World") -> None:
    """Want a world that is 14 months old to know no payer but by what was paid (`reliability.md` §6).

    What CMI told of or captured stays, and every paid quarter, to the last attribute but the
    address. At the first of these late sweeps, two at once, the world's faults are back.
    """
    world.until(world.hub.ms + 10 * DAY)
    before = {order.reference: order for order in _orders(world)}
    # What was captured and given back before the table was lost, the backup never knew.
    tried = {
        one.oid
        for one in world.bank.ledger.values()
        if one.state == "captured" or (one.captured_ms >= 0 and not world.losses)
    }
    told = ("ATTEMPT#", "SUSPECT#", "MATTER#")
    tried |= {
        row["pk"]["S"].removeprefix("ORDER#")
        for row in world.table.rows()
        if row["sk"]["S"].startswith(told) or "queued_why" in row
    }
    for wait_ms, faults in ((SEVEN_MONTHS, True), (SEVEN_MONTHS, False), (DAY, False)):
        world.until(world.hub.ms + wait_ms)
        world.faults.on = faults and world.late_faults
        for _ in range(2 if faults else 1):
            forgets = partial(world.lambdas.invoke, "SettlementFunction", {"forget": True})
            world.spawn(partial(forgets, forgets=True))
        world.until(world.hub.ms + HOUR)
        world.faults.on = False
    for row in world.table.rows():
        if row["sk"]["S"] == "ORDER":
            _named(world, row, before[row["pk"]["S"].removeprefix("ORDER#")], tried)
        elif text(row, "waits"):
            world.promises.fail("I17", f"{row['sk']['S']} waits after more than a year")


def _orders(world: "World") -> list[OrderRow]:
    return [records.order(row) for row in world.table.rows() if row["sk"]["S"] == "ORDER"]


def _named(world: "World", row: Item, before: OrderRow, tried: set[str]) -> None:
    after = records.order(row)
    place = f"{after.reference}, {after.state} and 14 months old,"
    if after.addresses or "@" in after.facts:
        world.promises.fail("kept", f"{place} has its payer's address")
    if text(row, "waits"):
        world.promises.fail("I17", f"{place} still waits for {text(row, 'waits')}")
    unseen = after.state == "expired" and after.reference not in tried
    if unseen and (after.number or after.due_ids or after.total):
        world.promises.fail("kept", f"{place} still names its payer")
    if not unseen and replace(after, **GONE) != replace(before, **GONE):
        world.promises.fail("kept", f"{place} lost more than its address")
    if unseen:
        world.sometimes("payment that CMI never told of stripped")
    elif before.email:
        world.sometimes("address forgotten")
