"""What the template gives the intake: permissions, bucket, rule; and the index of paid orders."""

import json

from tests.portal import TEMPLATE, Json


def _statements() -> list[Json]:
    (policy,) = TEMPLATE.resources("AWS::IAM::Role")["IntakeRole"]["Policies"]
    statements: list[Json] = policy["PolicyDocument"]["Statement"]
    return [one for one in statements if "IntakeBucket" in json.dumps(one)]


def test_permissions() -> None:
    """Intake reads what is dropped, writes rejects, and nothing else in its bucket (§6.3)."""
    allowed = {
        statement["Action"]: json.dumps(statement["Resource"]) for statement in _statements()
    }
    assert set(allowed) == {"s3:GetObject", "s3:PutObject"}
    assert "/dues/*" in allowed["s3:GetObject"]
    assert "/rejects/*" in allowed["s3:PutObject"]


def test_bucket() -> None:
    """The bucket is closed to the world, encrypted, and keeps no file for ever (event 123)."""
    bucket = TEMPLATE.resources("AWS::S3::Bucket")["IntakeBucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]
    (kept, _) = bucket["LifecycleConfiguration"]["Rules"]
    assert kept == {
        "Id": "files-go", "Status": "Enabled", "ExpirationInDays": {"Ref": "IntakeDays"}
    }  # fmt: skip
    policy = json.dumps(TEMPLATE.resources("AWS::S3::BucketPolicy")["IntakeBucketPolicy"])
    assert '"aws:SecureTransport": "false"' in policy
    assert '"Effect": "Deny"' in policy


def test_rule() -> None:
    """What the function writes never calls it again: it hears of dropped files alone."""
    rules = TEMPLATE.resources("AWS::Events::Rule").values()
    dropped = {"name": [{"Ref": "IntakeBucket"}]}
    (rule,) = [rule for rule in rules if rule["EventPattern"]["detail"].get("bucket") == dropped]
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
