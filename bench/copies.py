"""What is measured, laid out as Lambda would have it: byte-compiled, each function by itself."""

import platform
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from bench.places import BUILD, HERE, PACKAGES
from local import template
from tools import artifact

CLIENT = ("awslambdaric", "runtime_client*", "simplejson", "snapshot_restore_py*")
_CACHED = shutil.ignore_patterns("__pycache__")
ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64"}


def functions(*names: str) -> dict[str, Path]:
    """Make the artifacts of functions, by their folders' names, as `make build` does.

    For this machine's Python and processor; those of the template run nowhere but on Lambda.
    """
    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(_function, names), strict=True))


@cache
def _function(name: str) -> Path:
    into = _emptied(BUILD / "functions" / name)
    artifact.make(artifact.FUNCTIONS / name, into, wanted())
    return into


def wanted() -> artifact.Target:
    """Give this machine's Python and processor."""
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return artifact.Target(runtime, ARCHITECTURES.get(platform.machine(), "x86_64"))


@cache
def client() -> Path:
    """Copy Lambda's runtime client by itself, so that it brings no other package with it."""
    into = _emptied(BUILD / "client")
    for pattern in CLIENT:
        for source in PACKAGES.glob(pattern):
            if source.is_dir():
                shutil.copytree(source, into / source.name)
            elif source.suffix != ".dist-info":
                shutil.copy(source, into)
    artifact.compile_bytes(into, into, wanted())
    return into


@cache
def contenders() -> Path:
    """Copy the contenders' handlers; their packages are those of their environment."""
    into = _emptied(BUILD / "contenders")
    shutil.copytree(HERE / "contenders", into / "bench" / "contenders", ignore=_CACHED)
    shutil.copy(HERE / "__init__.py", into / "bench")
    artifact.compile_bytes(into, into, wanted())
    return into


def handlers() -> dict[str, str]:
    """Give each function's handler by its folder's name."""
    named = [function.handler for function in template.read().functions()]
    return {handler.split(".")[1]: handler for handler in named}


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
