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
HANDLERS = [function.handler.rpartition(".")[0] for function in described().functions()]


def started(handler: str, **told: str) -> dict[str, int]:
    """Import a handler in a process of its own, and give what stands then."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, handler],
        cwd=ROOT, env={**os.environ, **environment(), **told},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    found: dict[str, int] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("handler", HANDLERS)
def test_in_lambda(handler: str) -> None:
    """A payer's first event finds settings checked and clients made, and garbage is collected."""
    found = started(handler, AWS_LAMBDA_INITIALIZATION_TYPE="on-demand")
    assert found.pop("left_alone") > 10_000
    assert found == {"table": 1, "session": 1, "settings": 1, "collecting": True}


def test_elsewhere() -> None:
    """On a developer's machine importing a handler calls nobody and changes nothing."""
    found = started("functions.lookup.handler")
    expected = {"table": 0, "session": 0, "settings": 0, "collecting": True, "left_alone": 0}
    assert found == expected
