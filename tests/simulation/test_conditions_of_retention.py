"""The conditions of forgetting: what moved since it was looked at is left as it is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO

import pytest

from functions.shared.aws import retention, rows, table
from functions.shared.rules.orders import OrderState
from functions.shared.rules.work import stamp
from tests.simulation.lonely import NOW, TRANS, Row, an_order, lonely, put, stands

O = OrderState  # noqa: E741 - as in the other tables
EMAIL = "payer@example.ma"
RESTS: dict[str, Row] = {
    "waiting": {"waits": "FORGET#4", "waits_at": stamp(NOW)},
    "corrected": {"waits": "FORGET#4", "waits_at": stamp(NOW), "email": "second@example.ma"},
    "at rest": {},
    "without an address": {"waits": "FORGET#4", "waits_at": stamp(NOW)},
    "at rest without an address": {},
}
OTHERS: dict[str, Row] = {
    "another state": {"state": O.REFUNDED},
    "the operator's": {"waits": "QUEUE"},
    "waiting anew": {"waits": "FORGET#4", "waits_at": stamp(NOW + timedelta(days=1))},
    "another address": {"email": "third@example.ma"},
}
ERASE: dict[str, Callable[[Row], bool]] = {
    "forget": lambda seen: retention.forget(seen, NOW),
    "strip": lambda seen: retention.strip(seen, NOW),
}


@pytest.fixture(autouse=True)
def alone(printed: StringIO) -> Iterator[None]:
    """Look at one call alone."""
    del printed
    with lonely():
        yield


def resting(rests: str, state: OrderState = O.EXPIRED) -> Row:
    """Give the row of an order at rest."""
    trans_id = TRANS if state is O.PAID else None
    email = None if "without an address" in rests else EMAIL
    return rows.order_row(an_order(state, trans_id, email)) | RESTS[rests]


@pytest.mark.parametrize("state", [O.EXPIRED, O.PAID])
@pytest.mark.parametrize("rests", RESTS)
@pytest.mark.parametrize("how", ERASE)
def test_forgotten(how: str, rests: str, state: OrderState) -> None:
    """What stands as it was seen is forgotten; what is left waits on, or for nobody."""
    seen = put(resting(rests, state))
    assert ERASE[how](seen)
    left = stands(seen)
    assert "@" not in left["facts"]
    assert "email" not in left
    assert ("stripped_at" in left) is (how == "strip")
    waits_on = how == "forget" and state is O.EXPIRED
    assert left.get("waits", "").startswith("STRIP#") is waits_on
    assert ("waits_at" in left) is waits_on


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("state", [O.EXPIRED, O.PAID])
@pytest.mark.parametrize("rests", RESTS)
@pytest.mark.parametrize("how", ERASE)
def test_changed_meanwhile(how: str, rests: str, state: OrderState, other: str) -> None:
    """Whoever moved it, queued it or gave another address meanwhile has done so."""
    seen = resting(rests, state)
    row = put(seen | OTHERS[other])
    assert not ERASE[how](seen)
    assert stands(seen) == row


@pytest.mark.parametrize("how", ERASE)
def test_gone(how: str) -> None:
    """What is not there any more does not come back."""
    seen = resting("at rest")
    assert not ERASE[how](seen)
    assert table.get((seen["pk"], seen["sk"])) is None


def test_the_act_is_told_once() -> None:
    """An address is erased together with the event that says who asked, or not at all."""
    seen = put(resting("waiting"))
    event = rows.event_row(seen["pk"].removeprefix("ORDER#"), "forgotten", "who", "why", NOW)
    first = put(event | {"who": "somebody else"})
    assert not retention.forget(seen, NOW, event)
    assert (stands(seen), stands(first)) == (seen, first)
