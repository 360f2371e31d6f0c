"""The sweep and the stream: bounded, oldest first, and no matter stops another (events 103, 104)."""

import json
import sys
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pytest
from aws_lambda_powertools import Logger

from functions.settlement import batch, work
from functions.settlement.batch import MOST_A_SHARD, RESERVE_MILLISECONDS
from functions.shared.aws import table
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.settlement import FIRST_DAY_TRIES, Do, Step
from functions.shared.rules.work import SHARDS, stamp
from tests import portal as portals
from tests.settlement.world import World, count

MINUTE = timedelta(minutes=1)


def waiting(world: World, number: int, **changes: str | int) -> table.Key:
    """Write an attempt that waits, `number` minutes after the first; give its key."""
    reference = f"{number:014d}"
    at = world.portal.now + number * MINUTE
    key = f"ORDER#{reference}", "ATTEMPT#T1#00"
    row: table.Row = {
        "pk": key[0], "sk": key[1], "trans_id": "T1", "code": "00", "reply": "APPROVED",
        "approved": 1, "at": stamp(at), "waits": f"WORK#{number % SHARDS}", "waits_at": stamp(at),
    }  # fmt: skip
    table.client().put_item(TableName=table.name(), Item=table.typed(row | changes))
    return key


def logger() -> Logger:
    """Give the function's logger, which is made where the portal stands."""
    made: Logger = import_module("functions.settlement.handler").logger
    return made


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[table.Key]:
    """Note what would be settled, and settle nothing."""
    keys: list[table.Key] = []

    def note(key: table.Key, _api: object) -> Step:
        keys.append(key)
        return Step(Do.DONE, "noted")

    monkeypatch.setattr(work, "settle", note)
    return keys


def test_oldest_first(
    world: World, settled: list[table.Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what waits in a shard the oldest comes first, and a sweep takes no more than its share."""
    monkeypatch.setattr(batch, "MOST_A_SHARD", 3)
    for number in (8, 40, 24, 0, 32, 16):
        waiting(world, number)
    world.later(hours=2)
    world.sweep()
    assert [int(pk[-2:]) for pk, _ in settled] == [0, 8, 16]


def test_nothing_before_its_time(world: World, settled: list[table.Key]) -> None:
    """What waits for later is left alone."""
    for number in range(8):
        waiting(world, number)
    world.later(minutes=3)
    world.sweep()
    assert sorted(int(pk[-1]) for pk, _ in settled) == [0, 1, 2, 3]


def test_shards_in_turn(world: World, settled: list[table.Key]) -> None:
    """Each minute begins with another shard, so that none is always the last."""
    for number in range(SHARDS):
        waiting(world, number)
    world.later(hours=1)
    first = []
    for _ in range(SHARDS):
        del settled[:]
        world.sweep()
        first.append(int(settled[0][0][-1]))
        world.later(minutes=1)
    assert sorted(first) == list(range(SHARDS))


def test_bounded(world: World, settled: list[table.Key], monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep stops in time, and leaves the rest to the next."""
    left = iter([60_000, 50_000, RESERVE_MILLISECONDS, RESERVE_MILLISECONDS - 1])
    monkeypatch.setattr(portals.Context, "get_remaining_time_in_millis", lambda _self: next(left))
    for number in range(0, 80, 8):
        waiting(world, number)
    world.later(hours=2)
    world.sweep()
    assert len(settled) == 3
    assert MOST_A_SHARD * SHARDS == 200


POISON = {
    "no facts": {"facts": "{"}, "another time's state": {"state": "frozen"},
    "strange tries": {"tries": "x", "facts": "[]"}, "no schema of ours": {"schema": 9, "facts": "{}"},
}  # fmt: skip


@pytest.mark.parametrize("changes", POISON.values(), ids=POISON)
@pytest.mark.parametrize("by", ["sweep", "stream"])
def test_poison(world: World, changes: dict[str, Any], by: str) -> None:
    """A row that cannot be settled stops no other, and is put off (event 103)."""
    poisoned, good = world.open(), world.open()
    world.pay(good)
    world.change(poisoned, waits_at=stamp(world.portal.now - MINUTE), **changes)
    if by == "sweep":
        world.sweep()
    else:
        keys = [world.record((row["pk"], row["sk"]), row) for row in world.rows() if "waits" in row]
        world.portal.invoke("SettlementFunction", {"Records": keys})
    assert world.state(good) == "paid"
    row = world.row(poisoned)
    assert row["waits_at"] == stamp(world.portal.now + 10 * MINUTE)
    assert row["tries"] == 4


def test_poison_in_the_end(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What breaks for a day is the operator's, and somebody is called."""
    order = world.open()
    world.change(order, facts="{", tries=FIRST_DAY_TRIES, waits_at=stamp(world.portal.now))
    world.sweep()
    assert world.queue() == ["it broke again and again for a day"]
    assert '"Page"' in capsys.readouterr().out


def test_attempt_of_no_order(world: World) -> None:
    """A stray attempt is put off, and voids nothing."""
    pk, _ = waiting(world, 0)
    world.sweep()
    assert world.row({"reference": pk.removeprefix("ORDER#")}, "ATTEMPT")["tries"] == 4


def test_table_unreachable(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the table does not answer, nothing is lost: all waits as it did (event 105)."""
    order = world.open()
    world.pay(order)
    before = world.rows()

    def unreachable(_key: table.Key) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(table, "get", unreachable)
        world.sweep()
    assert world.rows() == before
    world.sweep()
    assert world.state(order) == "paid"


def test_password_unreachable(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Without CMI's password nothing is decided, and an alarm is given (event 98)."""
    order = world.open()
    world.pay(order)
    before = world.rows()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("STATUS_API_SECRET", "unknown")
        portals.forget_facts()
        world.sweep()
        world.stream()
    portals.forget_facts()
    assert world.rows() == before
    out = capsys.readouterr().out
    assert '"StatusApiRefused"' in out
    # Nobody looked, so nobody says that nothing is old.
    assert '"OldestUnsettled"' not in out


@pytest.mark.parametrize("fault", ["api_down", "refused"])
def test_circuit(world: World, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A CMI that is down or refuses us is asked thrice at most, and the rest is left as it is (event 98)."""
    orders = [world.open() for _ in range(6)]
    world.later(minutes=36)
    if fault == "api_down":
        world.fault("api_down")
    else:
        changed = replace(world.bank.settings, api_password="another")
        monkeypatch.setattr(world.bank, "settings", changed)
    calls = count(monkeypatch)
    world.sweep()
    monkeypatch.undo()
    looked = [order for order in orders if "tries" in world.row(order)]
    assert len(calls) == len(looked) == (3 if fault == "api_down" else 1)
    world.fault("api_down", on=False)
    world.sweep()
    left = [world.state(order) for order in orders if order not in looked]
    assert set(left) == {"expired"}


def test_record_again(world: World) -> None:
    """A record brought again, from the start, or a day late changes nothing (event 103, I25)."""
    order = world.open()
    world.pay(order)
    old = [record for record in world.records() if record["dynamodb"]["Keys"]["sk"]["S"] == "ORDER"]
    world.stream()
    world.sweep()
    before = world.rows()
    for _ in range(2):
        world.portal.invoke("SettlementFunction", {"Records": old})
        world.later(days=1)
    assert world.rows() == before
    assert "waits" not in world.row(order)
    assert world.row(order, "LETTER#1")["waits"].startswith("MAIL")


def test_record_of_the_operators(world: World) -> None:
    """What the operator has is not taken out of the queue by a late record."""
    order = world.open()
    world.pay(order).captured_centimes += 1
    old = world.records()
    orders = [record for record in old if record["dynamodb"]["Keys"]["sk"]["S"] == "ORDER"]
    world.portal.invoke("SettlementFunction", {"Records": orders})
    before = world.rows()
    world.portal.invoke("SettlementFunction", {"Records": orders})
    assert (world.rows(), world.queue()) == (before, ["CMI captured another amount"])


def test_missed_a_day(world: World) -> None:
    """After a day without sweeps all that waited is caught up (event 104)."""
    captured, abandoned = world.open(), world.open()
    world.pay(captured)
    world.later(days=1, hours=2)
    world.sweep()
    assert (world.state(captured), world.state(abandoned)) == ("paid", "expired")


def test_nothing_personal_in_the_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither number, address, password nor card stands in what settlement writes (event 122)."""
    order = world.open()
    world.pay(order).captured_centimes += 1
    capsys.readouterr()
    with patch.object(logger().registered_handler, "stream", sys.stdout):
        world.stream()
        world.sweep()
    written = capsys.readouterr().out
    assert order["reference"] in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert any(line.get("why") == "CMI captured another amount" for line in lines)
    for canary in ("123456789", "payer@example.ma", "asvi_local", "400000"):
        assert canary not in written
