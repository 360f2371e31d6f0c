"""The operator's commands on the stack that `make run` starts, with CMI's list as it serves it."""

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from local import demo
from tests.stack import ROOT, Running, running

DAY = "2020-05-05"
MORNING = "2020-05-06T09:00:00+00:00"


@pytest.fixture(scope="module")
def stack() -> Iterator[Running]:
    """Start everything."""
    with running() as started:
        yield started


def pay(stack: Running, number: str) -> str:
    """Pay the oldest quarter of a number, as its browser does; give the reference."""
    shown = demo._post(f"{stack.portal}/api/control-code", {})
    asked = {
        "registration_number": number, "control_code": shown["control_code"],
        "ticket": shown["ticket"], "proof": {"number": demo.solve(**shown["proof"])},
    }  # fmt: skip
    found = demo._post(f"{stack.portal}/api/lookup", asked)
    due = next(one for one in found["dues"] if one["state"] == "unpaid")
    order = {
        "session": found["session"], "due_ids": [due["id"]], "card_origin": "LOC",
        "accept_terms": True, "terms_version": "demo", "email": None, "language": "fr",
        "seen_total_centimes": demo._total_centimes(due["amount_centimes"], found["fees"]),
        "key": f"operator-{number}",
    }  # fmt: skip
    started = demo._post(f"{stack.portal}/api/checkout", order)
    page = _form(started["gateway"]["url"], started["gateway"]["fields"])
    session = re.search(r'name="session" value="([^"]+)"', page)
    assert session
    card = {
        "session": session[1], "pan": "4000000000000010", "holder": "A. Payer", "month": "12",
        "year": "2026", "cvv": "123", "accept": "1",
    }  # fmt: skip
    _form(f"{stack.bank}/fim/pay", card)
    return str(started["reference"])


def _form(url: str, fields: dict[str, Any]) -> str:
    with urllib.request.urlopen(url, urlencode(fields).encode(), timeout=20) as answer:  # noqa: S310 - the stack's own address
        return str(answer.read().decode())


def asvi(stack: Running, *typed: str) -> tuple[int, str]:
    """Run a command the morning after, as somebody who set nothing but the port."""
    port = re.search(r"AWS \(moto\)\s+http://127\.0\.0\.1:(\d+)", stack.printed)
    assert port
    done = subprocess.run(
        [sys.executable, "-m", "ops", *typed],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"AWS_PORT": port[1], "PORTAL_NOW": MORNING, "USER": "amina", "PATH": ""},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_morning(stack: Running, tmp_path: Path) -> None:
    """What CMI never captured is found the morning after, taken back, and then both sides agree."""
    good = pay(stack, "123456789")
    stack.fault("loses_reply")
    lost = pay(stack, "300000003")
    assert asvi(stack, "queue") == (0, "Nothing waits.\n")
    file = tmp_path / "captured.csv"
    with urllib.request.urlopen(f"{stack.bank}/captured.csv?day={DAY}", timeout=20) as answer:  # noqa: S310 - the stack's own address
        file.write_bytes(answer.read())
    compared = ["compare", str(file), "--day", DAY]
    ended, told = asvi(stack, *compared)
    assert (ended, "1 matched, 0 missing here, 1 missing there" in told) == (1, True), told
    assert f"{lost[:4]} {lost[4:8]}" in asvi(stack, "queue")[1]
    assert asvi(stack, "uncapture", lost, "--why", "not in CMI's list", "--yes")[0] == 0
    assert asvi(stack, *compared)[0] == 0
    assert asvi(stack, "queue") == (0, "Nothing waits.\n")
    ended, told = asvi(stack, "export", str(tmp_path / "x.csv"), "--day", DAY)
    assert (ended, told.splitlines()[0]) == (0, "1 paid, 1467.06 DH")
    assert good in (tmp_path / "x.csv").read_text()


def test_load_again(stack: Running) -> None:
    """The demo file loaded over a stack in use changes nothing that was paid."""
    file = ROOT / "local" / "demo" / "dues.csv"
    ended, told = asvi(stack, "import", str(file), "--dry-run")
    assert (ended, told.partition(" ")[0]) == (0, "19")
    assert not file.with_name("dues.csv.rejects.csv").exists()
