"""A verdict that meets a cold function: how much it loads, and how often it calls (event 101).

How long CMI waits for our reply is not published: ask CMI. What can be held is that a cold start
carries nothing that a verdict does not need. The size of the package is `tests/artifact`'s.
"""

import subprocess
import sys
from pathlib import Path

from functions.shared.aws import secrets, table
from tests.handlers.wire import calls
from tests.portal import Portal, forget

ROOT = Path(__file__).parents[2]
HEAVY = (
    "typst", "segno", "defusedxml", "babel", "jinja2", "moto", "rich", "typer", "werkzeug",
    "functions.letter", "functions.settlement", "functions.intake", "email.mime", "pydantic.v1",
)  # fmt: skip
PROGRAM = """
import resource, sys
import functions.callback.handler
spent = resource.getrusage(resource.RUSAGE_SELF)
print(spent.ru_utime + spent.ru_stime)
print(*sys.modules)
"""
# Of processor time, however busy the machine is.
MOST_SECONDS = 3.0


def test_import() -> None:
    """Loading the callback takes little, and nothing that makes letters or asks CMI (event 101)."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True, text=True
    )
    seconds, modules = ran.stdout.splitlines()
    loaded = set(modules.split())
    assert not [name for name in HEAVY if name in loaded]
    assert "functions.callback.handler" in loaded
    assert float(seconds) < MOST_SECONDS


def test_first_verdict(portal: Portal) -> None:
    """A cold container asks for its key, reads once and writes once, then it replies (event 101)."""
    order = portal.checkout().json
    forget()
    table.client()
    secrets.client()
    with calls() as made:
        assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert made == ["GetSecretValue", "BatchGetItem", "TransactWriteItems"]  # I24: three at most
