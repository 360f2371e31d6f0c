"""One payment as the operator's commands find it, and what they say of it."""

from functions.shared.aws import ledger
from functions.shared.aws import orders as aws_orders
from functions.shared.rules.orders import DueState, Order, OrderState
from functions.shared.rules.receipts import masked
from ops.screen import End, amount, grouped, stop

# What an operator may do about a payment in a state.
ADVICE = {
    OrderState.OPEN: "it is being paid: wait until its time is over, then look again",
    OrderState.EXPIRED: "nothing was accepted: nothing to do, unless CMI shows a capture",
    OrderState.CAPTURING: "look for it at CMI: captured: asvi settle REFERENCE paid "
    "--trans-id ...; not captured: asvi settle REFERENCE released",
    OrderState.PAID: "captured is right; not captured: asvi uncapture; given back: asvi refund",
    OrderState.RELEASED: "it was not captured: nothing to do, unless CMI shows a capture "
    "(asvi settle REFERENCE paid --trans-id ...)",
    OrderState.UNCAPTURED: "closed: the payer was told, and may pay anew",
    OrderState.REFUNDED: "closed: the money was given back",
}


def known(reference: str) -> Order:
    """Give an order, or end the command."""
    order = ledger.order(reference)
    if order is None:
        stop(End.REFUSED, f"There is no payment {grouped(reference)}.")
    return order


def described(order: Order) -> str:
    """Give a payment in a few words, without its payer's number."""
    count = order.item_count
    quarters = f"{count} quarter{'s' if count > 1 else ''}"
    return (
        f"Payment {grouped(order.reference)}: {amount(order.total_centimes)}, {quarters} "
        f"of {masked(order.registration_number)}, {order.state}"
    )


def held_up(order: Order) -> list[str]:
    """Say which condition of an order's move did not hold, by what stands there now."""
    now, found = aws_orders.for_checkout(order.reference, order.registration_number, order.due_ids)
    if now is None or now.state is not order.state or now.trans_id != order.trans_id:
        state = now.state if now else "gone"
        advice = ADVICE[now.state] if now else "nothing to do"
        return [f"Somebody was faster: the payment is {state}.", f"What to do: {advice}."]
    reasons = []
    amounts = [line.amount_centimes for line in order.lines if line.kind == "contribution"]
    for due_id, wanted in zip(order.due_ids, amounts, strict=True):
        due = found.get(due_id)
        name = f"The quarter {'-'.join(due_id.split('-')[:2])}"
        if due is None:
            reasons.append(f"{name} is not there any more.")
        elif due.state is not DueState.UNPAID:
            reasons.append(f"{name} is {due.state}, by {due.trans_id or 'another channel'}.")
        elif due.amount_centimes != wanted:
            reasons.append(f"{name} is {amount(due.amount_centimes)} now, not {amount(wanted)}.")
    todo = "give the money back at CMI, then asvi done REFERENCE --why ..."
    return [*reasons, f"What to do: if CMI captured, {todo}"]
