"""Hold the templates against checkov's rules: no finding but those of infra/accepted.toml.

checkov stands beside the SAM CLI in .venv-sam, for both pin what the functions use otherwise.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "infra" / "accepted.toml"
TEMPLATES = ("infra/template.yaml", "infra/edge.yaml")
COMMAND = (
    ".venv-sam/bin/checkov", "--skip-download", "--framework", "cloudformation", "--compact",
    "--quiet", "--soft-fail", "--output", "json", "--file", *TEMPLATES,
)  # fmt: skip
Findings = set[tuple[str, str]]


def found() -> Findings:
    """Let checkov look, and give its findings as pairs of rule and resource."""
    ran = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)
    failed = report["results"]["failed_checks"]
    return {(one["check_id"], one["resource"].rpartition(".")[2]) for one in failed}


def accepted(path: Path = ACCEPTED) -> Findings:
    """Give the findings that we keep; raise ValueError for one without a reason."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    if nameless := [rule for rule, one in listed.items() if not one.get("reason")]:
        raise ValueError(f"no reason for {', '.join(nameless)}")
    return {(rule, resource) for rule, one in listed.items() for resource in one["resources"]}


def compared(now: Findings, kept: Findings) -> list[str]:
    """Say what differs, a line each."""
    new = [f"{rule} {resource}: mend it, or say why not" for rule, resource in sorted(now - kept)]
    gone = [f"{rule} {resource}: no longer found" for rule, resource in sorted(kept - now)]
    return new + gone


def main() -> int:
    """Compare; give 1 and say what differs."""
    lines = compared(found(), accepted())
    for line in lines:
        print(f"infra/accepted.toml: {line}")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
