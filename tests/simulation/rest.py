"""What must hold once the faults have stopped and every function has finished: I15 to I18, I20.

What no function can settle is before the operator by then; `audit.py` looks once they have worked.
"""

from typing import TYPE_CHECKING

from tests.simulation import records
from tests.simulation.bank import Transaction
from tests.simulation.bank_api import furthest
from tests.simulation.records import OrderRow, text
from tests.simulation.values import Item

if TYPE_CHECKING:
    from tests.simulation.world import World

FREE = ("voided", "lapsed", "declined", "refunded")
CAPTURED_BY_US = "ACTION=POSTAUTH"


def look(world: "World") -> None:
    """Look at a world at rest."""
    rows = list(world.table.rows())
    orders = {
        one.reference: one for one in (records.order(r) for r in rows if r["sk"]["S"] == "ORDER")
    }
    for tried in world.bank.ledger.values():
        _transaction(world, tried, orders.get(tried.oid))
    for order in orders.values():
        _order(world, order)
    for row in rows:
        _row(world, row)


def _transaction(world: "World", tried: Transaction, order: OrderRow | None) -> None:
    """I15 and I18: what was captured is paid; what was refused is free again."""
    fail = world.promises.fail
    if tried.state == "captured":
        paid = order is not None and (order.state, order.trans_id) == ("paid", tried.trans_id)
        if not paid and not tried.defiant and not _before_the_operator(world, tried.oid):
            fail("I15", f"{tried.trans_id} was captured, and {tried.oid} is not paid by it")
        if not paid and tried.defiant:
            _defied(world, tried)
    elif tried.state not in FREE:
        fail("I18", f"{tried.trans_id} is still {tried.state}")
    attempt = world.table.get((f"ORDER#{tried.oid}", f"ATTEMPT#{tried.trans_id}#00"))
    refused = text(attempt, "reply") == "APPROVED" and tried.state in ("voided", "lapsed")
    if refused:
        world.sometimes("void wanted")
    if refused and world.api and tried.state != "voided" and _alone(world, tried):
        fail("I18", f"{tried.trans_id} was refused and left to lapse")


def _alone(world: "World", tried: Transaction) -> bool:
    """Say whether a Void of a transaction can undo no other, so that settlement must ask for it."""
    same = world.bank.of_order(tried.oid)
    return world.voids == "on" or sum(one.state != "declined" for one in same) == 1


def _defied(world: "World", tried: Transaction) -> None:
    """Want a capture against our word to be the operator's, where we can know of it.

    Without the API, where it tells of another transaction of the order, or where no message about
    it ever came, the daily comparison finds it.
    """
    known = world.table.get((f"ORDER#{tried.oid}", f"ATTEMPT#{tried.trans_id}#00"))
    same = world.bank.of_order(tried.oid)
    if world.api and known and furthest(same) is tried and not _queued(world, tried.oid):
        what = f"{tried.trans_id} was captured against our word, and nobody looks at it"
        world.promises.fail("I15", what)


def _queued(world: "World", reference: str, kind: str = "") -> bool:
    """Say whether the operator's queue holds something of an order."""
    part = world.table.parts.get(f"ORDER#{reference}", {})
    return any(text(row, "waits") == "QUEUE" for sk, row in part.items() if sk.startswith(kind))


def _order(world: "World", order: OrderRow) -> None:
    fail, row = world.promises.fail, world.table.get((f"ORDER#{order.reference}", "ORDER"))
    if order.state == "capturing" and text(row, "waits") != "QUEUE":
        fail("I17", f"{order.reference} rests in capturing")
    if order.state != "paid":
        return
    for key in order.due_keys:
        due = world.table.get(key)
        if (text(due, "state"), text(due, "trans_id")) != ("paid", order.trans_id):
            fail("I15", f"{order.reference} is paid, and {key[1]} is not")
    _accounted(world, order)
    if order.email:
        _told(world, order)
    elif not text(row, "proof"):
        fail("I16", f"{order.reference} is paid, and its receipt was never signed")


def _accounted(world: "World", order: OrderRow) -> None:
    """I20: paid is what the bank captured, line by line.

    In `callback` evidence one difference is the price of having no status API, and the daily
    comparison finds it: the bank reserved the money, and never heard our word, was never told, or
    had let go of it when a late message made us say it.
    """
    tried = world.bank.ledger.get(order.trans_id)
    if tried is None or tried.oid != order.reference or tried.state == "declined":
        world.promises.fail("I20", f"{order.reference} is paid by no transaction of the bank")
    elif tried.state == "captured":
        if tried.renamed and tried.defiant and world.evidence == "callback":
            world.sometimes("paid on names put back: the comparison must find it")
        elif tried.amount_centimes != order.total:
            world.promises.fail("I20", f"{order.reference}: the bank took {tried.amount_centimes}")
    elif tried.state == "refunded":
        return  # the operator has begun to give it back
    elif world.evidence == "callback" and tried.gone:
        world.sometimes("paid after it was let go: the comparison must find it")
    elif world.evidence != "callback" or CAPTURED_BY_US in tried.heard:
        world.promises.fail(
            "I20", f"{order.reference} is paid, and {tried.trans_id} is {tried.state}"
        )
    elif tried.renamed:
        world.sometimes("paid on names put back: the comparison must find it")
    else:
        world.sometimes("paid but not captured: the comparison must find it")


def _told(world: "World", order: OrderRow) -> None:
    """I16: a letter left, or the operator has it."""
    told = world.promises.written | world.promises.telephoned
    if order.reference in told or _queued(world, order.reference, "LETTER#"):
        return
    part = world.table.parts[f"ORDER#{order.reference}"]
    letters = {name: text(row, "state") for name, row in part.items() if "LETTER#" in name}
    world.promises.fail("I16", f"{order.reference} is paid, and its letters are {letters}")


def _row(world: "World", row: Item) -> None:
    """Nothing waits for ever without a person who knows."""
    place = f"{row['pk']['S']}/{row['sk']['S']}"
    if text(row, "state") == "held" and row["sk"]["S"].startswith("DUE#"):
        _held(world, place, world.promises.orders_of.get(text(row, "trans_id"), ""))
    if text(row, "waits") not in ("", "QUEUE") and not to_be_forgotten(row):
        world.promises.fail(
            "I17", f"{place} waits for {text(row, 'waits')} since {text(row, 'waits_at')}"
        )


def to_be_forgotten(row: Item) -> bool:
    """Say whether a row waits for nobody but the day when its payer's address is erased."""
    return row["sk"]["S"] == "ORDER" and text(row, "waits").startswith("FORGET#")


def _held(world: "World", place: str, reference: str) -> None:
    """Refuse a due that rests in held while the operator has not its order before them."""
    if not _before_the_operator(world, reference):
        world.promises.fail("I17", f"{place} rests in held")


def _before_the_operator(world: "World", reference: str) -> bool:
    """Say whether the operator's queue holds an order, as it must where CMI contradicts itself."""
    order = world.table.get((f"ORDER#{reference}", "ORDER"))
    held = text(order, "waits") == "QUEUE"
    if held:
        world.sometimes("order that only the operator can settle")
    return held
