"""What DynamoDB charges for a call, by the rules that AWS writes down (developer guide).

An item's size is the UTF-8 of its names and texts, and of a number about half its digits and one.
A write takes a unit for each 1 024 bytes begun of the larger of what stood and what stands then,
twice that in a transaction. An index takes one more for an entry that comes or goes, two for one
whose key changes, none where nothing of it does. A strong read takes a unit for each 4 096 bytes
begun: of each item alone, or of all that a query reads. A read that finds nothing takes one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from bench.figures import Json

WRITE_BYTES, READ_BYTES = 1024, 4096
TRANSACTION = 2
INDEXES = {"work": ("waits", "waits_at"), "paid": ("paid_day", "paid_at")}
Key = tuple[str, str]
Rows = Mapping[Key, Json]


@dataclass(frozen=True, slots=True)
class Write:
    """One item written: which, its bytes then, its units in the table and in the indexes."""

    key: Key
    size_bytes: int
    table: int
    indexes: int

    @property
    def units(self) -> int:
        """Write request units in all."""
        return self.table + self.indexes


def size(item: Json) -> int:
    """Give an item's size in bytes, as DynamoDB counts it."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Json) -> int:
    if "N" in value:
        return (len(value["N"].lstrip("-")) + 1) // 2 + 1
    return len(value["S"].encode())


def writes(operation: str, params: Json, before: Rows, after: Rows) -> list[Write]:
    """Give what a call writes, given the rows before and after it."""
    together = operation == "TransactWriteItems"
    actions = params["TransactItems"] if together else [{operation.removesuffix("Item"): params}]
    times = TRANSACTION if together else 1
    return [_write(_key(action), before, after, times) for action in actions]


def _key(action: Json) -> Key:
    ((_, request),) = action.items()
    place = request.get("Key") or request["Item"]
    return place["pk"]["S"], place["sk"]["S"]


def _write(key: Key, before: Rows, after: Rows, times: int) -> Write:
    stood, stands = before.get(key, {}), after.get(key, {})
    larger = max(size(stood), size(stands))
    table = times * max(1, ceil(larger / WRITE_BYTES))
    return Write(
        key, larger, table, sum(_index(names, stood, stands) for names in INDEXES.values())
    )


def _index(names: tuple[str, str], stood: Json, stands: Json) -> int:
    """Give the units of one index; an entry holds keys only, and so never fills a unit."""
    old, new = _entry(names, stood), _entry(names, stands)
    if old == new:
        return 0
    return (old is not None) + (new is not None)


def _entry(names: tuple[str, str], item: Json) -> list[Json] | None:
    return [item[name] for name in names] if all(name in item for name in names) else None


def reads(operation: str, params: Json, answer: Json) -> int:
    """Give the read request units of a strong read, given its answer."""
    if operation == "Query":
        return max(1, ceil(sum(map(size, answer["Items"])) / READ_BYTES))
    if operation == "GetItem":
        return _item(answer.get("Item", {}))
    (wanted,) = params["RequestItems"].values()
    (found,) = answer["Responses"].values()
    return sum(map(_item, found)) + len(wanted["Keys"]) - len(found)


def _item(item: Json) -> int:
    return max(1, ceil(size(item) / READ_BYTES))


def total(written: Iterable[Write]) -> int:
    """Give the write request units of several writes."""
    return sum(one.units for one in written)
