"""One real start of everything, on free ports, and its end."""

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest

from local import demo
from tests import stack
from tests.stack import PORTS, READY_SECONDS, STOP_SECONDS, Running, forget, free_ports, start


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with stack.running() as started:
        yield started


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    """Send a request; give status, headers and body."""
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 - the stack's own address
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - likewise
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


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
    assert running.look_up("123456789")["as_of"].startswith("2020-05-05T2")


def test_demo_numbers(running: Running) -> None:
    """Each demo number shows what it is there to show."""
    found = {number: running.look_up(number) for number in demo.SHOWN}
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
    assert len(running.look_up("500000005")["open_payments"]) == 2
    for side in (f"{running.portal}/_local/reset", f"{running.bank}/reset"):
        assert ask(side, "POST")[0] == 200
        assert len(running.look_up("500000005")["open_payments"]) == 1
    assert json.loads(ask(f"{running.portal}/_local/mail.json")[2]) == []


def test_reset_from_another_site(running: Running) -> None:
    """A page of another site cannot wipe what somebody is trying out."""
    status, _, _ = ask(f"{running.portal}/_local/reset", "POST", **{"Sec-Fetch-Site": "cross-site"})
    assert status == 400
    assert ask(f"{running.portal}/_local/reset")[0] == 405


@pytest.mark.parametrize("variable", PORTS)
def test_taken_port(running: Running, variable: str) -> None:
    """A taken port ends the start with one line that names the port and the variable."""
    taken = int(running.portal.rpartition(":")[2])
    ports = free_ports(3)
    ports[PORTS.index(variable)] = taken
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
    stack.until_ready(process)
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
