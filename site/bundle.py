"""One stylesheet and one script out of the components' own files, under names of their content.

Modules are plain ES modules, each import on one line: `import { a, b } from './x.mjs';`. The
bundle is their concatenation in order of dependency, so a top-level name may be used only once.
What few pages need (a worker, a page's own script) stands in `assets/apart/`: each file there is a
bundle of its own, with all that it imports.
"""

import hashlib
import re
from pathlib import Path

from refusal import BuildError

IMPORT = re.compile(r"import \{ ([\w, ]+) \} from '(\.[\w./-]+)';")
MODULE_WORD = re.compile(r"\s*(import\b(?!\()|export\b)")
DECLARATION = re.compile(r"(export )?(?:async )?(?:function\*?|class|const|let) ([\w$]+)")
DESTRUCTURING = re.compile(r"(?:export )?(?:const|let) [{\[]")
BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_SPACE = re.compile(r"\s*([{};,])\s*|\s+")
CSS_URL = re.compile(r'url\("([\w.-]+)"\)')


def hashed_name(name: str, content: bytes) -> str:
    """`asvi.css` → `asvi.<ten hex digits of the content's SHA-256>.css`."""
    stem, _, suffix = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def stylesheet(paths: list[Path], urls: dict[str, str]) -> str:
    """Join the sheets in the order given, smaller; `url("name")` points at the hashed file."""
    text = CSS_COMMENT.sub("", "".join(path.read_text("utf-8") for path in paths))
    short = CSS_SPACE.sub(lambda found: found[1] or " ", text)
    return CSS_URL.sub(lambda found: f'url("{_known(found[1], urls)}")', short).strip()


def _known(name: str, urls: dict[str, str]) -> str:
    if name not in urls:
        raise BuildError(f"a stylesheet names {name}, which is not among the assets")
    return urls[name]


def script(paths: list[Path]) -> str:
    """Join the modules into one, comments and indentation stripped.

    Raises BuildError for a cycle, a top-level name used twice, an import of what is not exported,
    and for anything that this small bundler does not know.
    """
    sources = {path.resolve(): _without_comments(path) for path in paths}
    exports = {path: _names(path, text)[1] for path, text in sources.items()}
    _refuse_twice(sources)
    parts = [_stripped(path, sources[path], exports) for path in _in_order(sources)]
    return "".join(parts)


def reached(entry: Path) -> list[Path]:
    """Give a module and all that it imports, directly or not."""
    found = [entry.resolve()]
    for path in found:
        imported = _imports(path, _without_comments(path))
        found += [it for it in imported if it not in found and it.is_file()]
    return found


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


def _refuse_twice(sources: dict[Path, str]) -> None:
    owners: dict[str, Path] = {}
    for path, text in sources.items():
        for name in _names(path, text)[0]:
            if name in owners:
                raise BuildError(f"{name} is declared in {owners[name].name} and in {path.name}")
            owners[name] = path


def _imports(path: Path, text: str) -> dict[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for names, target in IMPORT.findall(text):
        module = (path.parent / target).resolve()
        found.setdefault(module, set()).update(name.strip() for name in names.split(","))
    return found


def _in_order(sources: dict[Path, str]) -> list[Path]:
    """Dependencies first; among equals by name, so that the bundle is the same every time."""
    done: list[Path] = []
    for path in sorted(sources):
        _visit(path, sources, done, ())
    return done


def _visit(path: Path, sources: dict[Path, str], done: list[Path], above: tuple[Path, ...]) -> None:
    if path in above:
        raise BuildError(
            "modules import each other: " + " → ".join(it.name for it in (*above, path))
        )
    if path not in done:
        for module in sorted(_imports(path, sources[path])):
            if module not in sources:
                raise BuildError(f"{path.name} imports {module.name}, which does not exist")
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
