"""One real start of everything, on free ports, and its end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from local import demo

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0  # generous: the machine that runs the tests may be busy
STOP_SECONDS = 15.0
NOW = "2020-05-05T21:50:51Z"


@dataclass(frozen=True, slots=True)
class Running:
    """A started stack: its process, its address, what it printed until it was ready."""

    process: subprocess.Popen[str]
    portal: str
    bank: str
    printed: str


def free_ports(count: int) -> list[int]:
    """Give ports that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(ports: list[int]) -> subprocess.Popen[str]:
    """Start the stack as `make run` does once all is installed."""
    names = ("PORTAL_PORT", "CMI_PORT", "AWS_PORT")
    told = {name: str(port) for name, port in zip(names, ports, strict=True)}
    return subprocess.Popen(
        [sys.executable, "-m", "local"],
        cwd=ROOT,
        env={**os.environ, **told, "PORTAL_NOW": NOW},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def forget(ports: list[int]) -> None:
    """Remove the logs and pages of a stack that was started on `ports`."""
    shutil.rmtree(ROOT / "build" / f"local-{ports[0]}", ignore_errors=True)


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


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    ports = free_ports(3)
    process = start(ports)
    printed = until_ready(process)
    yield Running(process, f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}", printed)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=STOP_SECONDS)
    forget(ports)


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    """Send a request; give status, headers and body."""
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 - the stack's own address
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - likewise
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def look_up(portal: str, number: str) -> Any:  # noqa: ANN401 - an answer is any JSON
    """Look a number up as the page does."""
    shown = demo._post(f"{portal}/api/control-code", {})
    return demo._post(
        f"{portal}/api/lookup",
        {
            "registration_number": number,
            "control_code": shown["control_code"],
            "ticket": shown["ticket"],
            "proof": {"number": demo.solve(**shown["proof"])},
        },
    )


def children_of(pid: int) -> list[int]:
    """Give the processes that a process has started and that still run."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in rows if int(parent) == pid]


def alive(pids: list[int]) -> list[int]:
    """Give those of some processes that still exist."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True
    ).stdout
    return sorted(set(pids) & {int(pid) for pid in listed.split()})


def test_says_what_there_is(running: Running) -> None:
    """Whoever starts it reads the addresses, numbers, cards, secrets and logs."""
    assert "Ready in" in running.printed
    for told in (running.portal, running.bank, "4000000000000010", "600000001",
                 r"ASVI_local_2020|\key", *demo.SHOWN):  # fmt: skip
        assert told in running.printed


def test_pages_under_the_production_policy(running: Running) -> None:
    """Pages are served under the template's content policy; forms may go to the card page."""
    status, headers, _ = ask(f"{running.portal}/fr/")
    policy = headers["Content-Security-Policy"]
    assert status == 200
    assert f"form-action 'self' {running.bank};" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["Server"] is None


def test_api(running: Running) -> None:
    """The API answers as the functions mean it, and never from a cache."""
    status, headers, body = ask(f"{running.portal}/api/health")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert headers["Cache-Control"] == "no-store"


def test_keys(running: Running) -> None:
    """The key that checks receipts is there, as a P-256 JSON Web Key."""
    (key,) = json.loads(ask(f"{running.portal}/keys.json")[2])["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert len(key["x"]) == len(key["y"]) == 43
    assert key["kid"]


def test_clock(running: Running) -> None:
    """The portal's and the bank's clocks start where they are set."""
    assert look_up(running.portal, "123456789")["as_of"].startswith("2020-05-05T2")


def test_demo_numbers(running: Running) -> None:
    """Each demo number shows what it is there to show."""
    found = {number: look_up(running.portal, number) for number in demo.SHOWN}
    unpaid = {number: answer["unpaid_count"] for number, answer in found.items()}
    assert unpaid == {
        "123456789": 1, "200000002": 0, "300000003": 13,
        "400000004": 2, "500000005": 1, "600000006": 1,
    }  # fmt: skip
    assert len(found["500000005"]["open_payments"]) == 1
    assert found["123456789"]["open_payments"] == []


def test_reset(running: Running) -> None:
    """Going back to the demo data from either side, twice over, leaves the demo data once."""
    demo.start_payment(running.portal)
    assert len(look_up(running.portal, "500000005")["open_payments"]) == 2
    for side in (f"{running.portal}/_local/reset", f"{running.bank}/reset"):
        assert ask(side, "POST")[0] == 200
        assert len(look_up(running.portal, "500000005")["open_payments"]) == 1
    assert json.loads(ask(f"{running.portal}/_local/mail.json")[2]) == []


def test_reset_from_another_site(running: Running) -> None:
    """A page of another site cannot wipe what somebody is trying out."""
    status, _, _ = ask(f"{running.portal}/_local/reset", "POST", **{"Sec-Fetch-Site": "cross-site"})
    assert status == 400
    assert ask(f"{running.portal}/_local/reset")[0] == 405


@pytest.mark.parametrize("variable", ["PORTAL_PORT", "CMI_PORT", "AWS_PORT"])
def test_taken_port(running: Running, variable: str) -> None:
    """A taken port ends the start with one line that names the port and the variable."""
    names = ["PORTAL_PORT", "CMI_PORT", "AWS_PORT"]
    taken = int(running.portal.rpartition(":")[2])
    ports = free_ports(3)
    ports[names.index(variable)] = taken
    process = start(ports)
    printed, _ = process.communicate(timeout=READY_SECONDS)
    assert process.returncode == 1
    assert printed.count("\n") == 1
    assert f"Port {taken} " in printed
    assert variable in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop(number: signal.Signals) -> None:
    """Ctrl-C and a polite kill end everything: no process and no listening port is left."""
    ports = free_ports(3)
    process = start(ports)
    until_ready(process)
    children = children_of(process.pid)
    assert len(children) > 5  # five functions and the bank
    process.send_signal(number)
    printed, _ = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 0
    assert "Stopped." in printed
    assert "Traceback" not in printed
    assert alive(children) == []
    for port in ports:
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", port)) != 0
    forget(ports)


@pytest.mark.parametrize("seconds", [0.6, 2.5])
def test_stop_while_starting(seconds: float) -> None:
    """Ctrl-C during the start ends what was started so far, without a word of Python."""
    ports = free_ports(3)
    process = start(ports)
    time.sleep(seconds)
    children = children_of(process.pid)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 0
    assert "Traceback" not in printed
    assert alive(children) == []
    forget(ports)
