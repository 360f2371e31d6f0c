"""Erase the address of a payer who asks for it, before its time."""

from functions.shared import outside
from functions.shared.aws import ledger, retention, rows, table
from functions.shared.rules.orders import OrderState
from ops.options import Reference, Who, Why, Yes
from ops.orders import described, known
from ops.screen import End, confirmed, say, stop

_UNDER_WAY = (OrderState.OPEN, OrderState.CAPTURING)


def forget(reference: Reference, *, why: Why, who: Who, yes: Yes = False) -> None:
    """Erase the e-mail address of a payment whose payer asks for it. The payment stays."""
    order, found = known(reference), ledger.everything(reference)
    if order.email is None:
        stop(End.REFUSED, f"{described(order)}: there is no address in it.")
    if order.state in _UNDER_WAY or any(map(_waits, found)):
        stop(
            End.REFUSED,
            f"{described(order)}: it or its letter is not settled yet, and needs its address.",
            "What to do: settle what asvi queue shows of it; else look again in a week.",
        )
    say(f"{described(order)}.")
    say(f"Its e-mail address is erased: no letter about it can be sent any more. By {who}: {why}")
    confirmed("Do it?", yes=yes)
    now = outside.now()
    event = rows.event_row(reference, "forgotten", who, why, now)
    (row,) = (one for one in found if one["sk"] == "ORDER")
    if not retention.forget(row, now, event):
        stop(End.REFUSED, "Nothing was done: the payment changed meanwhile. Look, and try again.")
    say("Done: the address is erased. Backups forget it by themselves within 35 days.", "green")


def _waits(row: table.Row) -> bool:
    """Say whether a row waits for somebody, and not just to be forgotten."""
    return "waits" in row and not row["waits"].startswith("FORGET#")
