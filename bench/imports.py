"""What a function imports, by package: Python's own account (`-X importtime`)."""

import re
import subprocess
import sys
from collections import Counter

from bench.figures import Table, of
from bench.places import ISOLATED
from bench.processes import Process
from tests.simulation.deployment import environment

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +([\w.]+)")
OURS, STANDARD = "this portal's code", "Python's standard library"
MOST_ROWS = 10
# As in Lambda, no garbage is looked for meanwhile; but no client is made, which is no import.
_PROGRAM = "import gc; gc.disable(); import "


def table(process: Process, times: int) -> Table:
    """Give where the time of importing a function goes: each package's own modules."""
    runs = [_run(process) for _ in range(times)]
    names = sorted({name for run in runs for name in run}, key=lambda name: -runs[0][name])
    rows = tuple(
        (name, (of([run[name] / 1e3 for run in runs], "ms"),)) for name in names[:MOST_ROWS]
    )
    return Table(f"What the {process.name} function imports, by package", ("own time, wall",), rows)


def _run(process: Process) -> Counter[str]:
    ran = subprocess.run(
        [*ISOLATED, "-X", "importtime", "-c", _PROGRAM + process.handler.rpartition(".")[0]],
        env=environment() | {"PYTHONPATH": ":".join(map(str, process.path))},
        stderr=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    spent: Counter[str] = Counter()
    for line in ran.stderr.splitlines():
        if found := _LINE.match(line):
            spent[_package(found[2])] += int(found[1])
    return spent


def _package(module: str) -> str:
    first = module.partition(".")[0]
    if first == "functions":
        return OURS
    return STANDARD if first in sys.stdlib_module_names or first.startswith("_") else first
