"""What a function's code reaches: modules of the project, and the AWS services that they call."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def modules(folder: Path) -> set[Path]:
    """Give the project's modules that a function's handler imports, directly or not."""
    found: set[Path] = set()
    left = [folder / "handler.py"]
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            left += _imported(path)
    return found


def services(folder: Path) -> set[str]:
    """Give the AWS services that a function calls, as botocore names them."""
    return {name for path in modules(folder) for name in _clients(path)}


def _imported(path: Path) -> list[Path]:
    names = [name for node in ast.walk(_tree(path)) for name in _named(node)]
    places = [ROOT.joinpath(*name.split(".")) for name in names if name.startswith("functions.")]
    files = [(place.with_suffix(".py"), place / "__init__.py") for place in places]
    return [path for pair in files for path in pair if path.is_file()]


def _named(node: ast.AST) -> list[str]:
    """Name every module that an import may mean: `from a import b` may be module `a.b`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _clients(path: Path) -> list[str]:
    """Name what a module gives `clients.make` as its first argument."""
    return [
        str(call.args[0].value)
        for call in ast.walk(_tree(path))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "clients.make"
        and isinstance(call.args[0], ast.Constant)
    ]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
