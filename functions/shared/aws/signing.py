"""The key that signs receipts, by KMS: ECDSA P-256 with SHA-256."""

from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared.aws import clients
from functions.shared.rules.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@cache
def client() -> "KMSClient":
    """Give the container's KMS client."""
    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})
    made: KMSClient = clients.make("kms", config)
    return made


def sign(text: str, key: str) -> bytes:
    """Sign a text of at most 4096 bytes; give the signature in DER. Raise Unavailable."""
    try:
        answer = client().sign(
            KeyId=key,
            Message=text.encode(),
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
    return answer["Signature"]
