"""The functions as they are deployed, for this machine's processor and Python."""

import fcntl
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import build
from tools.artifact import ROOT, Target

HERE = Target(
    f"python{sys.version_info.major}.{sys.version_info.minor}",
    "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64",
)
OUT = ROOT / "build" / "aws-here"


@dataclass(frozen=True, slots=True)
class Built:
    """What `make build` made: a folder a function, and a zip of each."""

    out: Path

    def folder(self, function: str) -> Path:
        """Give the unpacked artifact of a function, as Lambda has it in /var/task."""
        return self.out / function


@contextmanager
def _alone() -> Iterator[None]:
    """Let one of the processes that run the tests build, while the others wait."""
    OUT.parent.mkdir(exist_ok=True)
    with (OUT.parent / "aws-here.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def built(testrun_uid: str) -> Built:
    """Build every function once a run of the tests."""
    mark = OUT.parent / "aws-here.run"
    with _alone():
        if not mark.exists() or mark.read_text() != testrun_uid:
            build.functions(build.Options(HERE, OUT))
            mark.write_text(testrun_uid)
    return Built(OUT)
