"""What simulated worlds asked of the table in process, asked again of DynamoDB Local, call by call.

The generated calls of `test_differential.py` are of the kinds that our code makes; these are the
very ones: every request of every handler, in the order in which a world full of faults made them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from typing import Any

import pytest

from tests.chance import TIMES
from tests.dynamodb import reference
from tests.dynamodb.endings import ending, levelled, refusal, said
from tests.simulation.crowd import crowd
from tests.simulation.deployment import environment, standing
from tests.simulation.table import TOKEN_LIFE_MS, Change, Table
from tests.simulation.values import DynamoError, Json
from tests.simulation.world import make

SEEDS = range(10 * TIMES)


@dataclass(slots=True)
class Recorder:
    """Stands before a world's table and writes down what is asked of it, and how that ended."""

    seed: int
    table: Table
    calls: list[tuple[str, Json, Json]] = field(default_factory=list)
    inside: bool = False
    tokens: dict[str, tuple[int, int]] = field(default_factory=dict)

    def call(self, operation: str, params: Json) -> Json:
        """Do a call."""
        self.inside = True
        try:
            answer = self.table.call(operation, params)
            self._note(operation, params, said(answer))
        except DynamoError as error:
            self._note(operation, params, refusal({"Error": {"Code": error.code}, **error.facts}))
            raise
        finally:
            self.inside = False
        return answer

    def _note(self, operation: str, params: Json, ended: Json) -> None:
        # The index follows in its own time, here as in life: there is nothing to compare.
        if "IndexName" not in params:
            self.calls.append((operation, self._dated(params), ended))

    def _dated(self, params: Json) -> Json:
        """Give a token a name of its world's, and a new one where ten minutes made it new."""
        token = params.get("ClientRequestToken")
        if token is None:
            return params
        now_ms = self.table.now_ms()
        at_ms, age = self.tokens.get(token, (now_ms, 0))
        if now_ms - at_ms >= TOKEN_LIFE_MS:
            at_ms, age = now_ms, age + 1
        self.tokens[token] = at_ms, age
        return params | {"ClientRequestToken": f"{token[:20]}-{self.seed}-{age}"}

    def watch(self, changes: list[Change]) -> None:
        """Write down what the world itself does to rows, as the deletion of expired ones."""
        for change in [] if self.inside else changes:
            key = {"pk": {"S": change.key[0]}, "sk": {"S": change.key[1]}}
            if change.new is None:
                self.calls.append(("DeleteItem", {"TableName": self.table.name, "Key": key}, {}))
            else:
                put = {"TableName": self.table.name, "Item": change.new}
                self.calls.append(("PutItem", put, {}))


@pytest.fixture(scope="module")
def printed() -> Iterator[StringIO]:
    """Set this process up for worlds; give what is logged in it."""
    with standing() as printed:
        yield printed


@pytest.fixture
def real(address: str) -> Iterator[Any]:
    """Give a client of the reference, with the template's table, new and empty."""
    client, name = reference.client(address), environment()["TABLE"]
    reference.table(address, name)
    yield client
    client.delete_table(TableName=name)


def recorded(seed: int, printed: StringIO) -> list[tuple[str, Json, Json]]:
    """Let a world happen; give the calls of its table."""
    # A table that is lost and restored is another table, of which no call tells.
    world = make(seed, partial(crowd, never="loss"))
    world.printed = printed
    recorder = Recorder(seed, world.table)
    world.lambdas.wire.services["dynamodb"] = recorder.call
    world.table.watchers.append(recorder.watch)
    assert world.run() == []
    return recorder.calls


@pytest.mark.parametrize("seed", SEEDS)
def test_same_endings_in_a_world(seed: int, printed: StringIO, real: Any) -> None:  # noqa: ANN401 - a client
    """DynamoDB Local answers every call of a world as the table in process did."""
    for operation, params, ours in recorded(seed, printed):
        theirs = ending(real, operation, params)
        assert levelled(ours, theirs) == theirs, (operation, params)
