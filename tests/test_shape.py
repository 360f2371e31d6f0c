"""The house's rules, held by walking the source: where things may stand and how large they grow."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT, capture_output=True, text=True, check=True,
).stdout.split("\n")  # fmt: skip
FILES = [ROOT / name for name in LISTED if name and (ROOT / name).is_file()]
PYTHON = [path for path in FILES if path.suffix == ".py"]
SCRIPTS = [path for path in FILES if path.suffix == ".mjs"]
RUN_TIME = [path for path in PYTHON if path.is_relative_to(ROOT / "functions")]
RULES = ROOT / "functions" / "shared" / "rules"
AWS = ROOT / "functions" / "shared" / "aws"
FUNCTIONS = (
    "lookup", "checkout", "callback", "receipt", "letter", "settlement", "intake", "canary",
)  # fmt: skip
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Give each (module, name) that a file imports; name is empty for a plain import."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def _modules(path: Path) -> set[str]:
    return {module for module, _ in _imports(path)}


def _lengths(paths: list[Path]) -> list[tuple[int, str]]:
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.name}:{node.name}")
        for path in paths
        for node in ast.walk(_tree(path))
        if isinstance(node, DEFINITIONS)
    ]


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_rules_are_pure() -> None:
    """Rules need nothing but the language and each other: no AWS, clock, chance or environment."""
    for path in RULES.rglob("*.py"):
        for module in _modules(path):
            standard = module.split(".")[0] in sys.stdlib_module_names - {"os", "random", "secrets"}
            assert standard or module.startswith("functions.shared.rules"), f"{path}: {module}"


def test_only_aws_knows_boto3() -> None:
    """AWS's SDK is imported in one place."""
    knowing = {path for path in RUN_TIME if any("boto" in name for name in _modules(path))}
    assert {path.parent for path in knowing} == {AWS}


def test_aws_takes_no_decision() -> None:
    """What reads and writes the table never asks the rules what to do."""
    deciding = {"decide", "told", "fee_centimes", "signed_form", "for_order", "for_reserved"}
    for path in AWS.glob("*.py"):
        asked = {
            name for module, name in _imports(path) if module.endswith((".decision", ".payment"))
        }
        assert not asked & deciding, path


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_never_call_each_other(function: str) -> None:
    """A function imports its own folder and what is shared."""
    others = {f"functions.{other}" for other in FUNCTIONS if other != function}
    for path in (ROOT / "functions" / function).rglob("*.py"):
        strangers = {name for name in _modules(path) if ".".join(name.split(".")[:2]) in others}
        assert not strangers, path


def test_run_time_carries_no_build_time() -> None:
    """What makes the pages, and what runs on a developer's machine, stays out of Lambda."""
    forbidden = {"jinja2", "babel", "moto", "werkzeug", "flask", "local", "cmi_simulator", "tools"}
    for path in RUN_TIME:
        assert not {name.split(".")[0] for name in _modules(path)} & forbidden, path


def test_the_bank_stands_apart() -> None:
    """The simulator shares no code with the portal, or it would share its mistakes."""
    for path in (ROOT / "cmi_simulator").rglob("*.py"):
        roots = {name.split(".")[0] for name in _modules(path)}
        assert not roots & {"functions", "local", "site", "tools", "tests"}, path


def test_one_door_for_time_and_chance() -> None:
    """Nothing but `outside.py` reads a clock or draws a random number."""
    calls = {
        "now",
        "utcnow",
        "today",
        "time",
        "time_ns",
        "monotonic",
        "token_bytes",
        "uuid4",
        "urandom",
    }
    modules = {"random", "secrets", "uuid", "time"}
    for path in RUN_TIME:
        if path.name == "outside.py":
            continue
        assert not _modules(path) & modules, path
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                ours = isinstance(owner, ast.Name) and owner.id == "outside"
                assert ours or node.func.attr not in calls, f"{path}:{node.lineno}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_handlers_hold_no_try(function: str) -> None:
    """Errors become answers in one place, not in each handler."""
    guarded = {"_committed"} if function == "callback" else set()
    for node in ast.walk(_tree(ROOT / "functions" / function / "handler.py")):
        if isinstance(node, DEFINITIONS) and node.name not in guarded:
            assert not any(isinstance(inner, ast.Try) for inner in ast.walk(node)), node.name


def test_sizes_of_functions() -> None:
    """Functions stay small: median 8 lines, nine in ten at most 25, none over 50."""
    lengths = sorted(_lengths([path for path in PYTHON if "tests" not in path.parts]))
    sizes = [size for size, _ in lengths]
    assert statistics.median(sizes) <= 8
    assert sizes[int(len(sizes) * 0.9)] <= 25
    assert sizes[-1] <= 50, lengths[-1]
    assert max(_lengths(PYTHON))[0] <= 50, max(_lengths(PYTHON))


def test_sizes_of_files() -> None:
    """Files stay small: nine in ten at most 200 lines, none over 300; scripts at most 100."""
    sizes = sorted((path.read_text().count("\n"), str(path)) for path in PYTHON)
    assert sizes[int(len(sizes) * 0.9)][0] <= 200
    assert sizes[-1][0] <= 300, sizes[-1]
    for path in SCRIPTS:
        assert path.read_text().count("\n") <= 100, path


def test_every_test_says_what_must_hold() -> None:
    """A test's docstring says what it promises; its name can then be short."""
    for path in PYTHON:
        if path.name.startswith("test_"):
            for node in ast.walk(_tree(path)):
                if isinstance(node, DEFINITIONS) and node.name.startswith("test_"):
                    assert ast.get_docstring(node), f"{path}:{node.name}"


def test_exceptions_have_reasons() -> None:
    """Every silenced lint or type says why on its line."""
    silenced = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(.*)")
    for path in PYTHON:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            match = silenced.search(line)
            if match and path != Path(__file__):
                assert len(match.group(1).strip(" #-")) > 5, f"{path}:{number}"


def test_nothing_listens_to_the_network() -> None:
    """What runs on a developer's machine is reached from that machine only."""
    everywhere = ".".join("0000")
    programs = [path for path in PYTHON if "tests" not in path.parts]
    assert not _names([path for path in programs if everywhere in path.read_text()])


def test_handlers_are_where_the_template_says() -> None:
    """Every function of the template can be imported under the template's name."""
    template = (ROOT / "infra" / "template.yaml").read_text()
    named = set(re.findall(r"Handler: functions\.(\w+)\.handler\.handle", template))
    assert named == set(FUNCTIONS)
