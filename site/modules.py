"""The scripts out of the components' own modules: one bundle for every page, one for some pages.

Modules are plain ES modules, each import on one line: `import { a, b } from './x.mjs';`. A bundle
is their concatenation in order of dependency, so a top-level name may be used only once. `asvi.mjs`
holds what stands in `assets/` and all that it imports. Each file of `assets/apart/` is a bundle of
its own with the rest of what it needs, and imports from the first what that has already.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from bundle import hashed_name
from refusal import BuildError

SHARED = "asvi.mjs"
IMPORT = re.compile(r"import \{ ([\w, ]+) \} from '(\.[\w./-]+)';")
MODULE_WORD = re.compile(r"\s*(import\b(?!\()|export\b)")
DECLARATION = re.compile(r"(export )?(?:async )?(?:function\*?|class|const|let) ([\w$]+)")
DESTRUCTURING = re.compile(r"(?:export )?(?:const|let) [{\[]")
BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)

# Modules by their resolved path, comments left out.
Sources = dict[Path, str]


def scripts(shared: Iterable[Path], apart: Iterable[Path]) -> dict[str, str]:
    """Join the modules: `asvi.mjs`, and a bundle by the name of each file of `apart`.

    Raises BuildError for a cycle, a top-level name used twice, an import of what is not exported,
    and for anything that this small bundler does not know.
    """
    sources: Sources = {}
    first = _reached(list(shared), sources)
    own = {path.name: [it for it in _reached([path], sources) if it not in first] for path in apart}
    exported = sorted({name for paths in own.values() for name in _taken(paths, first, sources)})
    main = _joined(first, [], sources) + _line_of("export{%s};", exported)
    at = f"./{hashed_name(SHARED, main.encode())}"
    bundles = {SHARED: main}
    for name, paths in own.items():
        taken = sorted(_taken(paths, first, sources))
        given = first if taken else []
        bundles[name] = _line_of(f'import{{%s}}from"{at}";', taken) + _joined(paths, given, sources)
    return bundles


def _line_of(form: str, names: list[str]) -> str:
    return form % ",".join(names) + "\n" if names else ""


def _reached(entries: list[Path], sources: Sources) -> list[Path]:
    """Give modules and all that they import, directly or not, and read them into `sources`."""
    found = [entry.resolve() for entry in entries]
    for path in found:
        if path not in sources:
            sources[path] = _without_comments(path)
        for module in _imports(path, sources[path]):
            if not module.is_file():
                raise BuildError(f"{path.name} imports {module.name}, which does not exist")
            found += [] if module in found else [module]
    return found


def _taken(paths: list[Path], elsewhere: list[Path], sources: Sources) -> set[str]:
    """Name what modules import from those of another bundle."""
    imports = (it for path in paths for it in _imports(path, sources[path]).items())
    return {name for module, names in imports if module in elsewhere for name in names}


def _joined(paths: list[Path], elsewhere: list[Path], sources: Sources) -> str:
    """Join modules into one, indentation stripped; those of `elsewhere` are there already."""
    known = {path: sources[path] for path in (*elsewhere, *paths)}
    exports = {path: _names(path, text)[1] for path, text in known.items()}
    _refuse_twice(known)
    ordered = [path for path in _in_order(known) if path not in elsewhere]
    return "".join(_stripped(path, known[path], exports) for path in ordered)


def _without_comments(path: Path) -> str:
    text = BLOCK_COMMENT.sub("", path.read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip()[:2] not in {"", "//"}]
    for line in lines:
        if line.count("`") % 2:
            raise BuildError(f"{path.name}: a template literal over several lines: {line.strip()}")
    return "\n".join(lines)


def _names(path: Path, text: str) -> tuple[set[str], set[str]]:
    """Names declared at the top level of a module, and those of them that it exports."""
    if any(DESTRUCTURING.match(line) for line in text.splitlines()):
        raise BuildError(f"{path.name}: name top-level constants one by one")
    found = [it for it in map(DECLARATION.match, text.splitlines()) if it]
    return {it[2] for it in found}, {it[2] for it in found if it[1]}


def _refuse_twice(sources: Sources) -> None:
    owners: dict[str, Path] = {}
    for path, text in sources.items():
        for name in _names(path, text)[0]:
            if name in owners:
                raise BuildError(f"{name} is declared in {owners[name].name} and in {path.name}")
            owners[name] = path


@cache  # a module is asked about again for each bundle
def _imports(path: Path, text: str) -> Mapping[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for names, target in IMPORT.findall(text):
        module = (path.parent / target).resolve()
        found.setdefault(module, set()).update(name.strip() for name in names.split(","))
    return found


def _in_order(sources: Sources) -> list[Path]:
    """Dependencies first; among equals by name, so that the bundle is the same every time."""
    done: list[Path] = []
    for path in sorted(sources):
        _visit(path, sources, done, ())
    return done


def _visit(path: Path, sources: Sources, done: list[Path], above: tuple[Path, ...]) -> None:
    if path in above:
        raise BuildError(
            "modules import each other: " + " → ".join(it.name for it in (*above, path))
        )
    if path not in done:
        for module in sorted(_imports(path, sources[path])):
            _visit(module, sources, done, (*above, path))
        done.append(path)


def _stripped(path: Path, text: str, exports: dict[Path, set[str]]) -> str:
    for module, names in _imports(path, text).items():
        if not names <= exports[module]:
            lacking = ", ".join(sorted(names - exports[module]))
            raise BuildError(f"{path.name} imports {lacking}, which {module.name} does not export")
    lines = [_line(path, line) for line in text.splitlines() if not IMPORT.fullmatch(line.strip())]
    return "".join(f"{line}\n" for line in lines)


def _line(path: Path, line: str) -> str:
    declared = DECLARATION.match(line)
    plain = line[len("export ") :] if declared and declared[1] else line
    if MODULE_WORD.match(plain):
        raise BuildError(
            f"{path.name}: write this as one line that the bundler knows: {line.strip()}"
        )
    return plain.strip()
