"""What moves while it is forgotten: addresses given late, payments made good, letters asked for."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from functions.shared import settings
from functions.shared.aws import letters, matters, moves, orders, retention, table, work
from functions.shared.rules.orders import Attempt, DueState, OrderState
from tests.handlers.test_letter import letters as sent_letters
from tests.handlers.test_receipt import handle
from tests.handlers.wire import sent
from tests.portal import NUMBER
from tests.settlement.test_letters import paid, sweep
from tests.settlement.test_retention import ADDRESS, everything, given_up, signed
from tests.settlement.world import World


def test_address_before_the_signature(world: World) -> None:
    """Whoever gives an address before the receipt is signed gets it signed with their letter."""
    order = paid(world, email=None)
    seen = world.portal.record(order)
    asked = {"handle": handle(world.portal, order), "email": ADDRESS}
    assert world.portal.post("/api/receipt/letter", asked).status == 202
    world.portal.deliver(seen)
    sweep(world, minutes=2)
    sweep(world, minutes=2)
    assert world.portal.receipt(order).json["proof"]
    assert [one["To"] for one in sent_letters()] == [ADDRESS]
    world.forget(days=181)
    assert ADDRESS not in everything(world, order)


def test_address_while_it_is_refunded(world: World) -> None:
    """An address that came while the operator was being asked is forgotten like any other."""
    order = signed(world, email=None)
    seen = orders.payment(order["reference"])
    assert seen
    asked = {"handle": handle(world.portal, order), "email": ADDRESS}
    assert world.portal.post("/api/receipt/letter", asked).status == 202
    word = moves.Word("amina", "given back", "T1")
    assert moves.move(seen.order, OrderState.REFUNDED, word, world.portal.now)
    world.forget(days=181)
    assert ADDRESS not in everything(world, order)


def test_letter_closed_by_the_operator(world: World) -> None:
    """Where the operator told the payer instead of the letter, the address goes in its time too."""
    order = paid(world)
    row = world.row(order, "LETTER")
    key = row["pk"], row["sk"]
    work.enqueue(key, "it failed again and again for a day", world.portal.now, seen=row)
    assert matters.close([key], world.portal.now)
    world.forget(days=181)
    assert ADDRESS not in everything(world, order)


def test_captured_and_given_back(world: World) -> None:
    """What CMI's status alone told of, and the operator gave back, keeps whose it was."""
    order = world.open()
    made = world.authorise(order, more_centimes=100)
    world.bank.ledger.capture(made, made.amount_centimes, world.portal.now)
    world.later(minutes=36)
    world.sweep()
    assert world.queue() == ["CMI captured another amount"]
    row = world.row(order)
    word = moves.Word("amina", "given back", "T1")
    stands = orders.payment(order["reference"])
    assert stands
    assert moves.move(stands.order, OrderState.EXPIRED, word, world.portal.now)
    assert matters.close([(row["pk"], row["sk"])], world.portal.now) is False
    for _ in range(2):
        world.forget(days=400)
    assert NUMBER in everything(world, order)
    assert ADDRESS not in everything(world, order)


def test_both_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that comes so late that both are due does both, each under a name of its own."""
    monkeypatch.setenv("ABANDONED_DAYS", "180")
    settings.read.cache_clear()
    order = given_up(world)
    with sent() as requests:
        world.forget(days=181)
    tokens = [one["ClientRequestToken"] for one in requests if "TransactItems" in one]
    assert len(tokens) == len(set(tokens)) == 2
    assert NUMBER not in everything(world, order)


def test_younger_than_the_index_said(world: World) -> None:
    """What moved since the index proposed it is judged by its row: it came to rest just now."""
    order = signed(world)
    keys = [(world.row(order)["pk"], "ORDER")]
    with patch.object(work, "due", lambda *_: keys):
        world.forget(days=1)
    assert ADDRESS in everything(world, order)


@pytest.mark.parametrize("before", [OrderState.EXPIRED, OrderState.OPEN])
def test_never_paid_once_stripped(world: World, before: OrderState) -> None:
    """Whoever read an order whole before it was stripped cannot make it paid, by hand or by CMI."""
    order = given_up(world)
    seen = orders.payment(order["reference"])
    assert seen
    for _ in range(2):
        world.forget(days=400)
    assert "stripped_at" in world.row(order)
    word = moves.Word("amina", "CMI shows it", "T9")
    old = replace(seen.order, state=before)
    world.change(order, state=before)
    assert not moves.move(old, OrderState.PAID, word, world.portal.now)
    made = Attempt("T9", "00", "ACTION=POSTAUTH", approved=True, reason=None, at=world.portal.now)
    assert orders.pay(old, OrderState.PAID, made, world.portal.now)
    assert world.portal.due_states() == [DueState.UNPAID]


def test_letter_of_a_forgotten_payment(world: World) -> None:
    """A copy that was wanted in the moment when the address went is not tried for a day."""
    order = signed(world)
    seen = world.row(order)
    letters.want(order["reference"], "2", world.portal.now)
    assert retention.forget(seen, world.portal.now)
    count = len(sent_letters())
    sweep(world, minutes=2)
    assert (world.restless(order), len(sent_letters())) == ([], count)


def test_not_asked_for_again(world: World) -> None:
    """An address that was forgotten is not asked for again: the receipt is downloaded instead."""
    order = signed(world)
    assert retention.forget(world.row(order), world.portal.now)
    asked = {"handle": handle(world.portal, order), "email": "other@example.ma"}
    assert world.portal.post("/api/receipt/letter", asked).code == "address_kept"


def test_changed_meanwhile(world: World) -> None:
    """Nothing is forgotten of a payment that has moved since it was looked at."""
    order = signed(world)
    seen = world.row(order)
    later = world.portal.now + timedelta(days=181)
    for changed in ({"email": "new@example.ma"}, {"state": "refunded"}, {"waits": "QUEUE"}):
        world.change(order, **(seen | changed))
        before = world.rows(order)
        assert not retention.forget(seen, later)
        assert world.rows(order) == before
        world.change(order, **seen)
        if "email" in changed:
            row = world.row(order)
            del row["email"]
            table.client().put_item(TableName=table.name(), Item=table.typed(row))
    assert retention.forget(seen, later)
