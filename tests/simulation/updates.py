"""Update expressions: SET, ADD and REMOVE of whole attributes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from tests.simulation.expressions import Operand, Reader
from tests.simulation.values import (
    Item,
    UnknownSyntaxError,
    Value,
    Values,
    invalid,
    kind,
    total,
    written,
)

KEYS = ("pk", "sk")
_MISSING = "The provided expression refers to an attribute that does not exist in the item"


@dataclass(slots=True)
class Update:
    """A parsed update: what it sets, adds and removes, and the words it used."""

    sets: list[tuple[str, Operand]] = field(default_factory=list)
    adds: list[tuple[str, str]] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)
    used: frozenset[str] = frozenset()

    def apply(self, old: Item, values: Values) -> Item:
        """Give the item that an update makes of `old`; every right side sees the old item."""
        new = dict(old)
        for path, operand in self.sets:
            new[path] = _there(operand(old, values))
        for path, name in self.adds:
            if kind(values[name]) != "N":
                raise UnknownSyntaxError("ADD of anything but a number")
            new[path] = total(old.get(path, {"N": "0"}), values[name])
        for path in self.removes:
            new.pop(path, None)
        return new

    def check(self) -> None:
        """Refuse changes of the key, and one attribute changed twice."""
        paths = [path for path, _ in (*self.sets, *self.adds)] + self.removes
        if set(paths) & set(KEYS):
            raise invalid("Cannot update attribute. This attribute is part of the key")
        if len(set(paths)) != len(paths):
            raise invalid("Two document paths overlap with each other")


def _there(value: Value | None) -> Value:
    if value is None:
        raise invalid(_MISSING)
    return {"N": written(_number(value))} if "N" in value else value


def _number(value: Value) -> Decimal:
    return Decimal(value["N"])


def _right(read: Reader) -> Operand:
    """Read what an attribute is set to: an operand, a default, a sum or a difference."""
    left = _default(read) if read.peek() == "IF_NOT_EXISTS" else read.operand()
    if read.peek() not in ("+", "-"):
        return left
    sign = 1 if read.take() == "+" else -1
    right = _default(read) if read.peek() == "IF_NOT_EXISTS" else read.operand()
    return lambda i, v: total(_there(left(i, v)), _there(right(i, v)), sign)


def _default(read: Reader) -> Operand:
    read.take()
    read.take("(")
    path = read.path()
    read.take(",")
    other = read.operand()
    read.take(")")
    return lambda i, v: i[path] if path in i else other(i, v)


def _set(read: Reader, update: Update) -> None:
    path = read.path()
    read.take("=")
    update.sets.append((path, _right(read)))


def _add(read: Reader, update: Update) -> None:
    update.adds.append((read.path(), read.value()))


def _remove(read: Reader, update: Update) -> None:
    update.removes.append(read.path())


_CLAUSES: dict[str, Callable[[Reader, Update], None]] = {
    "SET": _set,
    "ADD": _add,
    "REMOVE": _remove,
}


@cache
def _parsed(text: str, names: tuple[tuple[str, str], ...]) -> Update:
    read, update = Reader(text, dict(names)), Update()
    seen: list[str] = []
    while read.left:
        clause = read.take(*_CLAUSES).upper()
        if clause in seen:
            raise invalid(f'The "{clause}" section can only be used once in an update expression')
        seen.append(clause)
        _CLAUSES[clause](read, update)
        while read.taken(","):
            _CLAUSES[clause](read, update)
    update.check()
    update.used = frozenset(read.used)
    return update


def update(text: str, names: Mapping[str, str]) -> Update:
    """Parse an update expression."""
    return _parsed(text, tuple(sorted(names.items())))
