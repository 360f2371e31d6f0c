"""Take up what changes in the tree while the stack runs: `make dev`.

Pages are built anew, functions start afresh; what only a start reads is named in a line.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from local import programs, stack
from local.pool import Pool
from local.process import Failed
from local.settings import ROOT, Settings, Unusable
from local.stack import Stack

POLL_SECONDS = 0.5
LANGUAGES = "functions/shared/rules/languages.py"
# What the build of the pages reads, and what only a start does.
PAGES = ("site/", "locales/", "openapi.json", LANGUAGES)
FUNCTIONS = ("functions/",)
AT_START = ("infra/template.yaml", "local/")
WATCHED = ("site", "locales", "openapi.json", "functions", "infra/template.yaml", "local")
Tree = dict[str, tuple[int, int]]


def watch(running: Stack, settings: Settings) -> None:
    """Act on each change until somebody stops it; raise Unusable where the card page ends."""
    known = tree(ROOT)
    print("Watching site/, locales/, openapi.json and functions/ for changes.", flush=True)
    while True:
        stack.check(running, settings)
        time.sleep(POLL_SECONDS)
        found = tree(ROOT)
        act(changed(known, found), running, settings)
        known = found


def act(paths: list[str], running: Stack, settings: Settings) -> None:
    """Do what the change of some files asks for, and say so in a line each."""
    if pages := _under(PAGES, paths):
        print(f"{_named(pages)}: {_rebuild(settings)}", flush=True)
    if functions := _under(FUNCTIONS, paths):
        print(f"{_named(functions)}: {_restart(running, settings)}", flush=True)
    if others := _under(AT_START, paths):
        print(f"{_named(others)}: stop and start again to use it.", flush=True)


def changed(before: Tree, after: Tree) -> list[str]:
    """Name the files that differ, that are new and that are no more."""
    return sorted(path for path in before | after if before.get(path) != after.get(path))


def tree(root: Path) -> Tree:
    """Give the time and size of each watched file under `root`, by its path there."""
    return {
        str(path.relative_to(root)): told
        for name in WATCHED
        for path in _files(root / name)
        if (told := _told(path))
    }


def _files(path: Path) -> Iterator[Path]:
    """Give a file, or those of a folder, but for what Python and editors leave there."""
    if path.is_file():
        yield path
    for folder, inner, names in os.walk(path):
        inner[:] = [name for name in inner if name != "__pycache__" and name[0] != "."]
        yield from (Path(folder, name) for name in names if name[0] != "." and name[-1] != "~")


def _told(path: Path) -> tuple[int, int] | None:
    """Give a file's time of change and size; None where it went away meanwhile."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_mtime_ns, facts.st_size


def _under(places: tuple[str, ...], paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith(places)]


def _named(paths: list[str]) -> str:
    """Name the first of some files, and count the others."""
    return paths[0] + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")


def _rebuild(settings: Settings) -> str:
    """Build the pages, and say how that ended; a build that fails leaves the old ones."""
    with ExitStack() as parts:
        building = stack.begun(programs.build_site, settings, parts)
        try:
            programs.finish(building)
        except Unusable as error:
            return str(error)
    return "pages built."


def _restart(running: Stack, settings: Settings) -> str:
    """Start the functions afresh, and say which do not load."""
    for pool in running.pools.values():
        pool.renew()
    broken = [name for name, pool in running.pools.items() if not _loads(pool)]
    log = settings.functions_log.relative_to(ROOT)
    return f"{', '.join(broken)} does not load, see {log}." if broken else "functions restarted."


def _loads(pool: Pool) -> bool:
    try:
        pool.load()
    except Failed:
        return False
    return True
