from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmi_simulator.settings import SettingsError, read

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cmi_simulator"
ALLOWED = sys.stdlib_module_names | {"cmi_simulator", "jinja2", "werkzeug"}
KEY = {"CMI_STORE_KEY": "key"}


def imported(source: str) -> set[str]:
    """Return the top-level packages that a source imports, in any way."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Name) and node.id in {"__import__", "import_module"}:
            names.add("dynamic")
    # Data of an installed package is no code.
    return {name.split(".")[0] for name in names - {"importlib.resources"}}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_apart(path: Path) -> None:
    """The bank shares no code with the portal, so that neither repeats the other's mistake."""
    assert imported(path.read_text(encoding="utf-8")) <= ALLOWED - {"site", "importlib"}


@contextmanager
def running(**variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program, and leave no process behind."""
    program = subprocess.Popen(
        [sys.executable, "-m", "cmi_simulator"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with program:
            yield program
            program.kill()
    finally:
        program.kill()


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_program(stop: signal.Signals) -> None:
    """It says ready once it listens, on loopback only, keeps quiet, and stops at once."""
    port = free_port()
    with running(**KEY, CMI_PORT=str(port), CMI_NOW="2020-05-05T21:50:51Z") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == "ready\n"
        with urllib.request.urlopen(f"http://localhost:{port}/cards.json", timeout=5) as answer:
            assert len(json.load(answer)) == 13
        began = time.monotonic()
        program.send_signal(stop)
        assert program.wait(timeout=5) == 0
        assert time.monotonic() - began < 1
        assert program.stdout.read() + program.stderr.read() == ""


def test_taken_port() -> None:
    """A taken port is one clear line that names the variable."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        with running(**KEY, CMI_PORT=port) as program:
            _, errors = program.communicate(timeout=10)
    assert program.returncode == 1
    assert errors.count("\n") == 1
    assert port in errors
    assert "CMI_PORT" in errors


def test_missing_key() -> None:
    """Without the store key it does not start, and says what is missing."""
    with running() as program:
        _, errors = program.communicate(timeout=10)
    assert program.returncode == 1
    assert errors == "cmi_simulator: CMI_STORE_KEY is missing: the merchant's key for the hash\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CMI_PORT", "http"),
        ("CMI_PORT", "65536"),
        ("CMI_PORT", "²"),
        ("CMI_NOW", "yesterday"),
        ("CMI_NOW", "2020-05-05T21:50:51"),
        ("CMI_RESET_URL", "http://example.ma/reset"),
    ],
)
def test_bad_setting(name: str, value: str) -> None:
    """A setting that makes no sense is refused by name at the start."""
    with pytest.raises(SettingsError, match=name):
        read(KEY | {name: value})


def test_settings() -> None:
    """Every variable is read; what is not set has the local stack's value."""
    plain = read(KEY)
    assert (plain.merchant, plain.port, plain.start) == ("600000001", 8001, None)
    assert (plain.api_name, plain.api_password, plain.reset_url) == ("asvi_api", "asvi_local", "")
    told = read(
        KEY
        | {
            "CMI_MERCHANT": "600000009",
            "CMI_PORT": "18099",
            "CMI_NOW": "2020-05-05T22:50:51+01:00",
            "CMI_RESET_URL": "http://127.0.0.1:8000/_local/reset",
            "CMI_API_NAME": "a",
            "CMI_API_PASSWORD": "b",
        }
    )
    assert (told.merchant, told.port, told.api_name, told.api_password) == (
        "600000009",
        18099,
        "a",
        "b",
    )
    assert told.start is not None
    assert told.start.isoformat() == "2020-05-05T22:50:51+01:00"
    assert told.reset_url.endswith("/_local/reset")
