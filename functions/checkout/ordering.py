"""From chosen dues to an order: who may pay what, for how much, until when."""

import base64
from collections.abc import Mapping
from datetime import datetime

from functions.checkout.api import CheckoutRequest
from functions.shared.rules.errors import Problem
from functions.shared.rules.fees import Tariffs, fee_centimes, fee_line
from functions.shared.rules.orders import Due, DueState, Line, Order, OrderState
from functions.shared.rules.payment import FORM_LIFE, OPEN_LIFE

RND_BYTES = 15


def new_order(
    request: CheckoutRequest,
    reference: str,
    registration_number: str,
    dues: Mapping[str, Due],
    fees: Tariffs,
    key_id: str,
    random: bytes,
    now: datetime,
) -> Order:
    """Make the order that a request asks for; raise Problem where it cannot be paid as asked."""
    chosen = _payable(request, dues)
    lines = _lines(chosen, reference, request, fees, now)
    order = Order(
        reference=reference,
        registration_number=registration_number,
        due_ids=tuple(due.id for due in chosen),
        lines=lines,
        card_origin=request.card_origin,
        language=request.language,
        email=request.email,
        terms_version=request.terms_version,
        rnd=base64.urlsafe_b64encode(random).decode(),
        key_id=key_id,
        started_at=now,
        form_until=now + FORM_LIFE,
        open_until=now + OPEN_LIFE,
    )
    if order.total_centimes != request.seen_total_centimes:
        raise Problem("total_changed", total_centimes=order.total_centimes)
    return order


def _payable(request: CheckoutRequest, dues: Mapping[str, Due]) -> list[Due]:
    """Give the chosen dues, oldest first; all must be ours and unpaid."""
    if set(request.due_ids) != set(dues):
        raise Problem("due_unknown")
    states = {due.state for due in dues.values()}
    if DueState.PAID in states:
        raise Problem("due_paid")
    if DueState.HELD in states:
        raise Problem("due_confirming")
    if not all(due.fit for due in dues.values()):
        raise Problem("due_unknown")
    return sorted(dues.values(), key=lambda due: (due.year, due.quarter, due.reference))


def _lines(
    chosen: list[Due], reference: str, request: CheckoutRequest, fees: Tariffs, now: datetime
) -> tuple[Line, ...]:
    contributions = [
        Line("contribution", due.year, due.quarter, due.amount_centimes, due.reference, due.account)
        for due in chosen
    ]
    owed = sum(line.amount_centimes for line in contributions)
    fee = fee_centimes(owed, fees[request.card_origin])
    # A fee of nothing has no line anywhere.
    return (*contributions, *([fee_line(fee, reference, now)] if fee else []))


def repeated(order: Order, request: CheckoutRequest, number: str, now: datetime) -> Order:
    """Give the order that the same key made before; raise key_reused or order_closed.

    The same content gives the same form; other content under a used key is the page's mistake.
    """
    same = (
        order.registration_number == number
        and set(order.due_ids) == set(request.due_ids)
        and order.card_origin == request.card_origin
        and order.email == request.email
        and order.language == request.language
    )
    if not same:
        raise Problem("key_reused")
    if order.state is not OrderState.OPEN or now >= order.form_until:
        raise Problem("order_closed")
    return order
