"""The portal's one table, in process: DynamoDB as far as our code uses it, and not a step further.

`call` takes an operation with its parameters as they go over the wire and gives the answer as
botocore parses it, or raises DynamoError. The same calls run on DynamoDB Local, and must end alike
(tests/dynamodb).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.expressions import check_used, condition
from tests.simulation.updates import KEYS
from tests.simulation.values import (
    DynamoError,
    Item,
    Json,
    UnknownSyntaxError,
    Values,
    invalid,
    kind,
    normal,
)

Key = tuple[str, str]
Rows = dict[str, dict[str, Item]]
TOKEN_LIFE_MS = 10 * 60 * 1000
LARGEST_TRANSACTION = 100
CANCELLED = "Transaction cancelled, please refer cancellation reasons for specific reasons"


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did to one row. `old` None: it was not there; `new` None: it is gone."""

    key: Key
    old: Item | None
    new: Item | None


def at_once(work: Callable[[], None]) -> None:
    """Let an index follow its table without delay."""
    work()


@dataclass(slots=True)
class Table:
    """Rows by partition and sort key, and whom writes are told to.

    `indexes`: by name, the attributes of their partition and sort key; they follow `later`, and
    hold keys only.
    """

    name: str = "table"
    now_ms: Callable[[], int] = lambda: 0
    later: Callable[[Callable[[], None]], object] = at_once
    parts: Rows = field(default_factory=dict)
    indexes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    index: dict[tuple[str, str], dict[Key, Item]] = field(default_factory=dict)
    tokens: dict[str, tuple[int, str]] = field(default_factory=dict)
    watchers: list[Callable[[list[Change]], None]] = field(default_factory=list)

    def get(self, key: Key) -> Item | None:
        """Give a row."""
        return self.parts.get(key[0], {}).get(key[1])

    def rows(self) -> Iterator[Item]:
        """Give every row, in order of keys."""
        for pk in sorted(self.parts):
            for sk in sorted(self.parts[pk]):
                yield self.parts[pk][sk]

    def copy(self) -> Rows:
        """Give the rows as a backup holds them; rows are never changed, only replaced."""
        return {pk: dict(part) for pk, part in self.parts.items()}

    def replace(self, kept: Rows) -> None:
        """Stand as a backup did; a new table remembers no transaction."""
        self.parts = kept
        self.tokens.clear()
        self.index.clear()
        for row in list(self.rows()):
            self._follow((row["pk"]["S"], row["sk"]["S"]))

    def commit(self, changes: list[Change]) -> None:
        """Do changes at once, and tell who watches. The index hears of them later."""
        real = [change for change in changes if change.old != change.new]
        for change in real:
            part = self.parts.setdefault(change.key[0], {})
            if change.new is None:
                del part[change.key[1]]
            else:
                part[change.key[1]] = change.new
            if self._indexed(change.old) or self._indexed(change.new):
                self.later(partial(self._follow, change.key))
        if real:
            for watcher in self.watchers:
                watcher(real)

    def _indexed(self, row: Item | None) -> bool:
        return row is not None and any(part in row for part, _ in self.indexes.values())

    def _follow(self, key: Key) -> None:
        """Bring the indexes up to date for one row."""
        for waiting in self.index.values():
            waiting.pop(key, None)
        row = self.get(key) or {}
        for name, names in self.indexes.items():
            if all(one in row for one in names):
                kept = {one: row[one] for one in (*KEYS, *names)}
                self.index.setdefault((name, row[names[0]]["S"]), {})[key] = kept

    def call(self, operation: str, params: Json) -> Json:
        """Do one call, whole."""
        from tests.simulation import reads, writes  # noqa: PLC0415 - they are of one piece

        known = reads.OPERATIONS | writes.OPERATIONS
        if operation not in known:
            raise UnknownSyntaxError(operation)
        if operation not in ("BatchGetItem", "TransactWriteItems"):
            self.check_name(params)
        return known[operation](self, params)

    def check_name(self, params: Mapping[str, object]) -> None:
        """Refuse another table."""
        if params["TableName"] != self.name:
            raise DynamoError("ResourceNotFoundException", "Requested resource not found")

    def remembered(self, token: str, body: str) -> bool:
        """Say whether a transaction of this token was done in the last ten minutes."""
        at, before = self.tokens.get(token, (-TOKEN_LIFE_MS, body))
        if self.now_ms() - at >= TOKEN_LIFE_MS:
            return False
        if before != body:
            raise DynamoError("IdempotentParameterMismatchException", "Other parameters")
        return True

    def remember(self, token: str, body: str) -> None:
        """Remember a transaction that was done."""
        self.tokens[token] = self.now_ms(), body


def only(params: Mapping[str, object], *known: str) -> None:
    """Refuse parameters that the fake was never taught."""
    strange = set(params) - set(known)
    if strange:
        raise UnknownSyntaxError(str(strange))


def key_of(params: Item) -> Key:
    """Give the key that a request names; exactly the table's attributes, texts, not empty."""
    if set(params) != set(KEYS):
        raise invalid("The provided key element does not match the schema")
    return place(params)


def place(item: Item) -> Key:
    """Give an item's key; refuse one that lacks a part of it, or holds no text there."""
    for name in KEYS:
        if name not in item:
            raise invalid(f"One of the required keys was not given a value: {name}")
        if kind(item[name]) != "S":
            raise invalid(f"Type mismatch for key {name}")
        if not item[name]["S"]:
            raise invalid("One or more parameter values are not valid: an empty key")
    return item["pk"]["S"], item["sk"]["S"]


def checked(table: Table, item: Item) -> tuple[Key, Item]:
    """Give an item's key and the item as it is kept; refuse what an index cannot hold."""
    for name in (one for names in table.indexes.values() for one in names):
        if name in item and (kind(item[name]) != "S" or not item[name]["S"]):
            raise invalid(f"Type mismatch for Index Key {name}")
    return place(item), normal(item)


def holds(params: Json, row: Item | None, used: frozenset[str] = frozenset()) -> bool:
    """Say whether a request's condition holds for a row; check that all its words are used."""
    names: Mapping[str, str] = params.get("ExpressionAttributeNames", {})
    values: Values = params.get("ExpressionAttributeValues", {})
    text = params.get("ConditionExpression")
    if text is None:
        check_used(used, names, values)
        return True
    test, words = condition(text, names)
    check_used(words | used, names, values)
    return test(row or {}, values)


def body_of(params: Json) -> str:
    """Write a transaction so that the same request is the same text."""
    return json.dumps(params["TransactItems"], sort_keys=True)
