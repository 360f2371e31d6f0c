"""Read `infra/template.yaml`: functions, routes, streams and rules, as the deployment has them.

The SAM transform is AWS's own (`samtranslator`). What refers to resources stays unresolved here;
`local.resources` lets CloudFormation resolve it.
"""

import json
import logging
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
# Lambda's own, where the template says nothing: of a stream for ever, of an event twice more.
STREAM_RETRIES, EVENT_RETRIES = -1, 2
Json = dict[str, Any]
# It looks for a switch and for metrics of AWS's own service, and warns that there are none here.
logging.getLogger("samtranslator.feature_toggle").setLevel(logging.ERROR)
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)


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
    """A function's subscription to the table's stream.

    No `patterns`: every record. `retries` below zero: for ever. `failed_to`: what gets the
    records that keep failing, if anything does.
    """

    function: str
    patterns: tuple[Json, ...]
    batch_size: int
    retries: int
    halves_on_error: bool
    reports_failures: bool
    failed_to: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A function's subscription to EventBridge's default bus; `failed_to` as of a stream."""

    function: str
    pattern: Json
    retries: int
    failed_to: str | None = None


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
            _stream(properties, self._function(properties["FunctionName"]))
            for properties in self.resources("AWS::Lambda::EventSourceMapping").values()
        )

    def rules(self) -> tuple[Rule, ...]:
        """Give the functions' subscriptions to events; what is switched off is none."""
        return tuple(
            self._rule(self._function(target["Arn"]), properties["EventPattern"])
            for properties in self.resources("AWS::Events::Rule").values()
            if "EventPattern" in properties and properties.get("State") != "DISABLED"
            for target in properties["Targets"]
            if self._function(target["Arn"]) in self.resources("AWS::Lambda::Function")
        )

    def mail_events(self) -> frozenset[str]:
        """Give the kinds of events that SES tells EventBridge of a mail, as in `SEND`."""
        found = self.resources("AWS::SES::ConfigurationSetEventDestination").values()
        destinations = [properties["EventDestination"] for properties in found]
        return frozenset(
            kind.upper()
            for destination in destinations
            if destination.get("Enabled") and "EventBridgeDestination" in destination
            for kind in destination["MatchingEventTypes"]
        )

    def _function(self, node: Any) -> str:  # noqa: ANN401 - a template is any JSON
        """Name the function that a reference is to, by itself or by its alias."""
        name = _named(node) or ""
        alias = self.resources("AWS::Lambda::Alias").get(name)
        return _named(alias["FunctionName"]) or "" if alias else name

    def _rule(self, function: str, pattern: Json) -> Rule:
        """Give a rule, with what Lambda does where the function fails (invoked asynchronously)."""
        told: Json = {}
        for properties in self.resources("AWS::Lambda::EventInvokeConfig").values():
            if _named(properties["FunctionName"]) == function:
                told = properties
        retries = int(told.get("MaximumRetryAttempts", EVENT_RETRIES))
        return Rule(function, pattern, retries, _failed_to(told))

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


def _stream(properties: Json, function: str) -> Stream:
    filters = properties.get("FilterCriteria", {}).get("Filters", [])
    return Stream(
        function=function,
        patterns=tuple(json.loads(entry["Pattern"]) for entry in filters),
        batch_size=int(properties.get("BatchSize", 100)),
        retries=int(properties.get("MaximumRetryAttempts", STREAM_RETRIES)),
        halves_on_error=bool(properties.get("BisectBatchOnFunctionError", False)),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        failed_to=_failed_to(properties),
    )


def _failed_to(properties: Json) -> str | None:
    """Name the failure destination of an event source mapping or of asynchronous calls."""
    return _named(properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))


def _named(node: Any) -> str | None:  # noqa: ANN401 - a template is any JSON
    """Name the resource that a reference is to; a text is its own name."""
    match node:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]} | {"Fn::Sub": str(name)}:
            return name
        case str(name):
            return name
    return None
