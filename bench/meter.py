"""Counts what is asked of AWS: calls, capacity by the rules, and by DynamoDB's own account."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench import capacity, tape
from bench.engines import TABLE
from bench.figures import Json
from tests.dynamodb import reference

READS = frozenset({"Query", "GetItem", "BatchGetItem"})


@dataclass(slots=True)
class Metered:
    """What was asked meanwhile. `told`: write units by DynamoDB's own account of them.

    Questions to an index are left out: a sweep asks them once, whatever waits.
    """

    calls: list[str] = field(default_factory=list)
    writes: list[capacity.Write] = field(default_factory=list)
    reads: int = 0
    told: float = 0.0

    @property
    def write_units(self) -> int:
        """Write request units by the rules."""
        return capacity.total(self.writes)


@contextmanager
def metered(address: str, clients: Sequence[Any] = (), table: str = TABLE) -> Iterator[Metered]:
    """Count what some clients, or the functions', ask meanwhile of a DynamoDB at an address."""
    snapshots: list[capacity.Rows] = []

    def look(params: Json, model: Any, **_: object) -> Json | None:  # noqa: ANN401 - botocore's
        snapshots.append(rows(address, table))
        dynamodb = model.service_model.service_name == "dynamodb"
        return params | {"ReturnConsumedCapacity": "INDEXES"} if dynamodb else None

    found = Metered()
    with ExitStack() as stack:
        calls = stack.enter_context(tape.recorded(clients))
        stack.enter_context(tape.listening(clients, look))
        yield found
    snapshots.append(rows(address, table))
    for place, call in enumerate(calls):
        _count(found, call, snapshots[place], snapshots[place + 1])


def _count(found: Metered, call: Json, before: capacity.Rows, after: capacity.Rows) -> None:
    operation = call["operation"]
    if "IndexName" in call["params"]:
        return
    found.calls.append(operation)
    if call["service"] != "dynamodb":
        return
    answer: Json = json.loads(base64.b64decode(call["body"]))
    if operation in READS:
        found.reads += capacity.reads(operation, call["params"], answer)
        return
    found.writes += capacity.writes(operation, call["params"], before, after)
    used = answer.get("ConsumedCapacity", [])
    for one in used if isinstance(used, list) else [used]:
        found.told += one["CapacityUnits"]


def rows(address: str, table: str = TABLE) -> capacity.Rows:
    """Give every row of a small table."""
    items = reference.client(address).scan(TableName=table)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): dict(item) for item in items}
