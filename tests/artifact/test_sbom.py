"""The list of what ships is true, whole, valid, and the same each time."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.artifact.conftest import Built
from tests.artifact.test_contents import carried, normal
from tools import build, sbom

VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
valid = JsonStrictValidator(SchemaVersion.V1_6)
for path in sys.argv[1:]:
    wrong = valid.validate_str(open(path).read())
    assert wrong is None, wrong
"""


@pytest.fixture(scope="module")
def lists(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the lists of all that was built."""
    out = tmp_path_factory.mktemp("sbom")
    assert sbom.main(["--aws", str(built.out), "--out", str(out)]) == 0
    return out


def read(lists: Path, function: str) -> dict[str, Any]:
    """Read a function's list."""
    said: dict[str, Any] = json.loads((lists / f"{function}.cdx.json").read_text())
    return said


def test_valid(lists: Path) -> None:
    """A list is CycloneDX by the standard's own schema, so that any scanner reads it."""
    python = sbom.MAKER.with_name("python")
    # One of each set of packages: the others differ from them by name and hash alone.
    distinct = ("LetterFunction", "LookupFunction", "SettlementFunction")
    paths = [str(lists / f"{function}.cdx.json") for function in distinct]
    subprocess.run([str(python), "-c", VALIDATE, *paths], check=True)


def test_complete(built: Built, lists: Path) -> None:
    """Each function's list names every package that it carries, with version and licence."""
    for path in lists.iterdir():
        function = path.name.removesuffix(".cdx.json")
        libraries = [one for one in read(lists, function)["components"] if one["type"] == "library"]
        told = {normal(one["name"]): one["version"] for one in libraries}
        assert told == carried(built, function)
        assert all(one["licenses"] and one["purl"] for one in libraries)


def test_of_the_artifact(built: Built, lists: Path) -> None:
    """A list says of which zip it is, by the hash that Lambda shows of what runs."""
    facts = json.loads((built.out / build.LIST).read_text())["functions"]
    assert {path.name.removesuffix(".cdx.json") for path in lists.iterdir()} == set(facts)
    for function, one in facts.items():
        (hashed,) = read(lists, function)["metadata"]["component"]["hashes"]
        assert hashed["content"] == base64.b64decode(one["code_sha256"]).hex()


def test_fonts(lists: Path) -> None:
    """Fonts that no package brings are named too, with their licence."""
    files = [one for one in read(lists, "LetterFunction")["components"] if one["type"] == "file"]
    assert {one["licenses"][0]["license"]["id"] for one in files} == {"OFL-1.1"}
    assert any("Arabic" in one["name"] for one in files)


def test_same_again(built: Built, lists: Path, tmp_path: Path) -> None:
    """The same artifact gives the same list, byte for byte."""
    facts = json.loads((built.out / build.LIST).read_text())["functions"]["LetterFunction"]
    again = sbom.write(built.folder("LetterFunction"), facts["code_sha256"], tmp_path)
    assert again.read_bytes() == (lists / again.name).read_bytes()
