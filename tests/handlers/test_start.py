"""What a container has at hand before its first event."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.deployment import described, environment

ROOT = Path(__file__).parents[2]
PROGRAM = """
import gc, importlib, json, sys
importlib.import_module(sys.argv[1])
from functions.shared import settings
from functions.shared.aws import clients, table
print(json.dumps({
    "table": table.client.cache_info().currsize,
    "session": clients._session.cache_info().currsize,
    "settings": settings.read.cache_info().currsize,
    "collecting": gc.isenabled(),
    "left_alone": gc.get_freeze_count(),
}))
"""
WITH_A_KEY = """
import importlib, json, os, sys
import boto3
from moto import mock_aws
with mock_aws():
    boto3.client("secretsmanager").create_secret(
        Name=os.environ["STORE_KEY_SECRET"], SecretString=json.dumps({"current": sys.argv[2]})
    )
    importlib.import_module(sys.argv[1])
"""
HANDLERS = [function.handler.rpartition(".")[0] for function in described().functions()]


def ran(program: str, *arguments: str, **told: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in a process of its own, in the functions' environment."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, env={**os.environ, **environment(), **told},
        capture_output=True, check=False, text=True,
    )  # fmt: skip


def started(handler: str, **told: str) -> dict[str, int]:
    """Import a handler in a process of its own, and give what stands then."""
    found: dict[str, int] = json.loads(ran(PROGRAM, handler, **told).stdout)
    return found


@pytest.mark.parametrize("handler", HANDLERS)
def test_in_lambda(handler: str) -> None:
    """A payer's first event finds settings checked and clients made, and garbage is collected."""
    found = started(handler, AWS_LAMBDA_INITIALIZATION_TYPE="on-demand")
    assert found.pop("left_alone") > 10_000
    assert found == {"table": 1, "session": 1, "settings": 1, "collecting": True}


@pytest.mark.parametrize("key", ["", "TEST1234", "short", "abcd1234 ", " " * 9, None])
@pytest.mark.parametrize("handler", ["callback", "checkout"])
def test_cmi_key(handler: str, key: str | None) -> None:
    """Nothing that signs or believes starts with a key that is empty, short or a sample (§6.3)."""
    end = ran(
        WITH_A_KEY, f"functions.{handler}.handler", "a key of CMI's" if key is None else key,
        AWS_LAMBDA_INITIALIZATION_TYPE="on-demand",
    )  # fmt: skip
    assert (end.returncode == 0) is (key is None)
    assert ("a key is empty, short or a published sample" in end.stderr) is (key is not None)


def test_elsewhere() -> None:
    """On a developer's machine importing a handler calls nobody and changes nothing."""
    found = started("functions.lookup.handler")
    expected = {"table": 0, "session": 0, "settings": 0, "collecting": True, "left_alone": 0}
    assert found == expected
