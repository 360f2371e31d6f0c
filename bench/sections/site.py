"""The pages: how long they take to build, beside other builders of as many of the same content."""

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from bench import child
from bench.builders import eleventy, hugo, pages, pelican
from bench.figures import Cell, Section, Table, Target, of, ratio
from bench.places import BUILD, ROOT
from bench.rounds import Scale, interleaved
from bench.runtime import Spent

FOLDER = BUILD / "site"
TREE = FOLDER / "tree"
OURS = "this portal"
AGAIN = "this portal, templates compiled before"
CHANGED = "this portal, one sentence changed"
BOUND = 1.5
ABOUT = """\
Every builder starts anew for each build and writes all pages of all languages into an empty folder;
the others get the portal's own pages, what stands in `main` as content and the rest as one layout.
They know nothing of catalogues, so for each page the portal's builder does more than they. *One
sentence changed* builds into the folder of the build before."""


@dataclass(frozen=True, slots=True)
class Builder:
    """A builder: its command, the folder that it runs in, and what happens before each build."""

    command: Sequence[str]
    folder: Path
    before: Callable[[], None]

    def __call__(self) -> Spent:
        """Build once."""
        self.before()
        return child.run(self.command, self.folder)


def measure(scale: Scale) -> Section:
    """Measure builds by turns."""
    section = Section("site", "Building the pages", ABOUT)
    builders = _ours()
    builders[OURS]()
    made, layout = pages.taken_apart(FOLDER / "out")
    others = (hugo, pelican, eleventy)
    builders |= {one.NAME: _other(one, made, layout) for one in others}
    found = interleaved(builders, scale.of(15, 3), scale.bar)
    _check(len(made), (one.NAME for one in others))
    section.tables.append(_table(found, len(made)))
    walls = {name: [one.wall_ms for one in runs] for name, runs in found.items()}
    measured = ratio(walls[OURS], walls[hugo.NAME]).median
    section.targets.append(Target("time a page ÷ Hugo's", BOUND, measured))
    for one in (pelican, eleventy):
        measured = ratio(walls[OURS], walls[one.NAME]).median
        section.targets.append(Target(f"time a page ÷ {one.NAME}'s", 1, measured))
    return section


def _ours() -> dict[str, Builder]:
    """Copy what the pages are made of, so that nothing of the tree is touched."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("site", "locales", "functions/shared/rules"):
        shutil.copytree(ROOT / name, TREE / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("openapi.json", "functions/__init__.py", "functions/shared/__init__.py"):
        shutil.copy(ROOT / name, TREE / name)
    command = [sys.executable, "site/build.py", "--out", str(FOLDER / "out")]
    out, compiled = FOLDER / "out", TREE / "build" / "templates"
    return {
        OURS: Builder(command, TREE, partial(_forget, out, compiled)),
        AGAIN: Builder(command, TREE, partial(_forget, out)),
        CHANGED: Builder(command, TREE, _change),
    }


def _forget(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _change() -> None:
    """Change the last sentence of a catalogue."""
    path = TREE / "locales" / "fr" / "LC_MESSAGES" / "site.po"
    text = path.read_text("utf-8").rstrip()
    path.write_text(f"{text.removesuffix(chr(34))}.{chr(34)}\n", "utf-8")


def _other(one: ModuleType, made: Sequence[pages.Page], layout: str) -> Builder:
    folder, out = FOLDER / one.NAME, FOLDER / f"{one.NAME}-out"
    one.write(folder, made, layout)
    return Builder(one.command(folder, out), folder, partial(_forget, out))


def _check(wanted: int, names: Iterable[str]) -> None:
    """See that everybody built every page."""
    for name in names:
        built = len(list((FOLDER / f"{name}-out").rglob("*.html")))
        if built < wanted:
            raise ValueError(f"{name} built {built} pages of {wanted}")


def _table(found: dict[str, list[Spent]], number: int) -> Table:
    base = [one.wall_ms for one in found[hugo.NAME]]
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for name, runs in found.items():
        walls = [one.wall_ms for one in runs]
        cpus = of([one.cpu_ms for one in runs], "ms")
        a_page = of([wall / number for wall in walls], "ms")
        rows.append((name, (of(walls, "ms"), a_page, ratio(walls, base), cpus)))
    columns = ("wall", "a page", "÷ Hugo", "CPU")
    return Table(f"Building {number} pages", columns, tuple(rows))
