"""Letters of which SES's answer and SES's events say different things, or nothing (I16, I19)."""

import pytest

from functions.shared.rules.work import stamp
from tests.handlers.test_letter import letters as sent_letters
from tests.handlers.test_letter_again import news
from tests.handlers.wire import lost
from tests.settlement.test_letters import letter, paid, refusing, sweep
from tests.settlement.world import World


@pytest.mark.parametrize(
    ("code", "status"),
    [("InternalFailure", 500), ("ServiceUnavailable", 503), ("502", 502), ("RequestTimeout", 408)],
)
def test_an_answer_that_says_nothing(world: World, code: str, status: int) -> None:
    """After an answer 5xx nobody knows whether the letter left: SES's event is waited for (event 111)."""
    order = paid(world)
    with refusing(code, status):
        sweep(world, minutes=1)
        sweep(world, minutes=9)
        assert letter(world, order) == ("claimed", 1)
    assert world.portal.receipt(order).json["letter"]["state"] == "waiting"
    news(world.portal, order, "Delivery")
    sweep(world, minutes=11)
    assert (letter(world, order), world.queue()) == (("delivered", 1), [])
    assert sent_letters() == []


def test_a_broken_ses(world: World) -> None:
    """A letter that SES never took goes out ten minutes later, once (event 112)."""
    order = paid(world)
    with refusing("ServiceUnavailable", 503):
        sweep(world, minutes=1)
    for _ in range(3):
        sweep(world, minutes=11)
    assert (letter(world, order), len(sent_letters())) == (("sent", 2), 1)


@pytest.mark.parametrize(("kind", "state"), [("Send", "sent"), ("Delivery", "delivered")])
def test_refused_after_one_that_left(world: World, kind: str, state: str) -> None:
    """A letter whose first try left is not called failed because SES refused the second."""
    order = paid(world)
    with lost("SendEmail", applied=True):
        sweep(world, minutes=1)
    with refusing("AccountSuspendedException"):
        sweep(world, minutes=11)
    assert world.portal.receipt(order).json["letter"]["state"] == "failed"
    assert world.row(order, "LETTER#1")["waits"] == "QUEUE"
    news(world.portal, order, kind)
    assert world.portal.receipt(order).json["letter"]["state"] == state
    assert world.restless(order) == []


def test_rejected(world: World) -> None:
    """What SES took and then rejected is the operator's, since then (event 112, I16)."""
    order = paid(world)
    sweep(world, minutes=1)
    world.later(minutes=5)
    for kind in ("Reject", "Send", "Reject"):
        news(world.portal, order, kind)
    row = world.row(order, "LETTER#1")
    assert (row["waits"], row["waits_at"]) == ("QUEUE", stamp(world.portal.now))
    assert world.queue() == ["SES took it, then rejected it as harmful"]
    sweep(world, minutes=30)
    assert letter(world, order) == ("failed", 1)
    assert world.portal.receipt(order).json["letter"]["state"] == "failed"
