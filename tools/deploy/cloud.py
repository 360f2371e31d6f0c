"""What a deployment asks of AWS beside SAM: the stack's outputs, the bucket of pages, the CDN."""

from typing import Any

import boto3
from botocore.exceptions import ClientError

from local.keys import jwk
from tools.deploy.pages import Put

MOST_KEYS = 1000


def outputs(session: boto3.Session, stack: str) -> dict[str, str] | None:
    """Give a stack's outputs by name; None where there is no such stack."""
    try:
        (found,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def listed(session: boto3.Session, bucket: str) -> list[str]:
    """Give the names of all that a bucket holds."""
    pages = session.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [one["Key"] for page in pages for one in page.get("Contents", [])]


def text(session: boto3.Session, bucket: str, key: str) -> str | None:
    """Give what an object holds; None where there is none."""
    try:
        body = session.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return str(body.read().decode())


def store(session: boto3.Session, bucket: str, puts: list[Put]) -> None:
    """Store files in the order given."""
    client = session.client("s3")
    for put in puts:
        cached: Any = {"CacheControl": put.cache_control} if put.cache_control else {}
        client.put_object(
            Bucket=bucket, Key=put.key, Body=put.content, ContentType=put.content_type, **cached
        )


def remove(session: boto3.Session, bucket: str, keys: list[str]) -> None:
    """Delete objects; a versioned bucket still has them for a while."""
    for start in range(0, len(keys), MOST_KEYS):
        named = [{"Key": key} for key in keys[start : start + MOST_KEYS]]
        session.client("s3").delete_objects(Bucket=bucket, Delete={"Objects": named, "Quiet": True})


def empty(session: boto3.Session, bucket: str) -> None:
    """Delete all that a bucket holds, older versions too."""
    client = session.client("s3")
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            client.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


def invalidate(session: boto3.Session, distribution: str, call: str) -> None:
    """Have the CDN ask the bucket again for everything; `call` names the request."""
    session.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": call},
    )


def public_keys(session: boto3.Session, key_ids: list[str]) -> list[dict[str, str]]:
    """Give the public halves of signing keys as pages read them."""
    client = session.client("kms")
    return [jwk(one, client.get_public_key(KeyId=one)["PublicKey"]) for one in key_ids]
