"""Events that only AWS can bring about: what the template has against them.

None of these can be played on one machine. Each test reads the template as CloudFormation gets it,
so that a safeguard which somebody removes, by hand or by mistake, fails here.
"""

import json
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from functions.shared.rules.cmi.answer import LARGEST_BYTES
from local.template import PATH, Json, read

TEMPLATE = read()
FIREWALL: Json = yaml_parse((PATH.parent / "edge.yaml").read_text("utf-8"))["Resources"]["Firewall"]
RESOURCES: Json = TEMPLATE.plain["Resources"]
RULES: Json = TEMPLATE.plain["Rules"]
MAPPINGS = TEMPLATE.resources("AWS::Lambda::EventSourceMapping")
CALLED_LATER = ("LetterFunction", "SettlementFunction", "IntakeFunction")
KEPT = ("Table", "SigningKey", "DataKey", "TokenSecret", "StoreKeySecret", "StatusApiSecret")


def properties(name: str) -> Json:
    """Give a resource's properties."""
    found: Json = RESOURCES[name]["Properties"]
    return found


def alarm(metric: str, service: str | None = None) -> Json:
    """Give the one alarm on a metric, of a function where one is named."""
    alarms = TEMPLATE.resources("AWS::CloudWatch::Alarm").values()
    found = [one for one in alarms if one.get("MetricName") == metric and _of(one, service)]
    assert len(found) == 1, metric
    return found[0]


def _of(one: Json, service: str | None) -> bool:
    values = [dimension["Value"] for dimension in one.get("Dimensions", [])]
    return service is None or service in values or {"Ref": service} in values


def reserved(function: str) -> Any:  # noqa: ANN401 - a template is any JSON
    """Give what a function has of concurrency where production's rule holds."""
    condition, then, _ = properties(function)["ReservedConcurrentExecutions"]["Fn::If"]
    assert condition == "Reserved"
    return then


def in_production(text: str) -> bool:
    """Say whether production's rule asserts something about a parameter."""
    return any(text in json.dumps(one["Assert"]) for one in RULES["ProductionIsReal"]["Assertions"])


def test_scan_alarms() -> None:
    """A scan from many addresses is seen in a figure over all of them (event 12)."""
    one = alarm("ControlCode", "lookup")
    assert one["Threshold"] == {"Ref": "CodesFiveMinutes"}
    assert one["AlarmActions"]
    assert "ProofDoublings" in one["AlarmDescription"]


def test_callback_stays_small() -> None:
    """The callback waits for nothing that a cold start would make long (event 101)."""
    callback = properties("CallbackFunction")
    assert callback["Timeout"] == 5
    assert "VpcConfig" not in callback
    assert callback["MemorySize"] >= 512
    assert callback["Architectures"] == [{"Ref": "Architecture"}]


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_poisoned_record(mapping: Json) -> None:
    """A record that never works lets others go on, ends in S3 whole, and alarms (event 103)."""
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] <= 5
    assert mapping["MaximumRecordAgeInSeconds"] <= 3600
    assert mapping["BatchSize"] <= 10
    target = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert target == {"Fn::GetAtt": ["FailureBucket", "Arn"]}
    assert alarm("Invocations", "FailureRule")["AlarmActions"]


@pytest.mark.parametrize("function", CALLED_LATER)
def test_stream_behind(function: str) -> None:
    """Whoever falls behind the stream, or fails for good, is seen (event 103)."""
    configs = TEMPLATE.resources("AWS::Lambda::EventInvokeConfig").values()
    (told,) = [one for one in configs if function in json.dumps(one["FunctionName"])]
    assert "FailureBucket" in json.dumps(told["DestinationConfig"]["OnFailure"])
    if any(function in json.dumps(one["FunctionName"]) for one in MAPPINGS.values()):
        ages = [
            one
            for one in TEMPLATE.resources("AWS::CloudWatch::Alarm").values()
            if one.get("MetricName") == "IteratorAge" and _of(one, function)
        ]
        assert [one["Threshold"] <= 60_000 for one in ages] == [True]


def test_missed_sweeps() -> None:
    """Sweeps come every minute, one at a time is enough, and their absence alarms (event 104)."""
    sweeps = [one for one in TEMPLATE.schedules() if "sweep" in one.content]
    schedules = {one.function: one.expression for one in sweeps}
    assert schedules["SettlementFunction"] == schedules["LetterFunction"] == "rate(1 minute)"
    stopped = properties("SweepsStopped")
    assert stopped["TreatMissingData"] == "breaching"


def test_table_that_can_be_restored() -> None:
    """Any second of the last 35 days can be restored, to a portal that starts frozen (event 107)."""
    recovery = properties("Table")["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
    assert "frozen" in TEMPLATE.plain["Parameters"]["Payments"]["AllowedValues"]
    told = {name: one.environment.get("PAYMENTS") for name, one in _functions().items()}
    assert set(map(json.dumps, told.values())) == {'{"Ref": "Payments"}'}


def _functions() -> dict[str, Any]:
    return {function.name: function for function in TEMPLATE.functions()}


def test_flood_of_lookups() -> None:
    """A flood of look-ups meets a ceiling; the callback has concurrency of its own (event 109)."""
    assert reserved("CallbackFunction") == {"Ref": "CallbackConcurrency"}
    assert reserved("LookupFunction") == {"Ref": "LookupConcurrency"}
    parameters = TEMPLATE.plain["Parameters"]
    ceiling = int(parameters["LookupConcurrency"]["Default"])
    floor = int(parameters["CallbackConcurrency"]["Default"])
    # AWS keeps 100 of an account's 1000 for functions without any of their own.
    assert ceiling + floor <= 900
    assert in_production('"ReserveConcurrency"')
    assert alarm("Throttles", "CallbackFunction")["Threshold"] == 1


def test_forgeries_at_reserved_cost() -> None:
    """A flood of forged callbacks alarms, and takes no other function's concurrency (event 62)."""
    assert alarm("Verdict.2", "callback")["AlarmActions"]
    routes = TEMPLATE.routes()
    callback = routes["POST", "/cmi/callback"]
    assert {path for (_, path), one in routes.items() if one == callback} == {
        "/cmi/callback", "/cmi/return", "/cmi/cancel",
    }  # fmt: skip


def test_strange_callers_alarm() -> None:
    """A signed message from outside CMI's named networks is told to somebody (event 61)."""
    assert alarm("VerdictElsewhere", "callback")["AlarmActions"]
    assert TEMPLATE.plain["Parameters"]["GatewayAddresses"]["Default"] == ""


CALLBACK, CALLS = ("EXACTLY", "/cmi/callback"), ("STARTS_WITH", "/api/")


def firewall() -> list[Json]:
    """Give the firewall's rules, the first to be asked first."""
    rules: list[Json] = FIREWALL["Properties"]["Rules"]
    return sorted(rules, key=lambda rule: int(rule["Priority"]))


def paths(rule: Json) -> set[tuple[str, str]]:
    """Give the paths that a rule looks at, and how it compares them."""
    found: set[tuple[str, str]] = set()
    waiting: list[Any] = [rule["Statement"]]
    while waiting:
        node = waiting.pop()
        waiting += (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        )
        if isinstance(node, dict) and "ByteMatchStatement" in node:
            match = node["ByteMatchStatement"]
            assert match["FieldToMatch"] == {"UriPath": {}}
            found.add((match["PositionalConstraint"], match["SearchString"]))
    return found


def test_firewall_lets_cmi_through() -> None:
    """CMI's message is looked at for its size alone; no other rule ever sees it (event 110)."""
    size, through, *others = firewall()
    assert (paths(size), paths(through), through["Action"]) == (
        {CALLBACK},
        {CALLBACK},
        {"Allow": {}},
    )
    _, limit = size["Statement"]["AndStatement"]["Statements"]
    assert limit["SizeConstraintStatement"]["Size"] == LARGEST_BYTES
    assert [paths(rule) for rule in others] == [{CALLS}] * len(others)
    assert FIREWALL["Properties"]["DefaultAction"] == {"Allow": {}}


def test_firewall_slows_floods() -> None:
    """One address's calls are slowed, generously: towns share an address (events 10 and 109)."""
    (rate,) = [rule for rule in firewall() if "RateBasedStatement" in rule["Statement"]]
    assert rate["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    assert rate["Statement"]["RateBasedStatement"]["EvaluationWindowSec"] == 300
    assert paths(rate) == {CALLS}


def test_callback_is_probed() -> None:
    """Every five minutes a signed refusal goes the way of CMI's own, or somebody wakes (event 110)."""
    schedules = {one.function: one.expression for one in TEMPLATE.schedules()}
    assert schedules["CanaryFunction"] == "rate(5 minutes)"
    told = _functions()["CanaryFunction"].environment
    assert told["PORTAL_URL"] == {"Ref": "PortalUrl"}  # the public address, past the firewall
    failing = properties("ProbeFailing")
    assert "ProbeCallback" in json.dumps(failing["Metrics"])
    assert failing["TreatMissingData"] == "breaching"
    assert "ProbeFailing" in json.dumps(properties("PayersHurt")["AlarmRule"])


def test_nothing_talks_too_much() -> None:
    """No function writes its events down, nor its libraries' debug lines (event 122)."""
    for name, one in TEMPLATE.resources("AWS::Lambda::Function").items():
        assert "POWERTOOLS_LOGGER_LOG_EVENT" not in _functions()[name].environment
        assert one["LoggingConfig"].get("ApplicationLogLevel") in ("INFO", "WARN", "ERROR")
    assert "requestBody" not in json.dumps(RESOURCES["Api"])


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    """Neither a deleted stack nor a replaced resource takes the table or a key with it (event 123)."""
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_safeguards_of_the_table() -> None:
    """The table cannot be deleted by a slip, is encrypted by our key, and expires no order (event 123)."""
    table = properties("Table")
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"]["SSEType"] == "KMS"
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert in_production('"BackupVaultArn"')


def test_safeguards_of_production() -> None:
    """Production refuses the test gateway, a sample merchant, and to stand without a firewall (event 123)."""
    assert in_production("https://testpayment.cmi.co.ma")
    assert in_production('"MerchantId"')
    assert in_production('"WebAclArn"')
