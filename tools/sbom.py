"""`make sbom`: what ships in each function, as CycloneDX: packages, versions, licences, hash.

    python -m tools.sbom [--aws build/aws] [--out build/sbom]

Made from the built artifacts, so it says what is there and not what was asked for. The pages carry
no code of others. The same artifacts give the same files.
"""

import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from functions.shared import VERSION
from tools import build
from tools.artifact import ROOT, target

MAKER = ROOT / ".venv-sbom" / "bin" / "cyclonedx-py"
SPECIFICATION = "1.6"
OUT = ROOT / "build" / "sbom"


def listed(artifact: Path) -> dict[str, Any]:
    """Give what an unpacked artifact holds, as the maker of SBOMs reads its packages."""
    command = [
        str(MAKER), "environment", "-S", "--no-validate", "--output-reproducible", "--of", "JSON",
        "--sv", SPECIFICATION, "-o", "-", sys.executable,
    ]  # fmt: skip
    told = os.environ | {"PYTHONPATH": str(artifact)}
    done = subprocess.run(command, env=told, capture_output=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def fonts(artifact: Path) -> list[dict[str, Any]]:
    """Give the fonts that a function carries, which no package brings."""
    return [
        {
            "bom-ref": f"font/{path.name}",
            "type": "file",
            "name": path.name,
            "licenses": [{"license": {"id": "OFL-1.1"}}],
            "hashes": [_sha256(path.read_bytes())],
        }
        for path in sorted(artifact.glob("functions/*/fonts/*.ttf"))
    ]


def _sha256(content: bytes) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}


def named(said: dict[str, Any], function: str, hashed: dict[str, str]) -> dict[str, Any]:
    """Say of which artifact a list is; its parts are all that the artifact needs."""
    reference = f"asvi/{function}@{VERSION}"
    component = {
        "bom-ref": reference,
        "type": "application",
        "name": function,
        "version": VERSION,
        "hashes": [hashed],
    }
    parts = [one["bom-ref"] for one in said["components"]]
    needs = [*said.get("dependencies", []), {"ref": reference, "dependsOn": parts}]
    return said | {"metadata": said["metadata"] | {"component": component}, "dependencies": needs}


def write(artifact: Path, code_sha256: str, out: Path) -> Path:
    """Write the list of an artifact; `code_sha256` as Lambda shows it."""
    said = listed(artifact)
    said["components"] += fonts(artifact)
    hashed = {"alg": "SHA-256", "content": base64.b64decode(code_sha256).hex()}
    text = json.dumps(named(said, artifact.name, hashed), indent=1, ensure_ascii=False)
    path = out / f"{artifact.name}.cdx.json"
    path.write_text(text + "\n", "utf-8")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Write a file a function; give 1 where something was not built."""
    parser = argparse.ArgumentParser(description="Lists what ships.")
    parser.add_argument("--aws", type=Path, help="artifacts that are already built")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    if given.aws is None:
        build.functions(build.Options(target()))
    folder = given.aws or build.OUT
    given.out.mkdir(parents=True, exist_ok=True)
    for function, facts in json.loads((folder / build.LIST).read_text())["functions"].items():
        print(write(folder / function, facts["code_sha256"], given.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
