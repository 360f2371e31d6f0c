"""What is kept of a payment and how long (`reliability.md` §6.3; law 09-08, art. 3). Pure.

A payment and its proof stay as accounting law asks. Its payer's address goes once nobody can
dispute the payment any more. What was begun and never tried at CMI names nobody in the end.
"""

from collections.abc import Iterable
from datetime import datetime

from functions.shared.rules.orders import Order, OrderState
from functions.shared.rules.work import waiting

# Rows that tell of CMI: what came from there, what was altered on its way, what its list shows.
_OF_CMI = ("ATTEMPT", "SUSPECT", "MATTER")


def resting(order: Order, after: OrderState, now: datetime) -> dict[str, str]:
    """Give the index attributes of an order that comes to rest: empty where nothing is to go."""
    if order.email is None and after is not OrderState.EXPIRED:
        return {}
    return waiting(order.reference, now, "FORGET")


def once_forgotten(order: Order, since: datetime) -> dict[str, str]:
    """Give the index attributes of an order that rests since an instant, its address being gone."""
    if order.state is not OrderState.EXPIRED:
        return {}
    return waiting(order.reference, since, "STRIP")


def tried(sort_keys: Iterable[str]) -> bool:
    """Say by the sort keys of an order's rows whether it was ever tried at CMI."""
    return any(key.partition("#")[0] in _OF_CMI for key in sort_keys)
