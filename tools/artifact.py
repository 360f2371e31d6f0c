"""Make the artifact of one function, as `sam build` asks `functions/Makefile` to.

    python -m tools.artifact LookupFunction DIRECTORY

The same commit gives the same files: what an installer writes about itself is left out, and byte
code says neither where nor when it was made.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.loaders import Loader
from samtranslator.yaml_helper import yaml_parse

from local import bootstrap
from tools import reach

Json = dict[str, Any]
ROOT = bootstrap.ROOT
TEMPLATE = ROOT / "infra" / "template.yaml"
FUNCTIONS = ROOT / "functions"
PACKAGES = ROOT / "build" / "packages"
# AL2023, on which Python 3.12 and newer run, has glibc 2.34; the wheels ask for less.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
# Lambda unpacks an artifact here: tracebacks then name what stands there.
TASK_ROOT = "/var/task"
OF_THE_INSTALLER = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
NOT_SHIPPED = ("__pycache__", "Makefile", "requirements.txt", "README.md")


@dataclass(frozen=True, slots=True)
class Target:
    """What an artifact is for: a runtime, as in `python3.14`, and a processor."""

    runtime: str
    architecture: str

    @property
    def version(self) -> str:
        """The runtime's version of Python, as in `3.14`."""
        return self.runtime.removeprefix("python")

    @property
    def interpreter(self) -> str | None:
        """A Python of the runtime's version on this machine, whose byte code Lambda can read."""
        return shutil.which(self.runtime)


def target() -> Target:
    """Give what to build for: as the environment says, else the template's defaults."""
    given = described()["Parameters"]
    return Target(
        os.environ.get("ASVI_RUNTIME") or given["PythonRuntime"]["Default"],
        os.environ.get("ASVI_ARCHITECTURE") or given["Architecture"]["Default"],
    )


def make(folder: Path, into: Path, wanted: Target) -> None:
    """Put all that a function needs into `into`; `folder` is the function's own."""
    services = reach.services(folder)
    for source in packages(requirements(folder), wanted).iterdir():
        _copy(source, into / source.name, lambda path, names: _unused(path, names, services))
    trim_endpoints(into / "botocore" / "data" / "endpoints.json", services)
    (into / "functions").mkdir()
    shutil.copy(FUNCTIONS / "__init__.py", into / "functions")
    for source in (FUNCTIONS / "shared", folder):
        _copy(source, into / "functions" / source.name, shutil.ignore_patterns(*NOT_SHIPPED))
    compile_bytes(into / "functions", into, wanted)


def requirements(folder: Path) -> Path:
    """Give the locked requirements of a function: its own, else those of all."""
    own = folder / "requirements.txt"
    return own if own.exists() else FUNCTIONS / "requirements.txt"


def packages(locked: Path, wanted: Target) -> Path:
    """Give a folder with the packages of a requirements file, made once for all functions."""
    recipe = Path(__file__).read_text()
    told = f"{locked.read_text()}{recipe}{wanted}{wanted.interpreter}".encode()
    target = PACKAGES / hashlib.sha256(told).hexdigest()[:16]
    PACKAGES.mkdir(parents=True, exist_ok=True)
    with (PACKAGES / "lock").open("w") as lock:  # sam builds several functions at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            coming = Path(tempfile.mkdtemp(dir=PACKAGES))
            install(locked, coming, wanted)
            tidy(coming)
            compile_bytes(coming, coming, wanted)
            coming.rename(target)
    return target


def install(locked: Path, into: Path, wanted: Target) -> None:
    """Fetch the wheels of a target, each checked by its hash; nothing is compiled from source."""
    command = [
        str(bootstrap.UV), "pip", "install", "--quiet", "--target", str(into), "--no-deps",
        "--python-platform", PLATFORMS[wanted.architecture], "--python-version", wanted.version,
        "--only-binary", ":all:", "--require-hashes", "--link-mode", "copy", "-r", str(locked),
    ]  # fmt: skip
    subprocess.run(command, check=True, env=os.environ | bootstrap.indexes())


def tidy(into: Path) -> None:
    """Leave out what an installer writes about itself, and the packages' own commands."""
    shutil.rmtree(into / "bin", ignore_errors=True)
    (into / ".lock").unlink(missing_ok=True)
    for path in into.glob("*.dist-info/*"):
        if path.name in OF_THE_INSTALLER:
            path.unlink()


def compile_bytes(part: Path, into: Path, wanted: Target) -> None:
    """Compile the modules of a part, so that no cold start has to; they are never compared again.

    Nothing is done where no Python of the runtime's version is here to do it.
    """
    if wanted.interpreter:
        command = [
            wanted.interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
            "-s", str(into), "-p", TASK_ROOT, str(part),
        ]  # fmt: skip
        # A set's order, and so the byte code that holds one, follows the seed of hashes.
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})


def _copy(source: Path, target: Path, ignore: Callable[[str, list[str]], Iterable[str]]) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=ignore)
    else:
        shutil.copy(source, target)


def _unused(folder: str, names: list[str], services: set[str]) -> list[str]:
    """Name what the SDK knows of AWS's other services: 25 MB of 27."""
    place = Path(folder)
    if (place.parent.name, place.name) != ("botocore", "data"):
        return []
    return [name for name in names if (place / name).is_dir() and name not in services]


def trim_endpoints(known: Path, services: set[str]) -> None:
    """Leave out where AWS's other services are: a cold start would read a megabyte of it."""
    models = Loader()
    wanted = {
        models.load_service_model(service, "service-2")["metadata"]["endpointPrefix"]
        for service in services
    }
    places = json.loads(known.read_text("utf-8"))
    for partition in places["partitions"]:
        of_all = partition["services"]
        partition["services"] = {name: of_all[name] for name in sorted(wanted & of_all.keys())}
    known.write_text(json.dumps(places, separators=(",", ":")), "utf-8")


def folder_of(function: str) -> Path:
    """Give the folder of a function of the template; raise LookupError for a stranger."""
    resource = described()["Resources"].get(function, {})
    if resource.get("Type") != "AWS::Serverless::Function":
        raise LookupError(f"infra/template.yaml has no function {function}")
    return FUNCTIONS / str(resource["Properties"]["Handler"]).split(".")[1]


def described() -> Json:
    """Give the template as written."""
    written: Json = yaml_parse(TEMPLATE.read_text("utf-8"))
    return written


if __name__ == "__main__":
    make(folder_of(sys.argv[1]), Path(sys.argv[2]), target())
