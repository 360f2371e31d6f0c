"""`make build`: the functions' artifacts by `sam build`, and the pages as a stage has them.

    python -m tools.build [--stage dev] [--runtime python3.14] [--architecture arm64] [--out DIR]

Needs no Docker and no Python of the runtime's version: the wheels are fetched for it. Ends with 1
where an artifact is over its budget.
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tools import stages
from tools.artifact import ROOT, TEMPLATE, Target, described, target
from tools.pack import MIB, Packed, pack

SAM = ROOT / ".venv-sam" / "bin" / "sam"
OUT = ROOT / "build" / "aws"
LIST = "artifacts.json"
# Zipped MiB: what a cold start has to fetch. The letter's typesetter is one library of 79 MB.
BUDGET_MIB = 9
BUDGETS_MIB = {"LetterFunction": 46}


@dataclass(frozen=True, slots=True)
class Options:
    """What to build for, and where to."""

    wanted: Target
    out: Path = OUT


class BuildError(Exception):
    """Something was not built; the message says what to mend."""


def functions(options: Options) -> dict[str, Packed]:
    """Build and pack every function; give each by its name in the template. Raise BuildError."""
    options.out.mkdir(parents=True, exist_ok=True)
    _sam_build(options)
    resources = described()["Resources"].items()
    names = [name for name, one in resources if one["Type"] == "AWS::Serverless::Function"]
    with ThreadPoolExecutor() as threads:
        made = threads.map(
            lambda name: pack(options.out / name, options.out / f"{name}.zip"), names
        )
        packed = dict(zip(names, made, strict=True))
    _name_zips(options.out / "template.yaml", names)
    (options.out / LIST).write_text(_listed(options.wanted, packed))
    return packed


def _sam_build(options: Options) -> None:
    told = {
        "ASVI_RUNTIME": options.wanted.runtime,
        "ASVI_ARCHITECTURE": options.wanted.architecture,
        "SAM_CLI_TELEMETRY": "0",
    }
    command = [
        str(SAM), "build", "--template", str(TEMPLATE), "--build-dir", str(options.out),
        "--parallel", "--no-cached", "--parameter-overrides",
        f"PythonRuntime={options.wanted.runtime}", f"Architecture={options.wanted.architecture}",
    ]  # fmt: skip
    done = subprocess.run(
        command, env=os.environ | told, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise BuildError(f"{done.stdout}{done.stderr}sam build failed: the lines above say why.")


def _name_zips(template: Path, names: list[str]) -> None:
    """Let the built template name the zips: SAM's own would differ from machine to machine."""
    text = template.read_text("utf-8")
    for name in names:
        if text.count(f"CodeUri: {name}\n") != 1:
            raise BuildError(f"{template} does not name {name} once")
        text = text.replace(f"CodeUri: {name}\n", f"CodeUri: {name}.zip\n")
    template.write_text(text, "utf-8")


def _listed(wanted: Target, packed: dict[str, Packed]) -> str:
    """Give the list that stands beside the artifacts, for whoever compares with what runs."""
    facts = {
        name: {
            "code_sha256": one.code_sha256,
            "zipped_bytes": one.zipped_bytes,
            "unzipped_bytes": one.unzipped_bytes,
            "byte_compiled": one.compiled >= one.modules,
        }
        for name, one in packed.items()
    }
    return json.dumps(asdict(wanted) | {"functions": facts}, indent=1) + "\n"


def over_budget(packed: dict[str, Packed]) -> list[str]:
    """Say which artifacts are too large, one line each."""
    return [
        f"{name} has {one.zipped_bytes / MIB:.1f} MiB, more than its {budget_of(name)} MiB: "
        "see what it carries (sbom), or raise the budget with a reason in tools/build.py"
        for name, one in packed.items()
        if one.zipped_bytes > budget_of(name) * MIB
    ]


def budget_of(name: str) -> int:
    """Give a function's budget in MiB, zipped."""
    return BUDGETS_MIB.get(name, BUDGET_MIB)


def table(wanted: Target, packed: dict[str, Packed]) -> str:
    """Give what a person reads: sizes, budgets, hashes, and whether byte code is there."""
    lines = [f"{'function':<22}{'zip MiB':>8}{'budget':>8}{'MiB':>8}  CodeSha256"]
    lines += [
        f"{name:<22}{one.zipped_bytes / MIB:>8.1f}{budget_of(name):>8}"
        f"{one.unzipped_bytes / MIB:>8.1f}  {one.code_sha256}"
        for name, one in packed.items()
    ]
    if all(one.compiled >= one.modules for one in packed.values()):
        lines.append(f"Byte-compiled by {wanted.runtime}.")
    else:
        lines.append(
            f"NOT byte-compiled: there is no {wanted.runtime} on this machine. It would run as it "
            "is, but each cold start would compile what it imports: about twice as long."
        )
    return "\n".join(lines)


def site(stage: str, out: Path) -> None:
    """Build the pages as a stage has them; production refuses model text. Raise BuildError."""
    given = stages.parameters(stage)
    if "PortalUrl" not in given:
        raise BuildError(
            f"infra/samconfig.toml gives no PortalUrl for {stage}, so its pages cannot be built."
        )
    command = [sys.executable, "site/build.py", "--out", str(out)]
    command += ["--portal-url", given["PortalUrl"], "--languages", given["Languages"]]
    command += ["--production"] if stage == "production" else []
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{done.stderr}The pages of {stage} were not built.")
    print(f"Pages of {stage}, for {given['PortalUrl']}: {out}")


def site_of(stage: str) -> Path:
    """Give where the pages of a stage are built."""
    return ROOT / "build" / f"site-{stage}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    default = target()
    parser = argparse.ArgumentParser(description="Builds what is deployed.")
    parser.add_argument("--stage", choices=stages.STAGES, default="dev")
    parser.add_argument("--runtime", default=default.runtime)
    parser.add_argument("--architecture", default=default.architecture)
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Build, and say what was built; give 1 where something is wrong."""
    given = _options(arguments)
    wanted = Target(given.runtime, given.architecture)
    try:
        packed = functions(Options(wanted, given.out.resolve()))
        print(table(wanted, packed))
        site(given.stage, site_of(given.stage))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    problems = over_budget(packed)
    print("\n".join(problems), file=sys.stderr)
    return min(len(problems), 1)


if __name__ == "__main__":
    sys.exit(main())
