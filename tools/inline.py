"""Put infra/edge/page-address.js into the template; `--check` compares instead.

CloudFormation takes a CloudFront Function as text only, and text inside YAML is no place to write
a program.
"""

import re
import sys
from pathlib import Path

INFRA = Path(__file__).resolve().parent.parent / "infra"
TEMPLATE = INFRA / "template.yaml"
SOURCE = INFRA / "edge" / "page-address.js"
_BLOCK = re.compile(r"(?<=      FunctionCode: !Sub \|\n)(?:        .*\n|\n)+?(?=\n  \S)")
_INDENT = " " * 8
# All that CloudFormation may replace in it: any other would be replaced too.
PLACES = {"${Languages}"}


def inlined(template: str, source: str) -> str:
    """Give the template with the program in its place; raise ValueError for a stray `${...}`."""
    if set(re.findall(r"\$\{[^}]*\}", source)) != PLACES:
        raise ValueError("CloudFormation would replace other places than ${Languages}")
    lines = (f"{_INDENT}{line}" if line else "" for line in source.splitlines())
    block = "\n".join(lines) + "\n"
    (_,) = _BLOCK.findall(template)
    return _BLOCK.sub(lambda _: block, template)


def main() -> int:
    """Write the template, or with `--check` say whether it holds the program as it stands."""
    before = TEMPLATE.read_text(encoding="utf-8")
    after = inlined(before, SOURCE.read_text(encoding="utf-8"))
    if "--check" not in sys.argv[1:]:
        TEMPLATE.write_text(after, encoding="utf-8")
        return 0
    if before == after:
        return 0
    print(f"{SOURCE} is not what infra/template.yaml holds: make infra")
    return 1


if __name__ == "__main__":
    sys.exit(main())
