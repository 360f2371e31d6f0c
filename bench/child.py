"""A program run once: the time that it and its children took."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.runtime import Spent

# What a developer's machine may be told, and no program here should be measured by.
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")


def run(command: Sequence[str], folder: Path) -> Spent:
    """Run a program to its end; raise CalledProcessError, with what it said, where it fails."""
    told = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    since = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder, env=told,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - since
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Spent((used.ru_utime + used.ru_stime) * 1e3, wall * 1e3)
