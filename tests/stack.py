"""A stack of one's own: everything that `make run` starts, on free ports, until the tests end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import demo

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0  # generous: the machine that runs the tests may be busy
STOP_SECONDS = 15.0
NOW = "2020-05-05T21:50:51Z"
PORTS = ("PORTAL_PORT", "CMI_PORT", "AWS_PORT")


@dataclass(frozen=True, slots=True)
class Running:
    """A started stack: its process, its addresses, what it printed until it was ready."""

    process: subprocess.Popen[str]
    portal: str
    bank: str
    printed: str

    def read(self, url: str) -> Any:  # noqa: ANN401 - whatever JSON stands there
        """Read a JSON of the portal or the bank."""
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - the stack's own address
            return json.load(answer)

    def mail(self) -> list[dict[str, Any]]:
        """Give the letters that were sent."""
        letters: list[dict[str, Any]] = self.read(f"{self.portal}/_local/mail.json")
        return letters

    def look_up(self, number: str) -> Any:  # noqa: ANN401 - an answer is any JSON
        """Look a number up as the page does."""
        shown = demo._post(f"{self.portal}/api/control-code", {})
        return demo._post(
            f"{self.portal}/api/lookup",
            {
                "registration_number": number,
                "control_code": shown["control_code"],
                "ticket": shown["ticket"],
                "proof": {"number": demo.solve(**shown["proof"])},
            },
        )

    def ledger(self) -> list[dict[str, Any]]:
        """Give the bank's own account of what it authorised and captured."""
        entries: list[dict[str, Any]] = self.read(f"{self.bank}/ledger.json")
        return entries

    def reset(self) -> None:
        """Bring both sides back to the demo data."""
        self._post(f"{self.bank}/reset", b"")

    def fault(self, name: str, *, on: bool = True, seconds: float | None = None) -> None:
        """Switch one of the bank's faults; `seconds`: of a delay."""
        asked = {"name": name, "on": on} | ({"seconds": seconds} if seconds else {})
        self._post(f"{self.bank}/faults", json.dumps(asked).encode())

    def play(self, number: int, asked: str) -> None:
        """Let SES tell of a letter (the first is 1): deliver, bounce, complain or reject."""
        self._post(f"{self.portal}/_local/mail/{number}/{asked}", b"")

    def _post(self, url: str, content: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, content, headers, method="POST")  # noqa: S310 - likewise
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310 - likewise
            pass


def free_ports(count: int) -> list[int]:
    """Give ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(
    ports: list[int], word: str = "run", root: Path = ROOT, **environment: str
) -> subprocess.Popen[str]:
    """Start the stack of the tree at `root`, as `make run` does once all is installed."""
    told = {name: str(port) for name, port in zip(PORTS, ports, strict=True)} | environment
    return subprocess.Popen(
        [sys.executable, "-m", "local", word],
        cwd=root,
        env={**os.environ, **told, "PORTAL_NOW": NOW},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def forget(ports: list[int], root: Path = ROOT) -> None:
    """Remove the logs and pages of a stack that was started on `ports`."""
    shutil.rmtree(root / "build" / f"local-{ports[0]}", ignore_errors=True)


def until_ready(process: subprocess.Popen[str]) -> str:
    """Read what the stack prints up to its last line, where the logs are named."""
    assert process.stdout
    limit = time.monotonic() + READY_SECONDS
    lines: list[str] = []
    while time.monotonic() < limit:
        lines.append(process.stdout.readline())
        if "cmi.log" in lines[-1] or not lines[-1]:
            break
    return "".join(lines)


@contextmanager
def running(word: str = "run", root: Path = ROOT, **environment: str) -> Iterator[Running]:
    """Run the stack of the tree at `root`, told what else is in its environment; and end it."""
    ports = free_ports(3)
    process = start(ports, word, root, **environment)
    try:
        printed = until_ready(process)
        assert "Ready in" in printed, printed
        portal, bank = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
        yield Running(process, portal, bank, printed)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_SECONDS)
        forget(ports, root)
