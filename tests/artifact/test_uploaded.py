"""What SAM uploads is the zip whose hash was printed: what runs can be compared with a commit."""

import base64
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import boto3

from local.aws import Cloud
from local.process import account
from tests.artifact.conftest import Built
from tests.artifact.deployed import listening_socket
from tools import build

BUCKET = "uploads"
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  LookupFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {zip}
      Handler: functions.lookup.handler.handle
      Runtime: python3.14
"""


def packaged(template: Path, told: dict[str, str]) -> None:
    """Let SAM upload what a template names, as the first half of `sam deploy` does."""
    command = [
        str(build.SAM), "package", "--template-file", str(template), "--s3-bucket", BUCKET,
        "--region", "eu-west-3", "--no-progressbar",
        "--output-template-file", str(template.with_suffix(".packaged.yaml")),
    ]  # fmt: skip
    subprocess.run(command, env=os.environ | told, check=True, capture_output=True)


def test_uploaded(built: Built, tmp_path: Path) -> None:
    """SAM takes our zip as it is, and so Lambda will show the hash that `make build` printed."""
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.format(zip=built.out / "LookupFunction.zip"))
    with listening_socket() as listening:
        cloud = Cloud(listening)
        told = account(f"http://127.0.0.1:{listening.getsockname()[1]}")
        client = boto3.client(
            "s3", endpoint_url=told["AWS_ENDPOINT_URL"], region_name="eu-west-3",
            aws_access_key_id="local", aws_secret_access_key="local",
        )  # fmt: skip
        where: Any = {"LocationConstraint": "eu-west-3"}
        try:
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
            packaged(template, told | {"SAM_CLI_TELEMETRY": "0"})
            (uploaded,) = client.list_objects_v2(Bucket=BUCKET)["Contents"]
            content = client.get_object(Bucket=BUCKET, Key=uploaded["Key"])["Body"].read()
        finally:
            cloud.stop()
    facts = json.loads((built.out / build.LIST).read_text())["functions"]["LookupFunction"]
    assert base64.b64encode(hashlib.sha256(content).digest()).decode() == facts["code_sha256"]
