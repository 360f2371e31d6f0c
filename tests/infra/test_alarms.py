"""What watches: every figure is one that the functions really tell, every alarm says what to do."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from functions.shared.rules.settlement import Do
from local.template import Json
from tests.rights import described

ROOT = Path(__file__).parents[2]
RESOURCES: Json = described().plain["Resources"]
EDGE: Json = yaml_parse((ROOT / "infra" / "edge.yaml").read_text("utf-8"))["Resources"]
ALARMS = {
    name: one["Properties"]
    for name, one in (RESOURCES | EDGE).items()
    if one["Type"] in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
}
NAMESPACE = {"Fn::Sub": "asvi/${Stage}"}
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
ANCHORS = {
    re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
    for title in re.findall(r"^#+ (.+)$", RUNBOOK, flags=re.MULTILINE)
}
# What a metric's name is made of where the code does not write it out.
FAMILIES = {
    "Settled.": [str(do) for do in Do],
    "Verdict.": ["1", "2", "3", "4", "5", "6", "6b", "7", "8", "9", "10"],
    "Letter.": [
        "sent", "signed", "repeated", "outdated", "held", "refused", "queued", "broken",
        "delivered", "bounced", "failed",
    ],
}  # fmt: skip


@cache
def told() -> frozenset[tuple[str, str]]:
    """Give every metric that a function tells, as (service, name), read from the code."""
    found: set[tuple[str, str]] = set()
    everywhere = _names(ROOT / "functions" / "shared" / "web.py")
    for function in described().functions():
        service = function.environment["POWERTOOLS_SERVICE_NAME"]
        own = {
            name for path in (ROOT / "functions" / service).glob("*.py") for name in _names(path)
        }
        found |= {(service, name) for name in own | everywhere}
    return frozenset(found)


def _names(path: Path) -> set[str]:
    """Give the names of metrics in a file: constants, members of families, what dictionaries name."""
    text = path.read_text("utf-8")
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Constant(value=str(value)) if re.fullmatch(r"[A-Z][A-Za-z]+", value):
                names.add(value)
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if start in FAMILIES:
                names |= {start + member for member in FAMILIES[start]}
    return names if "add_metric" in text or path.name == "probes.py" else set()


def figures(node: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - a template is any JSON
    """Give our own metrics that an alarm looks at, as (service, name)."""
    found: set[tuple[str, str]] = set()
    match node:
        case {"Namespace": namespace, "MetricName": str(name), "Dimensions": [dimension]}:
            found |= {(dimension["Value"], name)} if namespace == NAMESPACE else set()
        case {"Fn::Sub": str(text)}:
            found |= {("any", name) for name in re.findall(r"SELECT SUM\((\w+)\)", text)}
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= figures(part)
    return found


def drawn() -> set[tuple[str, str]]:
    """Give our own metrics that the dashboard draws."""
    return {
        (row[3], row[1])
        for widget in dashboard()["widgets"]
        for row in widget["properties"]["metrics"]
        if row[0] == "asvi/dev"
    }


def dashboard() -> Json:
    """Read the dashboard, its places filled."""
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    read: Json = json.loads(body.replace("${Stage}", "dev"))
    return read


@pytest.mark.parametrize("name", ALARMS)
def test_real_figures(name: str) -> None:
    """An alarm looks at what a function tells: one on a name that nobody tells would never ring."""
    known = told() | {("any", metric) for _, metric in told()}
    assert figures(ALARMS[name]) <= known


def test_dashboard() -> None:
    """The dashboard draws real figures: payments, what is confirming, letters, times, the probe."""
    assert drawn() <= told()
    wanted = {"PaymentStarted", "Verdict.10", "Verdict.6", "OldestUnsettled", "Letter.sent",
              "LetterDelay", "QueueLength", "ProbeCallback"}  # fmt: skip
    assert wanted <= {name for _, name in drawn()}


def test_no_two_widgets_overlap() -> None:
    """Every figure of the dashboard can be seen."""
    taken = [
        (x, y)
        for one in dashboard()["widgets"]
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.parametrize("name", ALARMS)
def test_says_what_to_do(name: str) -> None:
    """Whoever is woken reads what is the matter, what to do first, and where the runbook goes on."""
    words = ALARMS[name]["AlarmDescription"]
    anchor = words.rpartition("docs/runbook.md#")[2]
    assert anchor in ANCHORS
    assert 60 < len(words) < 1024  # CloudWatch's limit
    assert words.count(". ") >= 2


@pytest.mark.parametrize("name", ALARMS)
def test_somebody_hears(name: str) -> None:
    """Every alarm tells somebody, by itself or as a part of one that joins several."""
    joined = RESOURCES["PayersHurt"]["Properties"]["AlarmRule"]["Fn::Sub"]
    heard = ALARMS[name].get("AlarmActions") or f"${{{name}}}" in joined
    assert heard
    assert ALARMS[name].get("TreatMissingData") or name == "PayersHurt"


def test_who_is_woken() -> None:
    """People are woken for what hurts payers or money now, and for nothing else."""
    woken = {
        name for name, one in ALARMS.items() if one.get("AlarmActions") == [{"Ref": "PageTopic"}]
    }
    assert woken == {
        "PayersHurt", "SomebodyMustLook", "KeyRefused", "Unsettled", "SweepsStopped",
        "LettersUnsent", "CallbackBlocked", "PagesFailing",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["ProbeFailing", "SweepsStopped"])
def test_silence_rings(name: str) -> None:
    """Where a watch itself stops, its silence is the alarm."""
    assert ALARMS[name]["TreatMissingData"] == "breaching"


def test_failures_are_told() -> None:
    """Whatever lies in the failure bucket rings at once, and its name is in a log."""
    rule = RESOURCES["FailureRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["bucket"]["name"] == [{"Ref": "FailureBucket"}]
    assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": ["FailureLog", "Arn"]}
    assert ALARMS["FailedRecords"]["Dimensions"] == [
        {"Name": "RuleName", "Value": {"Ref": "FailureRule"}}
    ]
    assert ALARMS["FailedRecords"]["MetricName"] == "Invocations"


def test_spend() -> None:
    """Money that runs away is told before and when it has."""
    budget = RESOURCES["Spend"]["Properties"]
    kinds = {
        one["Notification"]["NotificationType"] for one in budget["NotificationsWithSubscribers"]
    }
    assert kinds == {"ACTUAL", "FORECASTED"}
    assert budget["Budget"]["BudgetLimit"]["Amount"] == {"Ref": "MonthlyBudgetUsd"}


def test_families() -> None:
    """The families above are the code's own: rows of the decision table, words of the letters."""
    rows = re.findall(
        r'Decision\("(\w+) |_(?:released|declined)\("(\w+) ', _source("shared/rules/decision.py")
    )
    seen = {first or second for first, second in rows} | {"9"}
    assert seen <= set(FAMILIES["Verdict."])
    words = set(re.findall(r'return "(\w+)"', _source("letter/work.py")))
    states = {"sent", "delivered", "bounced", "failed"}
    assert words | states == set(FAMILIES["Letter."])


def _source(name: str) -> str:
    return (ROOT / "functions" / name).read_text("utf-8")
