"""What a deployment does to the bucket of pages: order, headers, what stays and what goes."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from tools import build
from tools.deploy import __main__ as deploying
from tools.deploy import cloud, pages
from tools.deploy.pages import Release

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BUCKET = "pages"
NEW = {"fr/index.html": "<p>", "index.html": "<p>", "assets/asvi.1.css": "p{}", "robots.txt": ""}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small built site."""
    for name, text in NEW.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def coming(root: Path) -> Release:
    """Give the release that is being deployed."""
    return Release(NOW, "abc", pages.files_of(root))


def test_order(root: Path) -> None:
    """Keys and assets are there before the page that needs them; the release is noted last."""
    names = [put.key for put in pages.puts(root, b"{}", coming(root), [])]
    assert names == [
        "keys.json", "assets/asvi.1.css", "fr/index.html", "index.html", "robots.txt",
        "release.json",
    ]  # fmt: skip


def test_kept_assets(root: Path) -> None:
    """An asset is named by its content: one that is there is not stored again; a page always is."""
    names = [put.key for put in pages.puts(root, b"{}", coming(root), [*NEW])]
    assert "assets/asvi.1.css" not in names
    assert {"fr/index.html", "index.html", "robots.txt"} <= set(names)


def test_headers(root: Path) -> None:
    """Pages are asked for anew each time; assets are left to the CDN, which keeps them a year."""
    found = {put.key: put for put in pages.puts(root, b"{}", coming(root), [])}
    assert found["fr/index.html"].cache_control == "no-cache"
    assert found["fr/index.html"].content_type == "text/html; charset=utf-8"
    assert found["keys.json"].content_type == "application/json; charset=utf-8"
    assert found["assets/asvi.1.css"].cache_control is None
    assert found["assets/asvi.1.css"].content_type == "text/css; charset=utf-8"


def test_old_assets_stay(root: Path) -> None:
    """Whoever has an old page open still gets its script; only what is older than that goes."""
    remote = [*NEW, "assets/asvi.0.css", "assets/asvi.-1.css", "en/index.html"]
    live = Release(NOW - timedelta(days=9), "old", frozenset({"assets/asvi.0.css"}))
    assert pages.removals(coming(root), live, remote) == ["assets/asvi.-1.css", "en/index.html"]


def test_two_deployments_an_hour_apart(root: Path) -> None:
    """A second deployment soon after the first deletes no asset: pages before both are in use."""
    remote = ["assets/asvi.0.css", "assets/asvi.-1.css"]
    live = Release(NOW - timedelta(hours=1), "old", frozenset())
    assert pages.removals(coming(root), live, remote) == []
    assert pages.removals(coming(root), None, remote) == []
    old = replace(live, at=NOW - timedelta(days=2))
    assert pages.removals(coming(root), old, remote) == sorted(remote)


def test_old_keys_stay() -> None:
    """A receipt of last year can still be checked: its key stays, behind the one of today."""
    before = json.dumps({"keys": [{"kid": "old", "x": "1"}, {"kid": "new", "x": "stale"}]})
    merged = json.loads(pages.merged_keys([{"kid": "new", "x": "2"}], before))
    assert merged == {"keys": [{"kid": "new", "x": "2"}, {"kid": "old", "x": "1"}]}


@pytest.fixture
def aws() -> Iterator[boto3.Session]:
    """Give an empty account."""
    with patch.dict(os.environ), mock_aws():
        yield boto3.Session(region_name="eu-west-3")


@pytest.fixture
def made(aws: boto3.Session) -> dict[str, str]:
    """Give a stack's outputs."""
    where: Any = {"LocationConstraint": "eu-west-3"}
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    key = aws.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    origin = {
        "Id": "site",
        "DomainName": f"{BUCKET}.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    config: Any = {
        "CallerReference": "one", "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only"},
    }  # fmt: skip
    distribution = aws.client("cloudfront").create_distribution(DistributionConfig=config)
    return {
        "SiteBucketName": BUCKET, "SigningKeyId": key["KeyMetadata"]["KeyId"],
        "DistributionId": distribution["Distribution"]["Id"],
    }  # fmt: skip


def test_published(
    aws: boto3.Session, made: dict[str, str], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bucket then holds the site, this key and the release; the CDN is told to ask again."""
    monkeypatch.setattr(build, "site_of", lambda _: root)
    aws.client("s3").put_object(Bucket=BUCKET, Key="en/index.html", Body=b"of a language that left")
    deploying.publish(aws, made, "dev", NOW)
    assert set(cloud.listed(aws, BUCKET)) == {*NEW, "keys.json", "release.json"}
    page = aws.client("s3").get_object(Bucket=BUCKET, Key="fr/index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    asset = aws.client("s3").get_object(Bucket=BUCKET, Key="assets/asvi.1.css")
    assert "CacheControl" not in asset
    keys = json.loads(cloud.text(aws, BUCKET, "keys.json") or "")
    assert [key["kid"] for key in keys["keys"]] == [made["SigningKeyId"]]
    told = aws.client("cloudfront").list_invalidations(DistributionId=made["DistributionId"])
    assert told["InvalidationList"]["Quantity"] == 1
    deploying.publish(aws, made, "dev", NOW + timedelta(hours=1))
    assert set(cloud.listed(aws, BUCKET)) == {*NEW, "keys.json", "release.json"}


def test_emptied(aws: boto3.Session, made: dict[str, str]) -> None:
    """A trial's bucket can be deleted: older versions and marks of deletion are gone too."""
    client = aws.client("s3")
    for body in (b"1", b"2"):
        client.put_object(Bucket=made["SiteBucketName"], Key="a", Body=body)
    client.delete_object(Bucket=BUCKET, Key="a")
    cloud.empty(aws, BUCKET)
    client.delete_bucket(Bucket=BUCKET)
