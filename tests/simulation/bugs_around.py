"""More planted bugs: around the verdict, where settlement, letters, pages and clocks are."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from functions.callback import handler as callback
from functions.checkout import handler as checkout
from functions.receipt import handler as receipt
from functions.shared import web
from functions.shared.aws import dues, letters, orders, retention, rows, table
from functions.shared.rules import settlement
from functions.shared.rules.errors import Cancelled, Problem
from functions.shared.rules.orders import OrderState
from functions.shared.rules.payment import Told
from functions.shared.rules.settlement import Do, Step
from tests.simulation.planting import bug


@bug("settlement captures what no message told", settlement, "_for_open", "I2")
def _(right: Any) -> Any:  # noqa: ANN401 - a function for a function, here and below
    def wrong(*given: Any) -> Step:  # noqa: ANN401 - likewise
        step: Step = right(*given)
        return replace(step, do=Do.CAPTURE) if step.do is Do.REFUSE else step

    return wrong


@bug("a started payment holds its quarters", orders, "start", "I12")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(new: Any, address: str) -> Any:  # noqa: ANN401 - likewise
        started = right(new, address)
        for due_id in new.due_ids:
            key = dues.due_key(new.registration_number, due_id)
            table.write(
                table.update(key, "SET #s = :held", "attribute_exists(pk)", {":held": "held"})
            )
        return started

    return wrong


@bug("a started payment shuts others out", orders, "start", "I12")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(new: Any, address: str) -> Any:  # noqa: ANN401 - likewise
        if dues.of_number(new.registration_number)[1]:
            raise Problem("due_confirming")
        return right(new, address)

    return wrong


@bug("so many payments for a number, and no more", orders, "start", "I21")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(new: Any, address: str) -> Any:  # noqa: ANN401 - likewise
        key = f"RATE#{new.registration_number}", "STARTED"
        over = new.started_at + timedelta(days=365)
        try:
            table.write(table.counted(key, ["orders"], 3, over))
        except Cancelled as error:
            raise Problem("too_many_requests") from error
        return right(new, address)

    return wrong


@bug("what was captured is released", settlement, "_for_capturing", "I1")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(*given: Any) -> Step:  # noqa: ANN401 - likewise
        step: Step = right(*given)
        return Step(Do.RELEASE, "planted") if step.do is Do.PAY else step

    return wrong


@bug("nobody is told to confirm a capture", orders, "_order_paid", "I17")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(paid: Any, after: OrderState, *given: Any) -> Any:  # noqa: ANN401 - likewise
        action = right(paid, after, *given)
        if after is OrderState.CAPTURING:
            request = action["Update"]
            waits = ", waits = :waits, waits_at = :waits_at REMOVE tries"
            request["UpdateExpression"] = request["UpdateExpression"].replace(
                waits, " REMOVE waits, waits_at, tries"
            )
            for name in (":waits", ":waits_at"):
                del request["ExpressionAttributeValues"][name]
        return action

    return wrong


@bug("the page tells the last attempt", receipt, "told", "I22")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(order: Any, attempts: Any, now: Any) -> Told:  # noqa: ANN401 - likewise
        if attempts and not attempts[-1].approved:
            return Told("declined", attempts[-1].reason)
        told: Told = right(order, attempts, now)
        return told

    return wrong


@bug("the log names who pays", orders, "start", "I23")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(new: Any, address: str) -> Any:  # noqa: ANN401 - likewise
        checkout.logger.info("new", extra={"number": new.registration_number})
        return right(new, address)

    return wrong


@bug("each row read by itself", orders, "for_verdict", "I24")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(reference: str, *given: Any) -> Any:  # noqa: ANN401 - likewise
        table.get(rows.order_key(reference))
        return right(reference, *given)

    return wrong


@bug("every record of the stream is counted", letters, "claim", "I25")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(reference: str, *given: Any) -> None:  # noqa: ANN401 - likewise
        try:
            right(reference, *given)
        except Cancelled:
            key = rows.order_key(reference)
            table.write(table.update(key, "ADD brought :one", "attribute_exists(pk)", {":one": 1}))
            raise

    return wrong


@bug("a sandbox's clock is believed", web, "later", "I26", "clock")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda _event, now: now


@bug("an order that DynamoDB deletes in time", rows, "order_row", "I5")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(new: Any) -> Any:  # noqa: ANN401 - likewise
        return right(new) | {"expires": int((new.started_at + timedelta(hours=1)).timestamp())}

    return wrong


@bug("a letter sent again at once", letters, "CLAIM_LIFE", "I19")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return timedelta(0)


@bug("captured while the table is not whole", callback, "settings", "I9", "loss")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def read(model: Any) -> Any:  # noqa: ANN401 - likewise
        return right.read(model).model_copy(update={"payments": "open"})

    return SimpleNamespace(read=read)


@bug("an address kept for ever", orders, "resting", "kept")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda _reference, _now: orders.AT_REST


@bug("what a bank refused is stripped", retention, "tried", "kept")
def _(_: Any) -> Any:  # noqa: ANN401 - likewise
    return lambda _keys: False


@bug("forgotten however it stands", retention, "_erased", "kept")
def _(right: Any) -> Any:  # noqa: ANN401 - likewise
    def wrong(row: Any, _blank: Any, *given: Any) -> bool:  # noqa: ANN401 - likewise
        blank: dict[str, Any] = {
            "email": None,
            "registration_number": "",
            "due_ids": [],
            "lines": [],
        }
        return bool(right(row, blank, *given))

    return wrong
