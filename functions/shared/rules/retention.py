"""What is kept of a payment and how long (`reliability.md` §6.3; law 09-08, art. 3). Pure.

A payment and its proof stay as accounting law asks. Its payer's address goes once nobody can
dispute the payment any more. What was begun and never tried at CMI names nobody in the end.
"""

from collections.abc import Iterable, Mapping

from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.work import waiting

# Rows that tell of CMI: what came from there, what was altered on its way, what its list shows.
_OF_CMI = ("ATTEMPT", "SUSPECT", "MATTER")


def once_forgotten(order: Order) -> dict[str, str]:
    """Give the index attributes of an order whose address is gone: what expired waits on.

    It has waited since its own time was over, however often CMI was asked about it afterwards.
    """
    if order.state is not OrderState.EXPIRED:
        return {}
    return waiting(order.reference, order.open_until, "STRIP")


def tried(found: Iterable[Mapping[str, object]]) -> bool:
    """Say by all the rows of an order whether CMI ever told of it.

    What it told by its status API alone was handed to the operator, with a reason that stays.
    """
    return any(str(row["sk"]).partition("#")[0] in _OF_CMI or "queued_why" in row for row in found)
