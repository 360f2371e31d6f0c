"""Write docs/permissions.md: every policy of the template, as AWS gets it after SAM's transform.

`--check` compares instead. Whoever changes a permission sees the change here, in a form that can
be reviewed.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from local import template
from local.template import Json, Template

TARGET = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """\
# Who may do what

Written by `make infra` from `infra/template.yaml` after SAM's transform; `make check`
compares. The tests hold that a function calls nothing that it may not, and may call nothing that
it does not (`tests/infra/test_permissions.py`).
"""
_PLACE = re.compile(r"\$\{(?:AWS::)?([A-Za-z]+)(?:\.Arn)?\}")
# Of an ARN everybody's part: which cloud, region and account.
_HERE = re.compile(r"arn:Partition:|:Region:AccountId|:AccountId")
INLINE = "AWS::IAM::Role"
MANAGED = "AWS::IAM::ManagedPolicy"
INVOKED = "AWS::Lambda::Permission"
ON_RESOURCES = (
    "AWS::KMS::Key", "AWS::Logs::ResourcePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One action on one resource. `who` is a role, or a principal where a resource says it."""

    holder: str
    effect: str
    who: str
    action: str
    resource: str
    condition: str = ""


def rights(read: Template) -> list[Right]:
    """Give every right that the template gives or denies."""
    found = [*_of_roles(read), *_of_managed(read), *_of_resources(read), *_of_functions(read)]
    return sorted(set(found))


def text(node: Any) -> str:  # noqa: ANN401, PLR0911 - any JSON; one return for each form
    """Write a value of the template as a person reads it: resources by their own names."""
    match node:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Arn"]}:
            return name.removeprefix("AWS::")
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(written)}:
            return _short(_PLACE.sub(r"\1", written))
        case {"Fn::Sub": [str(written), dict(given)]}:
            for name, value in given.items():
                written = written.replace(f"${{{name}}}", text(value))
            return _short(_PLACE.sub(r"\1", written))
        case {"Fn::Select": [int(place), {"Fn::Split": [str(mark), value]}]}:
            return f"{text(value)} after {mark}" if place else f"{text(value)} before {mark}"
        case list():
            return ", ".join(sorted(map(text, node)))
        case dict():
            return "; ".join(f"{name} {text(value)}" for name, value in sorted(node.items()))
    return str(node)


def _short(arn: str) -> str:
    return _HERE.sub("", arn)


def _statements(document: Json, holder: str, whole: str = "") -> Iterator[Right]:
    """Spread a policy document; `whole` is what `*` means where a resource speaks of itself."""
    for one in document["Statement"]:
        for action in _list(one["Action"]):
            for resource in _list(one.get("Resource", "*")):
                named = text(resource)
                yield Right(
                    holder,
                    one["Effect"],
                    text(one.get("Principal", "")),
                    text(action),
                    whole if whole and named == "*" else named,
                    text(one.get("Condition", "")),
                )


def _list(node: Any) -> list[Any]:  # noqa: ANN401 - likewise
    return node if isinstance(node, list) else [node]


def _of_roles(read: Template) -> Iterator[Right]:
    for name, role in read.resources(INLINE).items():
        yield from _statements(role["AssumeRolePolicyDocument"], name, name)
        for policy in role.get("Policies", []):
            yield from _statements(policy["PolicyDocument"], name)
        for managed in role.get("ManagedPolicyArns", []):
            yield Right(name, "Allow", "", f"what {text(managed)} allows", "")


def _of_managed(read: Template) -> Iterator[Right]:
    for name, policy in read.resources(MANAGED).items():
        yield from _statements(policy["PolicyDocument"], name)


def _of_resources(read: Template) -> Iterator[Right]:
    for kind in ON_RESOURCES:
        for name, properties in read.resources(kind).items():
            document = properties.get("PolicyDocument") or properties["KeyPolicy"]
            if "Fn::Sub" in document:
                document = json.loads(_PLACE.sub(r"\1", document["Fn::Sub"]))
            yield from _statements(document, name, name)


def _of_functions(read: Template) -> Iterator[Right]:
    for properties in read.resources(INVOKED).values():
        function = text(properties["FunctionName"])
        source = text(properties.get("SourceArn", ""))
        action = properties["Action"]
        yield Right(function, "Allow", properties["Principal"], action, function, f"from {source}")


def written(read: Template) -> str:
    """Give the page."""
    lines = [HEAD]
    for holder, of_holder in groupby(rights(read), key=lambda one: one.holder):
        lines += [f"## {holder}\n", "| | who | may | on | if |", "|---|---|---|---|---|"]
        ordered = sorted(of_holder, key=_but_for_action)
        for (effect, who, resource, condition), same in groupby(ordered, key=_but_for_action):
            actions = ", ".join(one.action for one in same)
            lines.append(f"| {effect} | {who} | {actions} | {resource} | {condition} |")
        lines.append("")
    return "\n".join(lines).removesuffix("\n") + "\n"


def _but_for_action(one: Right) -> tuple[str, str, str, str]:
    return one.effect, one.who, one.resource, one.condition


def main() -> int:
    """Write the page, or with `--check` say whether it is the one that the template gives."""
    os.environ.setdefault("AWS_DEFAULT_REGION", template.REGION)
    page = written(template.read())
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(page, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == page:
        return 0
    print("docs/permissions.md is not what infra/template.yaml allows: make infra, and review")
    return 1


if __name__ == "__main__":
    sys.exit(main())
