"""Planted bugs: each a small patch of the functions, of a kind that real portals had.

The simulator is worth what it catches: `test_planted_bugs.py` lets each of these loose.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from functions.callback import browser
from functions.callback import handler as callback
from functions.checkout import handler as checkout
from functions.shared import outside
from functions.shared.aws import dues, letters, orders, rows, table
from functions.shared.rules import decision, receipts, settlement
from functions.shared.rules.cmi.answer import Message
from functions.shared.rules.errors import Cancelled, Unavailable
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Attempt, OrderState
from functions.shared.rules.references import with_check_digits
from functions.shared.rules.tokens import Ticket
from tests.simulation.planting import Wrap, bug


@bug("reply before the write", callback, "_committed", "I9")
def _(right: Any) -> Any:  # noqa: ANN401 - a function for a function, here and below
    def wrong(*given: Any) -> Any:  # noqa: ANN401 - likewise
        try:
            return right(*given)
        except Unavailable:
            return None

    return wrong


@bug("duplicates told by oid only", rows, "attempt_key", "I11")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda reference, *_: (f"ORDER#{reference}", "ATTEMPT#")


@bug("letter outside the transaction", orders, "pay", "I16")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(paid: Any, after: Any, made: Any, now: Any) -> Any:  # noqa: ANN401 - likewise
        contest = right(replace(paid, email=None), after, made, now)
        if contest is None and paid.email and after is OrderState.PAID:
            table.write(table.put(rows.letter_row(paid.reference, orders.FIRST, "paid", now)))
        return contest

    return wrong


@bug("letter sent without a claim", letters, "claim", "I19")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(*given: Any) -> None:  # noqa: ANN401 - likewise
        try:
            right(*given)
        except Cancelled:
            return

    return wrong


@bug("a decline closes the order", orders, "keep", "I6")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(of: Any, made: Any, **how: Any) -> Any:  # noqa: ANN401 - likewise
        kept = right(of, made, **how)
        if not made.approved:
            key, closed = rows.order_key(of.reference), {":closed": "expired"}
            table.write(table.update(key, "SET #s = :closed", "attribute_exists(pk)", closed))
        return kept

    return wrong


@bug("no echo check", decision, "_echoes", "I10")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda *_: True


@bug("no amount check", decision, "_refusal", "I3")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(message: Message, order: Any) -> Any:  # noqa: ANN401 - likewise
        fields = message.fields | {"AMOUNT": dirhams(order.total_centimes)}
        return right(replace(message, fields=fields), order)

    return wrong


@bug("the return page believed", browser, "after_return", "I5")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(reading: Any, *given: Any) -> Any:  # noqa: ANN401 - likewise
        if isinstance(reading, Message) and reading.code == "00":
            order, _ = orders.for_verdict(reading.oid, reading.trans_id, "00")
            made = Attempt(reading.trans_id, "00", "ACTION=POSTAUTH", True, None, outside.now())
            if order is not None:
                orders.pay(order, OrderState.PAID, made, outside.now())
        return right(reading, *given)

    return wrong


@bug("a ticket's time left to the table's TTL", Ticket, "opened", "I13")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(*given: Any) -> Any:  # noqa: ANN401 - likewise
        ticket = right(*given)
        return replace(ticket, expires=2**40) if ticket else None

    return wrong


@bug("a ticket good for more than once", dues, "spend_ticket", "I13")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(ticket_id: str, address: str, random: bytes, *given: Any, **how: Any) -> Any:  # noqa: ANN401 - likewise
        return right(ticket_id + random.hex(), address, random, *given, **how)

    return wrong


def _without_conditions(actions: Sequence[Any]) -> list[Any]:
    """Take the conditions away, and the values that only they use."""
    loose = []
    for action in actions:
        ((verb, request),) = action.items()
        text = request.get("UpdateExpression", "")
        kept = {name: part for name, part in request.items() if name != "ConditionExpression"}
        for attribute in ("ExpressionAttributeValues", "ExpressionAttributeNames"):
            given = kept.pop(attribute, {})
            used = {
                name: value
                for name, value in given.items()
                if f"{name} " in f"{text} ".replace(",", " ")
            }
            kept |= {attribute: used} if used else {}
        loose.append({verb: kept})
    return loose


@bug("a new token for each try, and no condition", table, "save_once", "I1")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(actions: Sequence[Any], *step: str) -> None:
        if step[0] == "pay":
            right(_without_conditions(actions), *step, outside.random_bytes(8).hex())
        else:
            right(actions, *step)

    return wrong


@bug("attempt row outside the transaction", table, "save_once", "I7")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(actions: Sequence[Any], *step: str) -> None:
        if step[0] != "pay":
            right(actions, *step)
            return
        right([actions[0], *actions[2:]], *step)
        table.write(actions[1])

    return wrong


def _due_without(clause: str, value: str) -> Wrap:
    """Make a payment that does not ask a due about one thing."""

    def wrap(right: Any) -> Any:  # noqa: ANN401 - likewise
        def wrong(*given: Any) -> Any:  # noqa: ANN401 - likewise
            request = right(*given)["Update"]
            condition = (
                request["ConditionExpression"].replace(clause, "").strip() or "attribute_exists(pk)"
            )
            values = {k: v for k, v in request["ExpressionAttributeValues"].items() if k != value}
            changed = {"ConditionExpression": condition, "ExpressionAttributeValues": values}
            return {"Update": request | changed}

        return wrong

    return wrap


bug("due not asked for its amount", orders, "_due_paid", "I3")(
    _due_without(" AND amount_centimes = :amount", ":amount")
)
bug("due not asked for its state", orders, "_due_paid", "I15")(
    _due_without("#s = :unpaid AND ", ":unpaid")
)


@bug("paid on our reply alone", callback, "decide", "I20")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(reading: Any, order: Any, before: Any, merchant: Any, *_: Any, **how: Any) -> Any:  # noqa: ANN401 - likewise
        return right(reading, order, before, merchant, "callback", **how)

    return wrong


@bug("POSTAUTH for whatever comes once paid", decision, "_approval", "I9")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(order: Any, *given: Any, **how: Any) -> Any:  # noqa: ANN401 - likewise
        found = right(order, *given, **how)
        if order.state is OrderState.PAID:
            return replace(found, reply=decision.Reply.CAPTURE, save=decision.Save.NOTHING)
        return found

    return wrong


@bug("the file overwrites paid quarters", dues, "load", "I4")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(loaded: Any, _: Any, source: str | None = None) -> str:  # noqa: ANN401 - likewise
        table.write(table.put(dues._row(loaded) | {"source": source}, once=False))
        return "loaded"

    return wrong


@bug("void forgotten", table, "save_once", "I18")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(actions: Sequence[Any], *step: str) -> None:
        if step[0] == "keep":
            for name in ("waits", "waits_at"):
                actions[0]["Put"]["Item"].pop(name, None)
        right(actions, *step)

    return wrong


@bug("checkout's key not kept", checkout, "reference_for", "I14")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(*_: Any) -> str:  # noqa: ANN401 - likewise
        return with_check_digits(f"{int.from_bytes(outside.random_bytes(5), 'big') % 10**12:012d}")

    return wrong


@bug("released while the capture is on its way", settlement, "_capture", "I9")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda *_, **__: settlement.Step(settlement.Do.RELEASE, "planted")


@bug("the letter's total forgets the fee", receipts, "facts", "I8")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(order: Any, at: Any) -> Any:  # noqa: ANN401 - likewise
        owed = sum(line.amount_centimes for line in order.lines if line.kind != "fee")
        return replace(right(order, at), total_centimes=owed)

    return wrong
