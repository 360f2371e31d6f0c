"""What of an order is to be forgotten, and since when it waits for that."""

from datetime import timedelta

import pytest

from functions.shared.rules.orders import OrderState
from functions.shared.rules.retention import once_forgotten, tried
from functions.shared.rules.work import stamp
from tests.rules.samples import NOW, order

S = OrderState
SHARD = int(order().reference) % 8
OVER = NOW + timedelta(minutes=35)


@pytest.mark.parametrize("state", OrderState)
def test_once_forgotten(state: OrderState) -> None:
    """Without its address only what expired waits on, since its own time was over."""
    found = once_forgotten(order(state=state, email=None, open_until=OVER))
    on = {"waits": f"STRIP#{SHARD}", "waits_at": stamp(OVER)}
    assert found == (on if state is S.EXPIRED else {})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], False),
        ([{"sk": "ORDER"}], False),
        ([{"sk": "EVENT#2020-05-05#expired"}, {"sk": "ORDER"}], False),
        ([{"sk": "LETTER#1"}, {"sk": "ORDER"}], False),
        ([{"sk": "ATTEMPT#T1#51"}, {"sk": "ORDER"}], True),
        ([{"sk": "ORDER"}, {"sk": "SUSPECT#T1#00"}], True),
        ([{"sk": "MATTER#T1"}, {"sk": "ORDER"}], True),
        ([{"sk": "ORDER", "queued_why": "CMI captured another amount"}], True),
    ],
)
def test_tried(found: list[dict[str, str]], told: bool) -> None:
    """Whatever CMI told of an order, by message, list or status, shows that it was tried there."""
    assert tried(iter(found)) is told
