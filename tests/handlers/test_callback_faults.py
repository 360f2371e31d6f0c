"""The callback while AWS fails: CMI captures only what stands in the table (events 57, 64, 99)."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from functions.shared.aws import orders, rows, table
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.orders import Order, OrderState
from tests.handlers.wire import lost
from tests.portal import DECLINED, Json, Portal

MINUTE = timedelta(minutes=1)


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


@pytest.mark.parametrize("times", [1, 2])
def test_answer_lost_after_the_write(portal: Portal, order: Json, times: int) -> None:
    """A commit whose answer was lost is found again, and captured (row 9 to row 10)."""
    with lost("TransactWriteItems", times=times, applied=True) as gone:
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert len(gone) == times
    assert portal.due_states() == ["paid"]


def test_request_lost_once(portal: Portal, order: Json) -> None:
    """A request that never arrived is sent again, and captured."""
    with lost("TransactWriteItems", times=1, applied=False):
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.due_states() == ["paid"]


def test_request_lost(portal: Portal, order: Json) -> None:
    """What was not written is not captured; the same verdict later still can be (row 9)."""
    before = portal.rows()
    with lost("TransactWriteItems", applied=False):
        assert portal.verdict(order).text == "FAILURE"
    assert portal.rows() == before
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


def test_nobody_knows(portal: Portal, order: Json) -> None:
    """Written, but neither answered nor readable: FAILURE now, and the stored reply later."""
    with (
        lost("TransactWriteItems", applied=True),
        patch.object(orders, "for_verdict", _read_once(orders.for_verdict)),
    ):
        assert portal.verdict(order).text == "FAILURE"
    assert portal.due_states() == ["paid"]
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


def _read_once(read: Any) -> Any:  # noqa: ANN401 - a function of the same shape
    """Let the first read through, and no other."""
    left = [read]

    def reading(*asked: str) -> Any:  # noqa: ANN401 - likewise
        if not left:
            raise Unavailable
        return left.pop()(*asked)

    return reading


@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems"])
def test_other_calls_lost(portal: Portal, order: Json, operation: str) -> None:
    """A read or an attempt that cannot be saved is a technical problem, told as such."""
    with lost(operation, applied=False):
        assert portal.verdict(order, DECLINED).text == "FAILURE"
    assert portal.verdict(order, DECLINED).text == "APPROVED"


def test_concurrent_duplicates(portal: Portal, order: Json) -> None:
    """The same message twice at once: one commit, and both are told to capture (event 64)."""
    stale = orders.for_verdict(order["reference"], "T1", "00")
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    before = portal.rows()
    with patch.object(orders, "for_verdict", lambda *_: stale):
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.rows() == before


def test_read_torn_by_a_commit(portal: Portal, order: Json) -> None:
    """A batch read that saw the attempt missing and the order paid still captures (event 64)."""
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    paid = orders.for_verdict(order["reference"], "T1", "00")[0]
    with patch.object(orders, "for_verdict", lambda *_: (paid, None)):
        assert portal.verdict(order).text == "ACTION=POSTAUTH"


def test_concurrent_cards(portal: Portal, order: Json) -> None:
    """Two cards at once on one order: the second is acknowledged only (events 37 and 68)."""
    stale = orders.for_verdict(order["reference"], "T2", "00")
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    with patch.object(orders, "for_verdict", lambda *_: stale):
        assert portal.verdict(order, TransId="T2").text == "APPROVED"
    assert portal.receipt(order).json["state"] == "paid"


def test_concurrent_orders(portal: Portal, order: Json) -> None:
    """Two orders of one due at once: the table's conditions choose, not the reads (event 29)."""
    other = portal.checkout().json
    stale = orders.for_verdict(other["reference"], "T2", "00")
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    with patch.object(orders, "for_verdict", lambda *_: stale):
        assert portal.verdict(other, TransId="T2").text == "APPROVED"
    assert portal.receipt(other).json["reason"] == "already_paid"


@pytest.mark.parametrize("state", [OrderState.RELEASED, OrderState.REFUNDED, OrderState.UNCAPTURED])
def test_closed_since_it_was_read(portal: Portal, order: Json, state: OrderState) -> None:
    """An order closed between the read and the write is not captured, though its dues are free."""
    stale = orders.for_verdict(order["reference"], "T1", "00")
    values = {":s": state, ":open": "open"}
    key = rows.order_key(order["reference"])
    table.write(table.update(key, "SET #s = :s", "#s = :open", values))
    with patch.object(orders, "for_verdict", lambda *_: stale):
        assert portal.verdict(order).text == "APPROVED"
    assert portal.due_states() == ["unpaid"]


def test_expired_since_it_was_read(portal: Portal, order: Json) -> None:
    """An order that the sweep expired meanwhile is decided again, and captured (event 38)."""
    stale = orders.for_verdict(order["reference"], "T1", "00")
    values = {":s": OrderState.EXPIRED, ":open": "open"}
    key = rows.order_key(order["reference"])
    table.write(table.update(key, "SET #s = :s", "#s = :open", values))
    with patch.object(orders, "for_verdict", lambda *_: stale):
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.receipt(order).json["state"] == "paid"


def test_contest_without_end(portal: Portal, order: Json) -> None:
    """A transaction that loses time and again is not captured, and the loop ends."""

    def contested(of: Order, *_: Any) -> orders.Contest:  # noqa: ANN401 - as the function's
        tried.append(of)
        return orders.Contest(of, None, dues_free=True)

    tried: list[Order] = []
    with patch.object(orders, "pay", contested):
        assert portal.verdict(order).text == "FAILURE"
    assert len(tried) == 3


@pytest.mark.parametrize("state", [OrderState.RELEASED, OrderState.REFUNDED, OrderState.UNCAPTURED])
@pytest.mark.parametrize("trans_id", ["T1", "T2"])
def test_money_given_back(portal: Portal, order: Json, state: OrderState, trans_id: str) -> None:
    """An approval for an order whose money went back is never captured again (event 70)."""
    portal.verdict(order)
    change = table.update(
        rows.order_key(order["reference"]),
        "SET #s = :s",
        "#s = :p",
        {":s": state, ":p": "paid"},
    )
    table.write(change)
    with patch.object(orders, "pay", side_effect=AssertionError("nothing may be paid")):
        assert portal.verdict(order, TransId=trans_id).text == "APPROVED"


def test_attempts_are_kept_once(portal: Portal, order: Json) -> None:
    """The row of an attempt is put once: the same message later never overwrites it (I11)."""
    portal.verdict(order, DECLINED)
    before = portal.rows("ORDER#")
    portal.now += MINUTE
    portal.verdict(order, DECLINED, ErrMsg="another text")
    assert portal.rows("ORDER#") == before
