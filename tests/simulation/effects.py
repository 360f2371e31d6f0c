"""What a write may do, and whose: I4 to I7 and I10 to I12, looked at after each commit."""

import json
from typing import TYPE_CHECKING

from tests.simulation import records
from tests.simulation.records import OrderRow, text
from tests.simulation.table import Change
from tests.simulation.values import Item, Json

if TYPE_CHECKING:
    from tests.simulation.promises import Promises

# design.md §4, written down a second time: (from, to) and who may go there.
VERDICT, LATER, PERSON = {"callback"}, {"settlement", "operator"}, {"operator"}
EDGES: dict[tuple[str, str], set[str]] = {
    ("", "open"): {"checkout"},
    ("open", "capturing"): VERDICT,
    ("open", "paid"): VERDICT | LATER,
    ("open", "expired"): LATER,
    ("expired", "capturing"): VERDICT,
    ("expired", "paid"): VERDICT | LATER,
    ("capturing", "paid"): LATER,
    ("capturing", "released"): LATER,
    ("released", "paid"): LATER,
    ("paid", "refunded"): PERSON,
    ("paid", "uncaptured"): PERSON,
}
TAKEN = {"capturing": "held", "paid": "paid"}
DUES_BY = {"import", "callback", "settlement", "operator", ""}
# Whatever waits may change beside a verdict that is kept for ever.
WAITS = {"waits", "waits_at", "tries", "queued_why"}


def look(promises: "Promises", changes: list[Change], about: Json) -> None:
    """Look at a commit. `about`: what whoever made it was there for; empty for nobody."""
    for change in changes:
        sk = change.key[1]
        _by_purpose(promises, change, about)
        if sk == "ORDER":
            _order(promises, change, about)
        elif sk.startswith("DUE#"):
            _due(promises, change, about)
        elif sk.startswith("ATTEMPT#"):
            _attempt(promises, change)


def _by_purpose(promises: "Promises", change: Change, about: Json) -> None:
    """Let some messages change nothing, or not what money hangs on."""
    verdict, (pk, sk) = about.get("verdict", ""), change.key
    if verdict == "forged" and not (pk.startswith("RATE#") or sk.startswith("SUSPECT#")):
        promises.fail("I10", f"a forged message changed {pk}/{sk}")
    if verdict == "decline" and (sk == "ORDER" or sk.startswith(("DUE#", "OPEN#"))):
        promises.fail("I6", f"a decline changed {pk}/{sk}")
    if verdict == "return":
        promises.fail("I5", f"a browser's return changed {pk}/{sk} (event 82)")
    if about.get("kind") == "checkout" and sk.startswith("DUE#"):
        promises.fail("I12", f"starting a payment changed {pk}/{sk}")


def _erased(promises: "Promises", old: OrderRow, new: OrderRow, about: Json) -> None:
    """Want what an order was made of to change by forgetting alone (`audit.forgotten`)."""
    if (
        not about.get("forgets")
        or old.state in ("open", "capturing")
        or json.loads(new.facts)["email"]
    ):
        promises.fail("I5", f"what an order was made of changed: {new.reference}")


def _order(promises: "Promises", change: Change, about: Json) -> None:
    if change.new is None:
        promises.fail("I5", f"an order was deleted: {change.key[0]}")
        return
    new = records.order(change.new)
    before, kind = text(change.old, "state"), about.get("kind", "")
    if new.trans_id:
        promises.orders_of[new.trans_id] = new.reference
    if change.old is not None and new.facts != text(change.old, "facts"):
        _erased(promises, records.order(change.old), new, about)
    if before == new.state:
        return
    promises.tell(f"{new.reference}: {before or 'new'} -> {new.state}", about)
    if kind not in EDGES.get((before, new.state), set()):
        promises.fail("I5", f"{new.reference}: {before} -> {new.state} by {kind or 'nobody'}")
    if before == "expired":
        promises.world.sometimes("late approval after expiry")
    promises.moved_ms[new.reference] = promises.world.hub.ms
    _moved(promises, new, change.new)


def _moved(promises: "Promises", new: records.OrderRow, row: Item) -> None:
    """Want each due that an order takes to name its transaction, and the proof to stand."""
    table = promises.world.table
    if new.state in TAKEN:
        for key, amount in zip(new.due_keys, new.amounts, strict=True):
            due = table.get(key) or {}
            if (text(due, "state"), text(due, "trans_id")) != (TAKEN[new.state], new.trans_id):
                promises.fail("I4", f"{new.reference} took {key[1]}, which does not say so")
            elif int(due["amount_centimes"]["N"]) != amount:
                promises.fail("I3", f"{new.reference} was made of another amount of {key[1]}")
    if new.state == "paid":
        _proved(promises, new, row)


def _proved(promises: "Promises", new: records.OrderRow, row: Item) -> None:
    evidence = text(row, "evidence").split(" ")
    if not text(row, "paid_at") or evidence[1:] != [new.trans_id, str(new.total)]:
        promises.fail("I7", f"{new.reference} is paid on no stored evidence: {evidence}")
    attempt = promises.world.table.get((f"ORDER#{new.reference}", f"ATTEMPT#{new.trans_id}#00"))
    if evidence[0] == "callback" and text(attempt, "reply") != "ACTION=POSTAUTH":
        promises.fail("I7", f"{new.reference} is paid, and no attempt row says so")
    if new.email and promises.world.table.get((f"ORDER#{new.reference}", "LETTER#1")) is None:
        promises.fail("I16", f"{new.reference} is paid, and no letter is wanted with it")


def _due(promises: "Promises", change: Change, about: Json) -> None:
    old, new, kind = text(change.old, "state"), text(change.new, "state"), about.get("kind", "")
    place = "/".join(change.key)
    if kind not in DUES_BY:
        promises.fail("I12", f"{kind} changed {place}")
    if kind == "import" and (
        old == "held" or (old == "paid" and change.old and "trans_id" in change.old)
    ):
        promises.fail("I4", f"the file changed {place}, which is {old}")
    trans_id = text(change.new, "trans_id")
    if new in ("held", "paid") and trans_id:
        _named(promises, change, trans_id)
    if old in ("held", "paid") and new == "unpaid":
        promises.freed_ms[change.key] = promises.world.hub.ms
        if kind not in LATER:
            promises.fail("I4", f"{kind} set {place} free")


def _named(promises: "Promises", change: Change, trans_id: str) -> None:
    """Want the transaction that a due names to name an order that lists the due."""
    table, reference = promises.world.table, promises.orders_of.get(trans_id, "")
    row = table.get((f"ORDER#{reference}", "ORDER"))
    found = records.order(row) if row else _by_transaction(promises, trans_id)
    if found is None or found.trans_id != trans_id or change.key not in found.due_keys:
        promises.fail("I4", f"{change.key[1]} names {trans_id}, of no order that lists it")


def _by_transaction(promises: "Promises", trans_id: str) -> records.OrderRow | None:
    for row in promises.world.table.rows():
        if row["sk"]["S"] == "ORDER" and text(row, "trans_id") == trans_id:
            return records.order(row)
    return None


def _attempt(promises: "Promises", change: Change) -> None:
    if change.old is None:
        return
    kept = [
        {name: value for name, value in (row or {}).items() if name not in WAITS}
        for row in (change.old, change.new)
    ]
    if kept[0] != kept[1]:
        promises.fail("I11", f"a row of the attempt log changed: {'/'.join(change.key)}")
