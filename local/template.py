"""Read `infra/template.yaml`: the functions, their routes and streams, as the deployment has them.

The SAM transform is AWS's own (`samtranslator`). What refers to resources stays unresolved here;
`local.resources` lets CloudFormation resolve it.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from local.settings import ROOT

PATH = ROOT / "infra" / "template.yaml"
REGION = "eu-west-3"
ACCOUNT = "123456789012"
DEFAULT_TIMEOUT_SECONDS = 3
DEFAULT_MEMORY_MB = 128
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function. The values of `environment` may be CloudFormation intrinsics."""

    name: str
    handler: str
    timeout_seconds: int
    memory_mb: int
    environment: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """A function's subscription to the table's stream. No `patterns`: every record."""

    function: str
    patterns: tuple[Json, ...]
    batch_size: int
    retries: int
    halves_on_error: bool
    reports_failures: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """A function's schedule: a rate, and the JSON that it is called with."""

    function: str
    expression: str
    content: str


@dataclass(frozen=True, slots=True)
class Template:
    """The template as written (`source`) and as plain CloudFormation (`plain`)."""

    source: Json
    plain: Json

    def resources(self, kind: str) -> dict[str, Json]:
        """Give the resources of a type, with their properties, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.plain["Resources"].items()
            if resource["Type"] == kind
        }

    def functions(self) -> tuple[Function, ...]:
        """Give every function."""
        return tuple(
            Function(
                name=name,
                handler=properties["Handler"],
                timeout_seconds=int(properties.get("Timeout", DEFAULT_TIMEOUT_SECONDS)),
                memory_mb=int(properties.get("MemorySize", DEFAULT_MEMORY_MB)),
                environment=properties.get("Environment", {}).get("Variables", {}),
            )
            for name, properties in self.resources("AWS::Lambda::Function").items()
        )

    def routes(self) -> dict[tuple[str, str], str]:
        """Give the function of each (method, path) of the HTTP API."""
        return {
            (event["Method"].upper(), event["Path"]): function
            for function, resource in self.source["Resources"].items()
            for event in _events(resource, "HttpApi")
        }

    def streams(self) -> tuple[Stream, ...]:
        """Give the subscriptions to the table's stream."""
        return tuple(
            _stream(properties)
            for properties in self.resources("AWS::Lambda::EventSourceMapping").values()
        )

    def schedules(self) -> tuple[Schedule, ...]:
        """Give the schedules of the functions."""
        return tuple(
            Schedule(function, event["ScheduleExpression"], event.get("Input", "{}"))
            for function, resource in self.source["Resources"].items()
            for event in _events(resource, "ScheduleV2")
        )


class _NoPolicies:
    """Stands for AWS's list of managed policies, which the template does not use by name."""

    def load(self) -> dict[str, str]:
        return {}


def read(path: Path = PATH) -> Template:
    """Read the template and expand it to plain CloudFormation."""
    text = path.read_text(encoding="utf-8")
    expanded = yaml_parse(text)
    # The transform wants code that was uploaded; nothing here reads this address.
    expanded["Globals"]["Function"]["CodeUri"] = "s3://local/functions"
    return Template(yaml_parse(text), transform(expanded, {}, _NoPolicies()))


def _events(resource: Json, kind: str) -> list[Json]:
    events = resource.get("Properties", {}).get("Events", {}).values()
    return [event["Properties"] for event in events if event["Type"] == kind]


def _stream(properties: Json) -> Stream:
    filters = properties.get("FilterCriteria", {}).get("Filters", [])
    return Stream(
        function=properties["FunctionName"]["Ref"],
        patterns=tuple(json.loads(entry["Pattern"]) for entry in filters),
        batch_size=int(properties.get("BatchSize", 100)),
        retries=int(properties.get("MaximumRetryAttempts", 3)),
        halves_on_error=bool(properties.get("BisectBatchOnFunctionError", False)),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
    )
