"""On what a run was made: the machine without its name, and versions."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

from bench.places import NPM, PYTHON

PACKAGES = ("aws-lambda-powertools", "botocore", "pydantic", "typst", "jinja2", "babel")
CONTENDERS = (
    "awslambdaric",
    "boto3",
    "chalice",
    "flask",
    "fastapi",
    "mangum",
    "pelican",
    "weasyprint",
)
KITS = ("@11ty/eleventy", "@dynoxide/linux-x64", "@gouvfr/dsfr", "bootstrap", "govuk-frontend")
_VERSION = "from importlib.metadata import version; import sys; print(*map(version, sys.argv[1:]))"


def machine() -> dict[str, str]:
    """Give processor, cores, memory, system and load."""
    facts = Path("/proc/cpuinfo").read_text()
    model = next(
        (line.partition(": ")[2] for line in facts.splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    release = platform.freedesktop_os_release()
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": release.get("PRETTY_NAME", platform.system()),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def versions() -> dict[str, str]:
    """Give the versions of what was measured."""
    found = {"Python": platform.python_version()}
    found |= {name: metadata.version(name) for name in PACKAGES}
    said = _said([str(PYTHON), "-c", _VERSION, *CONTENDERS]).split()
    found |= dict(zip(CONTENDERS, said, strict=True))
    found |= {name: _npm(name) for name in KITS}
    return found | {"Hugo": _said(["hugo", "version"]).split()[1].partition("+")[0]}


def _npm(name: str) -> str:
    text = (NPM / name / "package.json").read_text("utf-8")
    return text.partition('"version": "')[2].partition('"')[0]


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
