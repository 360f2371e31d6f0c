"""DynamoDB's condition, key and update expressions: the forms that our code writes, no others.

A text is parsed once, by descent, into functions over an item; nothing is evaluated as Python.
What is not known here raises UnknownSyntaxError, so that the fake never guesses.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import moto

from tests.simulation.values import (
    Item,
    UnknownSyntaxError,
    Value,
    Values,
    invalid,
    kind,
    order,
    same,
)

Condition = Callable[[Item, Values], bool]
Operand = Callable[[Item, Values], Value | None]

_TOKEN = re.compile(r"\s*(?:([#:]?[A-Za-z0-9_]+)|(<=|>=|<>|[=<>(),+\-]))")
_RESERVED = frozenset(
    (Path(moto.__file__).parent / "dynamodb/parsing/reserved_keywords.txt")
    .read_text()
    .upper()
    .split()
)
_COMPARISONS: dict[str, Callable[[Value | None, Value | None], bool]] = {
    "=": same,
    "<>": lambda one, other: not same(one, other),
    "<": lambda one, other: order(one, other) == -1,
    "<=": lambda one, other: order(one, other) in (-1, 0),
    ">": lambda one, other: order(one, other) == 1,
    ">=": lambda one, other: order(one, other) in (0, 1),
}


def tokens(text: str) -> Iterator[str]:
    """Split an expression into words and signs."""
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise UnknownSyntaxError(text[place:])
        place = match.end()
        yield match.group(1) or match.group(2)


@dataclass(slots=True)
class Reader:
    """Reads one expression. Remembers which names and values it used, for DynamoDB asks that."""

    text: str
    names: Mapping[str, str]
    left: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.left = list(tokens(self.text))[::-1]

    def peek(self) -> str:
        """Give the next token in upper case, empty at the end."""
        return self.left[-1].upper() if self.left else ""

    def take(self, *wanted: str) -> str:
        """Take the next token, which must be one of `wanted` where any are named."""
        if not self.left or (wanted and self.peek() not in wanted):
            raise UnknownSyntaxError(f"{self.peek() or 'end'} in {self.text!r}")
        return self.left.pop()

    def taken(self, word: str) -> bool:
        """Take the next token if it is `word`."""
        return self.peek() == word and bool(self.left.pop())

    def path(self) -> str:
        """Read the name of an attribute; a reserved word must stand behind a #name."""
        word = self.take()
        if word.startswith("#"):
            self.used.add(word)
            if word not in self.names:
                raise invalid(f"An expression attribute name used is not defined: {word}")
            return self.names[word]
        if not word[0].isalpha():
            raise UnknownSyntaxError(self.text)
        if word.upper() in _RESERVED:
            raise invalid(f"Attribute name is a reserved keyword; reserved keyword: {word}")
        return word

    def value(self) -> str:
        """Read a :value's name."""
        word = self.take()
        if not word.startswith(":"):
            raise UnknownSyntaxError(self.text)
        self.used.add(word)
        return word

    def operand(self) -> Operand:
        """Read a :value or an attribute."""
        if self.peek().startswith(":"):
            name = self.value()
            return lambda _, values: values[name]
        path = self.path()
        return lambda item, _: item.get(path)


def _either(read: Reader) -> Condition:
    parts = [_both(read)]
    while read.taken("OR"):
        parts.append(_both(read))
    return parts[0] if len(parts) == 1 else lambda i, v: any(part(i, v) for part in parts)


def _both(read: Reader) -> Condition:
    parts = [_negated(read)]
    while read.taken("AND"):
        parts.append(_negated(read))
    return parts[0] if len(parts) == 1 else lambda i, v: all(part(i, v) for part in parts)


def _negated(read: Reader) -> Condition:
    if read.taken("NOT"):
        inner = _negated(read)
        return lambda i, v: not inner(i, v)
    return _single(read)


def _single(read: Reader) -> Condition:
    if read.taken("("):
        inner = _either(read)
        read.take(")")
        return inner
    if len(read.left) > 1 and read.left[-2] == "(":
        return _called(read)
    left = read.operand()
    sign = read.take(*_COMPARISONS, "IN")
    if sign.upper() == "IN":
        return _within(read, left)
    compared, right = _COMPARISONS[sign], read.operand()
    return lambda i, v: compared(left(i, v), right(i, v))


def _called(read: Reader) -> Condition:
    name = read.take()
    read.take("(")
    path = read.path()
    condition: Condition
    if name == "attribute_exists":
        condition = lambda i, _: path in i  # noqa: E731 - one of three likewise
    elif name == "attribute_not_exists":
        condition = lambda i, _: path not in i  # noqa: E731 - likewise
    elif name == "begins_with":
        read.take(",")
        start = read.value()
        condition = lambda i, v: i.get(path, {"S": "\0"}).get("S", "\0").startswith(v[start]["S"])  # noqa: E731 - likewise
    else:
        raise UnknownSyntaxError(name)
    read.take(")")
    return condition


def _within(read: Reader, left: Operand) -> Condition:
    read.take("(")
    choices = [read.operand()]
    while read.taken(","):
        choices.append(read.operand())
    read.take(")")
    return lambda i, v: any(same(left(i, v), choice(i, v)) for choice in choices)


@cache
def _parsed(text: str, names: tuple[tuple[str, str], ...]) -> tuple[Condition, frozenset[str]]:
    read = Reader(text, dict(names))
    condition = _either(read)
    if read.left:
        raise UnknownSyntaxError(text)
    return condition, frozenset(read.used)


def condition(text: str, names: Mapping[str, str]) -> tuple[Condition, frozenset[str]]:
    """Parse a condition; give it with the #names and :values that it uses."""
    return _parsed(text, tuple(sorted(names.items())))


@cache
def _keyed(
    text: str, names: tuple[tuple[str, str], ...]
) -> tuple[list[tuple[str, str, str]], frozenset[str]]:
    read = Reader(text, dict(names))
    parts = []
    while True:
        if read.peek() == "BEGINS_WITH":
            read.take()
            read.take("(")
            path = read.path()
            read.take(",")
            parts.append((path, "begins_with", read.value()))
            read.take(")")
        else:
            parts.append((read.path(), read.take("=", "<", "<=", ">", ">="), read.value()))
        if not read.taken("AND"):
            break
    if read.left:
        raise UnknownSyntaxError(text)
    return parts, frozenset(read.used)


def key_condition(
    text: str, names: Mapping[str, str]
) -> tuple[list[tuple[str, str, str]], frozenset[str]]:
    """Parse a key condition into (attribute, sign, :value); give also what it uses."""
    return _keyed(text, tuple(sorted(names.items())))


def compared(sign: str, one: Value, other: Value) -> bool:
    """Compare two values of a key by a sign, or `begins_with`."""
    if sign == "begins_with":
        return kind(one) == "S" and str(one["S"]).startswith(other["S"])
    return _COMPARISONS[sign](one, other)


def check_used(used: frozenset[str], names: Mapping[str, str], values: Values) -> None:
    """Refuse #names and :values that no expression uses, and :values that are not there."""
    missing = {word for word in used if word[0] == ":" and word not in values}
    if missing:
        raise invalid(f"An expression attribute value used in expression is not defined: {missing}")
    unused = {*names, *values} - used
    if unused:
        raise invalid(f"Value provided in expression attributes unused in expressions: {unused}")
