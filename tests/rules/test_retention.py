"""What of an order is to be forgotten, and when it begins to wait for that."""

from datetime import timedelta

import pytest

from functions.shared.rules.orders import OrderState
from functions.shared.rules.retention import once_forgotten, resting, tried
from functions.shared.rules.work import stamp
from tests.rules.samples import NOW, order

S = OrderState
LATER = NOW + timedelta(days=9)
SHARD = int(order().reference) % 8


@pytest.mark.parametrize(
    ("email", "after", "waits"),
    [
        ("payer@example.ma", S.PAID, True),
        ("payer@example.ma", S.REFUNDED, True),
        ("payer@example.ma", S.RELEASED, True),
        ("payer@example.ma", S.EXPIRED, True),
        (None, S.EXPIRED, True),  # it names its payer, and may never have been tried
        (None, S.PAID, False),
        (None, S.REFUNDED, False),
        (None, S.RELEASED, False),
    ],
)
def test_resting(email: str | None, after: OrderState, waits: bool) -> None:
    """An order waits to be forgotten from the instant at which it came to rest, if it has to."""
    found = resting(order(email=email), after, LATER)
    assert found == ({"waits": f"FORGET#{SHARD}", "waits_at": stamp(LATER)} if waits else {})


@pytest.mark.parametrize("state", OrderState)
def test_once_forgotten(state: OrderState) -> None:
    """Without its address only what expired waits on: it may never have been tried."""
    found = once_forgotten(order(state=state, email=None), LATER)
    on = {"waits": f"STRIP#{SHARD}", "waits_at": stamp(LATER)}
    assert found == (on if state is S.EXPIRED else {})


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        ([], False),
        (["ORDER"], False),
        (["EVENT#2020-05-05#expired", "ORDER"], False),
        (["LETTER#1", "ORDER"], False),
        (["ATTEMPT#T1#51", "ORDER"], True),
        (["ORDER", "SUSPECT#T1#00"], True),
        (["MATTER#T1", "ORDER"], True),
    ],
)
def test_tried(keys: list[str], seen: bool) -> None:
    """Whatever CMI told of an order, by message or by list, shows that it was tried there."""
    assert tried(iter(keys)) is seen
