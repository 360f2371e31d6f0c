"""What the template gives the intake: permissions, bucket, rule; and the index of paid orders."""

import json

from tests.portal import TEMPLATE, Json


def _statements() -> list[Json]:
    policies = TEMPLATE.source["Resources"]["IntakeFunction"]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["Statement"]]


def test_permissions() -> None:
    """Intake reads what is dropped, writes rejects and dues, and nothing else (§6.3)."""
    allowed = {
        statement["Action"]: json.dumps(statement["Resource"]) for statement in _statements()
    }
    assert set(allowed) == {"dynamodb:PutItem", "s3:GetObject", "s3:PutObject"}
    assert "/dues/*" in allowed["s3:GetObject"]
    assert "/rejects/*" in allowed["s3:PutObject"]


def test_bucket() -> None:
    """The bucket is closed to the world, encrypted, and keeps no file for ever (event 123)."""
    bucket = TEMPLATE.resources("AWS::S3::Bucket")["IntakeBucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 90
    policy = json.dumps(TEMPLATE.resources("AWS::S3::BucketPolicy")["IntakeBucketPolicy"])
    assert '"aws:SecureTransport": "false"' in policy
    assert '"Effect": "Deny"' in policy


def test_rule() -> None:
    """What the function writes never calls it again: it hears of dropped files alone."""
    rules = TEMPLATE.resources("AWS::Events::Rule").values()
    (rule,) = [rule for rule in rules if rule["EventPattern"]["source"] == ["aws.s3"]]
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "dues/"}]}
    bucket = TEMPLATE.resources("AWS::S3::Bucket")["IntakeBucket"]
    assert bucket["NotificationConfiguration"]["EventBridgeConfiguration"] == {
        "EventBridgeEnabled": True
    }


def test_index() -> None:
    """A day's payments are found by an index of their own, which repeats no personal data."""
    table = TEMPLATE.resources("AWS::DynamoDB::Table")["Table"]
    (index,) = [one for one in table["GlobalSecondaryIndexes"] if one["IndexName"] == "paid"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["paid_day", "paid_at"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
