"""Which test cites which event of the promises ("event 53", "events 12, 13", "events 12 to 14").

A number counts where it stands by what proves it: in the docstring of a test, in the name of a
case, or in a comment on a case's own line. Only tests that `make test` runs are read. A text that
cites many events at once is a list and proves none of them.
"""

import ast
import io
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

EVENTS = range(1, 125)
MOST_AT_ONCE = 4
# Whoever proves that every event is cited is no proof of any.
PROVING = "tests/test_events.py"
_SPELLED = re.compile(r"\bevents? ([0-9]+(?:(?:, | and |-|\u2013| to )[0-9]+)*)", re.IGNORECASE)
_PART = re.compile(r"([0-9]+)(?:(?:-|\u2013| to )([0-9]+))?")
_CODE = (tokenize.NAME, tokenize.OP, tokenize.STRING, tokenize.NUMBER)


@dataclass(slots=True)
class Citations:
    """By number, the tests that cite it; and what cannot be counted, with its place."""

    tests: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    def add(self, numbers: Iterable[int], test: str) -> None:
        """Note that a test cites some numbers."""
        for number in numbers:
            if test not in self.tests[number]:
                self.tests[number].append(test)


def numbers(text: str) -> list[int]:
    """Give the numbers of the events that a text cites, ranges spelled out."""
    cited: list[int] = []
    for spelled in _SPELLED.findall(text):
        for first, last in _PART.findall(spelled):
            cited += range(int(first), int(last or first) + 1)
    return cited


def files(root: Path) -> list[Path]:
    """Give the test files that `make test` runs, in the order of their names."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    paths = [root / name for name in settings["tool"]["pytest"]["ini_options"]["testpaths"]]
    found = {
        path
        for place in paths
        for path in (place.rglob("test_*.py") if place.is_dir() else [place])
    }
    return sorted(path for path in found if path != root / PROVING)


def read(root: Path) -> Citations:
    """Read the citations of all tests that `make test` runs."""
    citations = Citations()
    for path in files(root):
        collect(path.read_text("utf-8"), str(path.relative_to(root)), citations)
    return citations


def collect(source: str, name: str, citations: Citations) -> None:
    """Add the citations of one test file."""
    tree = ast.parse(source)
    comments = _comments(source)
    tables = {target: node for node in tree.body for target in _assigned(node)}
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for test in (one for one in tests if one.name.startswith("test_")):
        own: list[ast.AST] = [test, *(tables[used] for used in _used(test, tables))]
        texts = [ast.get_docstring(test) or "", *_named(test, own)]
        texts += [
            text for line, text in comments.items() if any(_spans(node, line) for node in own)
        ]
        for text in texts:
            _add(text, f"{name}::{test.name}", citations)


def _add(text: str, test: str, citations: Citations) -> None:
    cited = numbers(text)
    if strange := [number for number in cited if number not in EVENTS]:
        citations.faults.append(f"{test}: there is no event {strange[0]}")
    elif len(cited) > MOST_AT_ONCE:
        citations.faults.append(f"{test}: {len(cited)} events at once are a list, not a proof")
    else:
        citations.add(cited, test)


def _comments(source: str) -> dict[int, str]:
    """Give the comments that stand beside code, by line."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    code = {token.start[0] for token in tokens if token.type in _CODE}
    code |= {token.end[0] for token in tokens if token.type in _CODE}
    return {
        token.start[0]: token.string
        for token in tokens
        if token.type == tokenize.COMMENT and token.start[0] in code
    }


def _assigned(node: ast.stmt) -> Iterator[str]:
    """Name the tables that a statement of a file makes."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _used(test: ast.FunctionDef, tables: dict[str, ast.stmt]) -> set[str]:
    """Name the tables from which a test takes its cases."""
    cases = [part for one in test.decorator_list for part in ast.walk(one)]
    return {part.id for part in cases if isinstance(part, ast.Name) and part.id in tables}


def _named(test: ast.FunctionDef, own: list[ast.AST]) -> Iterator[str]:
    """Give the texts that may name a case: in a test's decorators and in its tables."""
    places = [*test.decorator_list, *(node for node in own if node is not test)]
    for place in places:
        for part in ast.walk(place):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _spans(node: ast.AST, line: int) -> bool:
    first = min([getattr(node, "lineno", line + 1), *_decorated(node)])
    return first <= line <= (getattr(node, "end_lineno", None) or 0)


def _decorated(node: ast.AST) -> list[int]:
    return [one.lineno for one in getattr(node, "decorator_list", [])]
