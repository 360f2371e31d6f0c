"""The values of `reliability.md` §6 as cfn-guard's rules, and that each rule bites (event 123)."""

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cfn_guard_rs.cfn_guard_rs import run_checks_rs
from samtranslator.yaml_helper import yaml_parse

from local.template import Json
from tests.rights import described

INFRA = Path(__file__).parents[2] / "infra"
FILES = [path.read_text("utf-8") for path in sorted((INFRA / "guard").glob("*.guard"))]
TEMPLATES: dict[str, Json] = {
    "template": described().plain,
    "edge": yaml_parse((INFRA / "edge.yaml").read_text("utf-8")),
}
GONE = object()
# What somebody might change by hand or by mistake, and the rule that must not let it pass.
DRIFTS: list[tuple[str, str, Any, str]] = [
    ("template", "Table.DeletionPolicy", "Delete", "table_outlives_the_stack"),
    ("template", "Table.Properties.DeletionProtectionEnabled", GONE, "table_outlives_the_stack"),
    ("template", "Table.Properties.PointInTimeRecoverySpecification.RecoveryPeriodInDays", 7, "table_has_its_last_35_days"),
    ("template", "Table.Properties.PointInTimeRecoverySpecification", GONE, "table_has_its_last_35_days"),
    ("template", "Table.Properties.SSESpecification", GONE, "table_is_under_the_funds_key"),
    ("template", "Table.Properties.BillingMode", "PROVISIONED", "table_is_paid_by_request"),
    ("template", "Table.Properties.StreamSpecification.StreamViewType", "NEW_AND_OLD_IMAGES", "table_tells_what_it_holds_now"),
    ("template", "Table.Properties.TimeToLiveSpecification.Enabled", False, "table_forgets_what_may_go"),
    ("template", "Table.Properties.GlobalSecondaryIndexes.0.Projection.ProjectionType", "ALL", "indexes_hold_keys_alone"),
    ("template", "BackupPlan.Properties.BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays", 7, "backups_are_daily_and_can_leave_the_account"),
    ("template", "SiteBucket.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy", False, "buckets_are_closed"),
    ("template", "IntakeBucket.Properties.BucketEncryption", GONE, "buckets_are_encrypted"),
    ("template", "FailureBucket.Properties.LifecycleConfiguration", GONE, "buckets_forget"),
    ("template", "SiteBucket.Properties.WebsiteConfiguration", {"IndexDocument": "index.html"}, "buckets_are_no_websites"),
    ("template", "SiteBucketPolicy.Properties.PolicyDocument.Statement.1", GONE, "buckets_speak_tls_alone"),
    ("template", "SiteBucketPolicy.Properties.PolicyDocument.Statement.0.Condition", GONE, "buckets_let_in_named_services_alone"),
    ("template", "SiteBucketPolicy.Properties.PolicyDocument.Statement.0.Principal", "*", "buckets_let_in_named_services_alone"),
    ("edge", "LogBucketPolicy.Properties.PolicyDocument.Statement.0.Action", "s3:*", "buckets_let_in_named_services_alone"),
    ("template", "LetterFunction.Properties.Runtime", "python3.9", "functions_run_as_the_parameters_say"),
    ("template", "LookupFunction.Properties.TracingConfig", GONE, "functions_are_traced_and_logged"),
    ("template", "LookupFunction.Properties.Environment.Variables.POWERTOOLS_LOGGER_LOG_EVENT", "true", "functions_log_no_event"),
    ("template", "CallbackFunction.Properties.Timeout", 30, "callers_wait_five_seconds"),
    ("template", "SettlementFunction.Properties.Timeout", 5, "letters_and_sweeps_have_their_time"),
    ("template", "CallbackFunction.Properties.ReservedConcurrentExecutions", GONE, "callback_has_its_own_concurrency"),
    ("template", "LetterFunctionPaid.Properties.BisectBatchOnFunctionError", False, "streams_stop_at_no_record"),
    ("template", "SettlementFunctionReserved.Properties.DestinationConfig", GONE, "streams_stop_at_no_record"),
    ("template", "SettlementFunctionReserved.Properties.MaximumRetryAttempts", -1, "streams_stop_at_no_record"),
    ("template", "IntakeFunctionEventInvokeConfig.Properties.DestinationConfig", GONE, "what_fails_later_is_kept"),
    ("template", "CallbackLog.Properties.RetentionInDays", GONE, "logs_end_and_are_encrypted"),
    ("template", "CallbackFunctionDeploymentGroup.Properties.AutoRollbackConfiguration", GONE, "a_bad_version_goes_back"),
    ("template", "Distribution.Properties.DistributionConfig.ViewerCertificate.MinimumProtocolVersion", "TLSv1", "visitors_speak_new_tls"),
    ("template", "Distribution.Properties.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy", "allow-all", "pages_are_read_alone"),
    ("template", "Distribution.Properties.DistributionConfig.CacheBehaviors.1.ViewerProtocolPolicy", "redirect-to-https", "calls_never_travel_in_the_clear"),
    ("template", "Distribution.Properties.DistributionConfig.CacheBehaviors.2.CachePolicyId", {"Ref": "PageCache"}, "calls_never_travel_in_the_clear"),
    ("template", "Distribution.Properties.DistributionConfig.Origins.1.OriginCustomHeaders", GONE, "the_api_knows_the_cdn"),
    ("template", "Distribution.Properties.DistributionConfig.Origins.1.OriginCustomHeaders.0.HeaderValue", "in-the-clear", "the_api_knows_the_cdn"),
    ("template", "Distribution.Properties.DistributionConfig.CustomErrorResponses.1.ErrorCode", 503, "error_pages_leave_the_api_alone"),
    ("template", "SiteAccess.Properties.OriginAccessControlConfig.SigningBehavior", "no-override", "the_cdn_signs_for_the_bucket"),
    ("template", "ApiRequest.Properties.OriginRequestPolicyConfig.CookiesConfig.CookieBehavior", "all", "the_api_is_told_little"),
    ("template", "Api.Properties.Body.servers", GONE, "the_api_has_no_second_address"),
    ("template", "ApiAddress.Properties.DomainNameConfigurations.0.SecurityPolicy", "TLS_1_0", "the_api_speaks_new_tls"),
    ("template", "ApiApiGatewayDefaultStage.Properties.DefaultRouteSettings", GONE, "the_api_is_throttled_and_measured"),
    ("template", "ApiApiGatewayDefaultStage.Properties.AccessLogSettings.Format", '{"ip": "$context.identity.sourceIp", "r": "$context.routeKey"}', "the_apis_log_names_nobody"),
    ("template", "StoreKeySecret.Properties.KmsKeyId", GONE, "secrets_outlive_the_stack_under_the_funds_key"),
    ("template", "StoreKeySecret.Properties.SecretString", "TEST1234", "secrets_outlive_the_stack_under_the_funds_key"),
    ("template", "DataKey.Properties.EnableKeyRotation", False, "data_key_turns"),
    ("template", "SigningKey.DeletionPolicy", GONE, "receipts_stay_genuine"),
    ("template", "ConfigurationSet.Properties.DeliveryOptions.TlsPolicy", "OPTIONAL", "letters_travel_encrypted_and_signed"),
    ("template", "MailIdentity.Properties.DkimAttributes", GONE, "letters_travel_encrypted_and_signed"),
    ("template", "TopicPolicy.Properties.PolicyDocument.Statement.1", GONE, "alarms_travel_encrypted"),
    ("template", "Unsettled.Properties.AlarmDescription", "Look.", "alarms_say_what_to_do"),
    ("edge", "Firewall.Properties.Scope", "REGIONAL", "firewall_stands_before_the_cdn"),
    ("edge", "Firewall.Properties.Rules.1.Statement.ByteMatchStatement.SearchString", "/cmi/return", "callback_passes_before_all_else"),
    ("edge", "Firewall.Properties.Rules.4.Priority", 0, "callback_passes_before_all_else"),
    ("edge", "Firewall.Properties.Rules.2.Statement.RateBasedStatement.Limit", 100, "rates_are_generous_and_on_calls_alone"),
    ("edge", "Firewall.Properties.Rules.2.Statement.RateBasedStatement.ScopeDownStatement", GONE, "rates_are_generous_and_on_calls_alone"),
    ("edge", "Firewall.Properties.Rules.4.Statement.ManagedRuleGroupStatement.ScopeDownStatement", GONE, "managed_rules_see_calls_alone"),
    ("edge", "Log.Properties.RecordFields.3", "c-ip", "log_names_nobody"),
]  # fmt: skip


@cache
def rules() -> dict[str, str]:
    """Give every rule by its name, after the definitions that its file begins with."""
    found: dict[str, str] = {}
    for text in FILES:
        head, *parts = re.split(r"^rule ", text, flags=re.MULTILINE)
        found |= {part.split()[0]: f"{head}rule {part}" for part in parts}
    return found


def verdict(template: Json, rule: str) -> str:
    """Say PASS, SKIP (it is about nothing here) or FAIL.

    What cfn-guard says of a failure is not always the JSON that it promises.
    """
    said = run_checks_rs(json.dumps(template), rules()[rule], False)
    try:
        return str(json.loads(said)["status"])
    except ValueError:
        return "FAIL"


@pytest.mark.parametrize("rule", rules())
def test_kept(rule: str) -> None:
    """Both templates keep every rule, and each rule is about something in one of them."""
    verdicts = {verdict(template, rule) for template in TEMPLATES.values()}
    assert verdicts in ({"PASS"}, {"PASS", "SKIP"})


@pytest.mark.parametrize(("name", "place", "value", "rule"), DRIFTS, ids=[it[1] for it in DRIFTS])
def test_drift(name: str, place: str, value: object, rule: str) -> None:
    """Whoever takes a safeguard away, by hand or by mistake, is stopped by the rule about it."""
    drifted = changed(TEMPLATES[name], place.split("."), value)
    assert verdict(drifted, rule) == "FAIL"


def test_every_rule_bites() -> None:
    """For each rule there is a change that it stops."""
    assert {rule for *_, rule in DRIFTS} == set(rules())


def changed(template: Json, place: list[str], value: object) -> Json:
    """Give a template with one value replaced, or without it."""
    made = copy.deepcopy(template)
    node: Any = made["Resources"]
    for step in place[:-1]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    last: Any = int(place[-1]) if isinstance(node, list) else place[-1]
    if value is GONE:
        del node[last]
    else:
        node[last] = value
    return made
