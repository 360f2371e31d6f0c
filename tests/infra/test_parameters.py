"""What CNSS decides: each parameter takes what is right, refuses what is not, and says what it is."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from functions.shared.rules.cmi.answer import LARGEST_BYTES
from functions.shared.rules.errors import Problem
from functions.shared.rules.languages import offered
from local.resources import NOT_HERE, parameters
from local.settings import MERCHANT, ORIGIN_WORD, Settings, read
from local.template import Json
from tests.rights import described
from tools import stages

TEMPLATE = described().source
ROOT = Path(__file__).parents[2]
EDGE: Json = yaml_parse((ROOT / "infra" / "edge.yaml").read_text("utf-8"))
PARAMETERS: Json = TEMPLATE["Parameters"]
BOTH = [
    (name, one) for template in (TEMPLATE, EDGE) for name, one in template["Parameters"].items()
]
ARN = "arn:aws:acm:{}:123456789012:certificate/00000000-0000-0000-0000-000000000000"
# What a stage still has to be told: SAM asks for it the first time.
ASKED = {
    "PortalCertificateArn": ARN.format("us-east-1"),
    "ApiCertificateArn": ARN.format("eu-west-3"),
    "OriginDigests": hashlib.sha256(b"a word").hexdigest(),
    "MerchantId": "600777888",
    "PageEmail": "garde@cnss.ma",
    "TellEmail": "asvi@cnss.ma",
    "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/asvi/1",
    "BackupVaultArn": "arn:aws:backup:eu-west-3:210987654321:backup-vault:asvi",
}
WRONG = [
    ("PortalUrl", "http://asvi.cnss.ma"), ("PortalUrl", "https://asvi.cnss.ma/"), ("PortalUrl", "https://asvi.cnss.ma/fr"),
    ("PortalUrl", "asvi.cnss.ma"), ("PortalCertificateArn", ARN.format("eu-west-3")), ("PortalCertificateArn", ""),
    ("ApiDomain", "https://api.cnss.ma"), ("ApiDomain", "API.cnss.ma"), ("ApiDomain", ""),
    ("OriginDigests", ""), ("OriginDigests", "a word"), ("OriginDigests", "A" * 64), ("OriginDigests", f"{'a' * 64},{'b' * 64},{'c' * 64}"),
    ("GatewayOrigin", "https://payment.cmi.co.ma/"), ("GatewayOrigin", "http://payment.cmi.co.ma"), ("GatewayOrigin", "https://payment.cmi.co.ma 'unsafe-inline'"),
    ("MerchantId", "12345"), ("MerchantId", "60000000a"), ("Evidence", "none"), ("StatusApi", "on"), ("Payments", "Open"),
    ("FeeLocRate", "1"), ("FeeLocRate", "0.01%"), ("FeeLocRate", "0,01"), ("FeeLocVat", "10"), ("FeeIntRate", "-0.01"), ("FeeIntVat", ".1"),
    ("Languages", ""), ("Languages", "fr, ar"), ("Languages", "FR"), ("MailFrom", "CNSS <asvi@cnss.ma>"), ("MailFrom", "cnss.ma"),
    ("PageEmail", ""), ("TellEmail", "a b@cnss.ma"), ("GatewayAddresses", "CMI"), ("HandleDays", "0"), ("LogDays", "30"),
    ("WebAclArn", "arn:aws:wafv2:eu-west-3:123456789012:regional/webacl/asvi/1"), ("Stage", "prod"), ("PythonRuntime", "python3"),
    ("Architecture", "arm"), ("Deployment", "Canary50Percent"), ("BackupVaultArn", "asvi"), ("HostedZoneId", "cnss.ma"),
]  # fmt: skip


def takes(name: str, value: str) -> bool:
    """Say whether CloudFormation takes a value of a parameter: patterns are of the whole text."""
    one = PARAMETERS[name]
    listed = [str(it) for it in one.get("AllowedValues", [value])]
    numbers = one["Type"] == "Number"
    small = numbers and float(value) < one.get("MinValue", 0)
    large = numbers and float(value) > one.get("MaxValue", float("inf"))
    pattern = one.get("AllowedPattern", ".*")
    return value in listed and not small and not large and bool(re.fullmatch(pattern, value))


def refusals(given: dict[str, str]) -> list[str]:
    """Give what the template's rules say against parameters."""
    known = {name: str(one.get("Default", "")) for name, one in PARAMETERS.items()} | given
    return [
        assertion["AssertDescription"]
        for rule in TEMPLATE["Rules"].values()
        if _holds(rule["RuleCondition"], known)
        for assertion in rule["Assertions"]
        if not _holds(assertion["Assert"], known)
    ]


def _holds(node: Any, known: dict[str, str]) -> Any:  # noqa: ANN401 - a condition, a list or a text
    """Work out a rule-specific intrinsic function (CloudFormation user guide, "Rule functions")."""
    match node:
        case {"Ref": str(name)}:
            return known[name]
        case {"Fn::Equals": [first, second]}:
            return _holds(first, known) == _holds(second, known)
        case {"Fn::Not": [inner]}:
            return not _holds(inner, known)
        case {"Fn::Contains": [inner, value]}:
            return _holds(value, known) in inner
    return node


def whole(stage: str, **changes: str) -> dict[str, str]:
    """Give all that a stage is told, what SAM asks for included."""
    return ASKED | stages.given(stage) | changes


@pytest.mark.parametrize(("name", "one"), BOTH, ids=[name for name, _ in BOTH])
def test_help(name: str, one: Json) -> None:
    """Every parameter says what it is; one with a form says the form in words too."""
    assert len(one["Description"]) > 25, name
    assert one["Description"].endswith((".", "?", ")"))
    assert ("AllowedPattern" in one) == ("ConstraintDescription" in one)


def test_grouped() -> None:
    """SAM and the console ask in groups that mean something, and leave none out."""
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]
    assert sorted(listed) == sorted(PARAMETERS)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_refused(name: str, value: str) -> None:
    """A slip is refused before anything is deployed."""
    assert not takes(name, value)


def test_defaults_and_local() -> None:
    """Defaults are what the parameters take, and so is what one machine gives."""
    defaults = {name: str(one["Default"]) for name, one in PARAMETERS.items() if "Default" in one}
    for name, value in (defaults | parameters(read({}))).items():
        assert takes(name, value), name
    assert set(NOT_HERE) <= set(PARAMETERS)
    assert offered(defaults["Languages"]) == ("fr", "ar", "en")


@pytest.mark.parametrize("stage", stages.STAGES)
def test_stages(stage: str) -> None:
    """What samconfig.toml says of a stage is complete but for what is asked, and is all taken."""
    given = whole(stage)
    wanted = {name for name, one in PARAMETERS.items() if "Default" not in one}
    assert wanted <= set(given) <= set(PARAMETERS)
    assert [name for name, value in given.items() if not takes(name, value)] == []
    assert refusals(given) == []
    assert given["Stage"] == stage
    assert offered(stages.parameters(stage)["Languages"])
    told = stages.settings(stage)
    assert told["stack_name"] == f"asvi-{stage}"
    assert told["capabilities"] == "CAPABILITY_IAM"


def test_stages_share_nothing() -> None:
    """No two stages share an address, a sender or CloudFront's word."""
    for name in ("PortalUrl", "ApiDomain", "MailFrom", "OriginSecret"):
        assert len({whole(stage)[name] for stage in stages.STAGES}) == len(stages.STAGES)


def test_production_goes_step_by_step() -> None:
    """A version reaches payers little by little, and the change is shown before it is made."""
    assert whole("production")["Deployment"] != "AllAtOnce"
    assert stages.settings("production")["confirm_changeset"] is True


def test_no_secret_in_the_tree() -> None:
    """What is committed of a stage names secrets and holds none."""
    text = stages.PATH.read_text("utf-8")
    assert not re.search(r"(?i)password|store.?key|token|[0-9a-f]{32}", text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"GatewayOrigin": "https://testpayment.cmi.co.ma"}, "test page"),
        ({"MerchantId": MERCHANT}, "sample"),
        ({"MerchantId": "600000000"}, "sample"),
        ({"WebAclArn": ""}, "WebAclArn"),
        ({"ReserveConcurrency": "off"}, "ReserveConcurrency"),
        ({"BackupVaultArn": ""}, "BackupVaultArn"),
        ({"OriginDigests": hashlib.sha256(ORIGIN_WORD.encode()).hexdigest()}, "local stack"),
        ({"Evidence": "status-api"}, "StatusApi"),
    ],
)  # fmt: skip
def test_production_is_real(changes: dict[str, str], said: str) -> None:
    """Production refuses the test gateway, sample merchants, published words, a bare callback."""
    (refusal,) = refusals(whole("production", **changes))
    assert said in refusal


def test_staging_may_test() -> None:
    """Staging goes to CMI's test page, and its pages' policy names that page alone."""
    assert refusals(whole("staging")) == []
    assert whole("staging")["GatewayOrigin"] == "https://testpayment.cmi.co.ma"


def test_local_is_not_deployed() -> None:
    """One machine's own word is good on one machine."""
    local = parameters(Settings(8000, 8001, 8002, read({}).ahead))
    assert refusals(local) == []
    assert refusals(local | {"Stage": "dev"}) == ["OriginDigests is the local stack's."]


def test_firewall_speaks_as_the_api() -> None:
    """Whom the firewall makes wait reads on the page what the API itself would have said."""
    firewall = EDGE["Resources"]["Firewall"]["Properties"]
    bodies = firewall["CustomResponseBodies"]
    for key, code in (("haste", "too_many_requests"), ("size", "too_large")):
        assert json.loads(bodies[key]["Content"]) == Problem(code).body()


def test_firewall_measures_as_the_functions() -> None:
    """What the functions would read, the firewall lets through: to the byte (event 110)."""
    sizes = {
        rule["Name"]: one["SizeConstraintStatement"]["Size"]
        for rule in EDGE["Resources"]["Firewall"]["Properties"]["Rules"]
        for one in rule["Statement"].get("AndStatement", {}).get("Statements", [])
        if "SizeConstraintStatement" in one
    }
    lookup = (ROOT / "functions" / "lookup" / "handler.py").read_text("utf-8")
    (report,) = re.findall(r"^LARGEST_REPORT_BYTES = (\d+) \* 1024$", lookup, flags=re.MULTILINE)
    assert sizes == {"callback-size": LARGEST_BYTES, "calls-size": int(report) * 1024}
