"""The conditions of our writes taken apart: each clause dropped, each comparison moved by a step."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from functions.shared.aws import table
from tests.simulation import writes
from tests.simulation.expressions import condition
from tests.simulation.table import holds
from tests.simulation.values import Item, Json

_WORD = re.compile(r"[()]|[^\s()]+")
# A condition asks; a change begins with its verb, a key condition names a key or an index.
_ASKS = re.compile(r"attribute_|[#\w]+ (?:=|<|<=|IN) [:(]")
_CHANGES = re.compile(r"SET |ADD |REMOVE |, |pk = |paid_day = |waits = :waits AND waits_at <= ")
AWS = Path(table.__file__).parent
_STEPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """A condition as our code asks it: of what kind of row, and on the way to which change."""

    kind: str
    change: str
    condition: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.change} IF {self.condition}"


def shape(params: Json) -> Shape:
    """Give the shape of a write's condition."""
    key = params.get("Key") or params["Item"]
    kind = key["sk"]["S"].partition("#")[0]
    return Shape(kind, params.get("UpdateExpression", "PUT"), params.get("ConditionExpression", ""))


@dataclass(frozen=True, slots=True)
class Node:
    """Clauses joined by a word, one that is negated (NOT), or one by itself (no parts)."""

    word: str
    parts: tuple["Node", ...] = ()

    def __str__(self) -> str:
        if not self.parts:
            return self.word
        if self.word == "NOT":
            return f"NOT ({self.parts[0]})"
        return f" {self.word} ".join(f"({part})" for part in self.parts)


def parsed(text: str) -> Node:
    """Take a condition apart."""
    words = _WORD.findall(text)
    return _joined(words, "OR", lambda rest: _joined(rest, "AND", _one))


def _joined(words: list[str], by: str, inner: Callable[[list[str]], Node]) -> Node:
    parts = [inner(words)]
    while words and words[0] == by:
        words.pop(0)
        parts.append(inner(words))
    return parts[0] if len(parts) == 1 else Node(by, tuple(parts))


def _one(words: list[str]) -> Node:
    if words[0] == "NOT":
        words.pop(0)
        return Node("NOT", (_one(words),))
    if words[0] == "(":
        words.pop(0)
        inner = _joined(words, "OR", lambda rest: _joined(rest, "AND", _one))
        words.pop(0)
        return inner
    return Node(" ".join(_leaf(words)))


def _leaf(words: list[str]) -> Iterator[str]:
    """Give the words of one comparison or function, its own brackets included."""
    depth = 0
    while words and (depth or words[0] not in ("AND", "OR", ")")):
        depth += {"(": 1, ")": -1}.get(words[0], 0)
        yield words.pop(0)


def weaker(node: Node) -> Iterator[Node | None]:
    """Give a condition without each of its clauses, and each comparison moved; None: without any."""
    yield None
    yield from _changed(node)


def _changed(node: Node) -> Iterator[Node]:
    for place, part in enumerate(node.parts):
        others = node.parts[:place], node.parts[place + 1 :]
        rest = (*others[0], *others[1])
        if rest:
            yield rest[0] if len(rest) == 1 else Node(node.word, rest)
        else:
            yield part
        for other in _changed(part):
            yield Node(node.word, (*others[0], other, *others[1]))
    if not node.parts:
        words = node.word.split(" ")
        for place, word in enumerate(words):
            if word in _STEPS:
                yield Node(" ".join([*words[:place], _STEPS[word], *words[place + 1 :]]))


def written() -> Iterator[str]:
    """Give what stands in our code of conditions, whole or in parts."""
    for path in sorted(AWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if _ASKS.search(text) and not _CHANGES.match(text) and "\n" not in text:
                    yield text


def planted(of: Shape, instead: Node | None) -> AbstractContextManager[object]:
    """Let the table ask something else where a write of this shape asks its condition."""

    def wrong(params: Json, row: Item | None, used: frozenset[str] = frozenset()) -> bool:
        right = holds(params, row, used)
        if shape(params) != of:
            return right
        if instead is None:
            return True
        names = params.get("ExpressionAttributeNames", {})
        test, _ = condition(str(instead), names)
        return test(row or {}, params.get("ExpressionAttributeValues", {}))

    return patch.object(writes, "holds", wrong)
