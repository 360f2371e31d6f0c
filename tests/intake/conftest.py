"""A standing portal with a bucket for the files of dues."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from functions.shared.aws import files
from tests.portal import GOLDEN, Json, Portal

BUCKET = "intake"


@pytest.fixture(scope="module")
def stack() -> Iterator[Portal]:
    """Make the template's table and a bucket once for a file of tests: that is slow."""
    with patch.dict(os.environ), mock_aws():
        files.client.cache_clear()
        where = {"LocationConstraint": "eu-west-3"}
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        yield Portal.standing()
    files.client.cache_clear()


@pytest.fixture
def portal(stack: Portal) -> Portal:
    """Give the portal in May 2020, with the golden due and nothing else."""
    return stack.emptied().load(GOLDEN)


@dataclass(slots=True)
class Bucket:
    """The bucket that the core system drops its files in."""

    portal: Portal

    def drop(self, name: str, content: bytes) -> Json:
        """Drop a file and bring EventBridge's event of it; give the function's answer."""
        boto3.client("s3").put_object(Bucket=BUCKET, Key=f"dues/{name}", Body=content)
        return self.tell(name)

    def tell(self, name: str, dropped_at: datetime | None = None) -> Json:
        """Bring the event of a file (S3 user guide, "EventBridge event message structure")."""
        time = (dropped_at or self.portal.now).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.bring(name, time)

    def bring(self, name: str, time: str | None) -> Json:
        """Bring the event of a file with a time as it is written there, or without any."""
        detail = {"bucket": {"name": BUCKET}, "object": {"key": f"dues/{name}", "size": 1}}
        event = {"detail-type": "Object Created", "detail": detail}
        if time is not None:
            event["time"] = time
        return self.portal.invoke("IntakeFunction", event)

    def rejects(self, name: str) -> str:
        """Give the refused lines of a file."""
        key = f"rejects/{name}.rejects.csv"
        body = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"]
        return str(body.read().decode())


@pytest.fixture
def bucket(portal: Portal) -> Bucket:
    """Give the intake's bucket."""
    return Bucket(portal)
