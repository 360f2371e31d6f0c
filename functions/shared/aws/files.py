"""Files in S3: read whole up to a size, written whole."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.aws import clients
from functions.shared.rules.errors import Unavailable


@cache
def client() -> Any:  # noqa: ANN401 - one function uses two calls: no stubs for them
    """Give the container's S3 client."""
    config = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 3})
    return clients.make("s3", config)


def read(bucket: str, key: str, most_bytes: int) -> bytes | None:
    """Give what an object holds; None where that is more than `most_bytes`. Raise Unavailable."""
    try:
        answer = client().get_object(Bucket=bucket, Key=key)
        if answer["ContentLength"] > most_bytes:
            answer["Body"].close()
            return None
        content: bytes = answer["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    return content


def write(bucket: str, key: str, text: str) -> None:
    """Write a CSV object. Raise Unavailable."""
    try:
        client().put_object(
            Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/csv; charset=utf-8"
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
