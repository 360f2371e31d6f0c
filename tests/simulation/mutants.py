"""Small changes of a module's functions: a check dropped, a comparison turned, a flag flipped.

A mutant replaces the code of one function in place, so whoever imported it by name runs the mutant.
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed function of a module. `name` says what was changed to what."""

    module: str
    function: str
    name: str
    code: CodeType

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Let the function run the mutant's code."""
        found = _function(import_module(self.module), self.function)
        right = found.__code__
        found.__code__ = self.code
        try:
            yield
        finally:
            found.__code__ = right


def of(module: str) -> Iterator[Mutant]:
    """Give every mutant of a module's functions."""
    path = Path(str(import_module(module).__file__))
    tree = ast.parse(path.read_text())
    right = dict(_codes(compile(tree, path, "exec")))
    times: Counter[tuple[str, str]] = Counter()
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            there = list(ast.walk(changed))[place]
            _changes(there)[number](there)
            wrong = dict(_codes(compile(ast.fix_missing_locations(changed), path, "exec")))
            name = f"{ast.unparse(_head(node))} -> {ast.unparse(_head(there))}"
            for function, code in wrong.items():
                if code != right[function]:
                    times[function, name] += 1
                    count = times[function, name]
                    told = f"{name} ({count})" if count > 1 else name
                    yield Mutant(module, function, told, code)


def _head(node: Any) -> Any:  # noqa: ANN401 - any node
    """Give what is worth reading of a node: of an `if`, its test."""
    return node.test if isinstance(node, ast.If) else node


def _codes(code: CodeType, prefix: str = "") -> Iterator[tuple[str, CodeType]]:
    """Give the code of every function of a module, and of every method of its classes."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            name = f"{prefix}{one.co_name}"
            if one.co_flags & FUNCTION:
                yield name, one
            else:
                yield from _codes(one, f"{name}.")


FUNCTION = 0x2  # CO_NEWLOCALS with CO_OPTIMIZED: a function's code, not a class's body


def _function(owner: Any, qualified: str) -> FunctionType:  # noqa: ANN401 - a module or class
    """Find a function, a method or a property's function by its qualified name."""
    for name in qualified.split("."):
        found = vars(owner)[name]
        owner = getattr(found, "fget", None) or getattr(found, "__func__", found)
    assert isinstance(owner, FunctionType)
    return owner


def _changes(node: ast.AST) -> Sequence[Change]:
    """Give the changes that a node can suffer; each takes the node of a copy."""
    match node:
        case ast.Compare():
            return [_turn(place) for place in range(len(node.ops))]
        case ast.BoolOp():
            return [_drop(place) for place in range(len(node.values))]
        case ast.If() | ast.IfExp():
            return [_test(always=False), _test(always=True)]
    return [change for kind, change in _SINGLE if kind(node)]


def _turn(place: int) -> Change:
    def change(node: Any) -> None:  # noqa: ANN401 - a node of this kind, here and below
        node.ops[place] = TURNED[type(node.ops[place])]()

    return change


def _drop(place: int) -> Change:
    def change(node: Any) -> None:  # noqa: ANN401 - likewise
        node.values[place] = ast.Constant(isinstance(node.op, ast.And))

    return change


def _not_again(node: Any) -> None:  # noqa: ANN401 - likewise
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _test(*, always: bool) -> Change:
    def change(node: Any) -> None:  # noqa: ANN401 - likewise
        node.test = ast.Constant(always)

    return change


def _unfiltered(node: Any) -> None:  # noqa: ANN401 - likewise
    node.ifs = []


def _flip(node: Any) -> None:  # noqa: ANN401 - likewise
    node.value = ast.Constant(not node.value.value)


_SINGLE: tuple[tuple[Callable[[Any], bool], Change], ...] = (
    (lambda node: isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not), _not_again),
    (lambda node: isinstance(node, ast.comprehension) and bool(node.ifs), _unfiltered),
    (
        lambda node: (
            isinstance(node, ast.keyword | ast.Return)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, bool)
        ),
        _flip,
    ),
)
