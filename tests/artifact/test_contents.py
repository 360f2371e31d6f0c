"""What an artifact carries, and what it does not."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.artifact.conftest import HERE, Built
from tools import build, reach
from tools.artifact import ROOT, described, folder_of, requirements
from tools.pack import MIB

FUNCTIONS = [
    name
    for name, one in described()["Resources"].items()
    if one["Type"] == "AWS::Serverless::Function"
]
UNCHECKED = 0b01  # PEP 552: the flags of byte code that is never compared with its source
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; (.*?))?\s*\\?$", re.MULTILINE)

pytestmark = pytest.mark.parametrize("function", FUNCTIONS)


def normal(name: str) -> str:
    """Give a package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def carried(built: Built, function: str) -> dict[str, str]:
    """Give the packages of an artifact and their versions."""
    found = built.folder(function).glob("*.dist-info")
    return {normal(name): version for name, _, version in
            (path.name.removesuffix(".dist-info").rpartition("-") for path in found)}  # fmt: skip


def test_packages(built: Built, function: str) -> None:
    """A function carries what its own requirements lock, in those versions, and nothing else."""
    text = requirements(folder_of(function)).read_text()
    locked = {normal(name): version for name, version, only in PINNED.findall(text)
              if "win32" not in only and "Windows" not in only}  # fmt: skip
    assert carried(built, function) == locked


def test_no_strangers(built: Built, function: str) -> None:
    """The typesetter is the letter's alone, the XML reader settlement's; Jinja2 is nowhere."""
    packages = set(carried(built, function))
    assert ("typst" in packages) == (function == "LetterFunction")
    assert ("defusedxml" in packages) == (function == "SettlementFunction")
    assert not packages & {"jinja2", "babel", "moto", "werkzeug", "typer", "awslambdaric"}


def test_own_code_only(built: Built, function: str) -> None:
    """A function carries its own folder and what is shared, never another function's."""
    folders = {path.name for path in (built.folder(function) / "functions").iterdir()}
    own = folder_of(function).name
    assert folders == {"__init__.py", "__pycache__", "shared", own}


def test_byte_code(built: Built, function: str) -> None:
    """Every module has byte code that Lambda trusts, so that a cold start compiles nothing."""
    with zipfile.ZipFile(built.out / f"{function}.zip") as archive:
        names = set(archive.namelist())
        for name in (name for name in names if name.endswith(".py")):
            folder, _, stem = name.rpartition("/")
            tag = f"{stem.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
            compiled = f"{folder}/__pycache__/{tag}".lstrip("/")
            assert compiled in names, name
            assert archive.read(compiled)[4] == UNCHECKED, name


def test_no_trace_of_the_machine(built: Built, function: str) -> None:
    """Nothing says where it was built, and the zip is dated as every other."""
    marks = (str(ROOT).encode(), str(Path.home()).encode() + b"/")
    with zipfile.ZipFile(built.out / f"{function}.zip") as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert Path(entry.filename).name not in ("RECORD", "INSTALLER", "direct_url.json")
            content = archive.read(entry)
            ours = entry.filename.startswith("functions/")
            assert not ours or not any(mark in content for mark in marks), entry.filename


CLIENTS = """
import sys, botocore.session
from botocore.exceptions import UnknownServiceError
session = botocore.session.get_session()
session.set_credentials("nobody", "nothing")
for service in sys.argv[1:]:
    session.create_client(service, region_name="eu-west-3")
try:
    session.create_client("ec2", region_name="eu-west-3")
except UnknownServiceError:
    print("trimmed", botocore.__file__)
"""


def test_clients(built: Built, function: str) -> None:
    """Every AWS service that the code calls is still known to the trimmed SDK; others are gone."""
    services = reach.services(folder_of(function))
    assert services
    done = subprocess.run(
        [sys.executable, "-S", "-c", CLIENTS, *services],
        env={"PYTHONPATH": str(built.folder(function))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(f"trimmed {built.folder(function)}"), done.stderr
    data = built.folder(function) / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == services


def test_budget(built: Built, function: str) -> None:
    """The zip is within its budget, and so are the files: Lambda takes 250 MB and no more."""
    said = json.loads((built.out / build.LIST).read_text())
    assert (said["runtime"], said["architecture"]) == (HERE.runtime, HERE.architecture)
    facts = said["functions"][function]
    assert facts["byte_compiled"]
    assert facts["zipped_bytes"] <= build.budget_of(function) * MIB
    assert facts["unzipped_bytes"] < 250_000_000
