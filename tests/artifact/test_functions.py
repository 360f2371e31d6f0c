"""What is deployed does the work: each artifact in AWS's emulator, with real events."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from functions.shared.aws import dues, orders
from functions.shared.rules.orders import DueState
from local.aws import Cloud
from tests.artifact.conftest import Built
from tests.artifact.deployed import Deployed, deployed, listening_socket
from tests.artifact.emulator import Emulated
from tests.dynamodb.test_races import order as started_order
from tests.portal import GOLDEN, NUMBER, TEMPLATE

MOST_TRIES = 10
LINES = (
    b"registration_number,year,quarter,amount_dh,reference,account,paid_on\n"
    b"987654321,2020,2,12.00,R2,BPC,\n"
    b"not-a-number,2020,2,12.00,R3,BPC,\n"
)


@pytest.fixture(scope="module")
def portal(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Put the built functions on the template's own table, with the golden due."""
    with deployed(built, tmp_path_factory.mktemp("emulated")) as standing:
        standing.load(GOLDEN)
        yield standing


def test_payment(portal: Deployed) -> None:
    """From the code to the letter and the PDF, by the artifacts alone."""
    order = portal.checkout().json
    reply = portal.verdict(order)
    assert (reply.status, reply.text) == (200, "ACTION=POSTAUTH")
    assert portal.due_states() == [DueState.PAID]
    assert portal.stream() == {"batchItemFailures": []}
    receipt = portal.receipt(order).json
    assert (receipt["state"], receipt["letter"]["state"]) == ("paid", "sent")
    asked = {"reference": order["reference"], "registration_number": NUMBER, "language": "ar"}
    paper = portal.post("/api/receipt/pdf", asked)
    assert paper.body.startswith(b"%PDF-")
    assert portal.post("/api/control-code").status == 200


def test_given_up(portal: Deployed) -> None:
    """The sweep expires what was given up, so that its payer may start again."""
    order = _started_an_hour_ago()
    assert portal.invoke("SettlementFunction", {"sweep": True}) == {"batchItemFailures": []}
    found = orders.payment(order)
    assert found
    assert found.order.state == "expired"


def _started_an_hour_ago() -> str:
    before = datetime.now(UTC) - timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.dynamodb.test_races.NOW", before)
        return started_order(NUMBER, 1, GOLDEN).reference


def test_dues_dropped(portal: Deployed) -> None:
    """A file that the core system drops is loaded, and its wrong lines are written beside it."""
    where = {"LocationConstraint": "eu-west-3"}
    files = boto3.client("s3")
    files.create_bucket(Bucket="intake", CreateBucketConfiguration=where)
    files.put_object(Bucket="intake", Key="dues/may.csv", Body=LINES)
    detail = {"bucket": {"name": "intake"}, "object": {"key": "dues/may.csv"}}
    told = {"detail-type": "Object Created", "time": "2020-05-05T21:50:51Z", "detail": detail}
    assert portal.invoke("IntakeFunction", told) == {}
    ((due,), _) = dues.of_number("987654321")
    assert due.amount_centimes == 1200
    rejects = files.get_object(Bucket="intake", Key="rejects/may.csv.rejects.csv")["Body"].read()
    assert b"not-a-number" in rejects


@pytest.mark.parametrize("function", [one.name for one in TEMPLATE.functions()])
def test_loads(portal: Deployed, function: str) -> None:
    """Every function of the template loads from its artifact, byte code and all."""
    with portal.run(function, 5) as running:
        running.invoke({})
        assert "INIT RTDONE(status: success)" in running.log()
        assert "ImportModuleError" not in running.log()


def test_killed_in_time(portal: Deployed) -> None:
    """A function that hangs on AWS is ended at its time-out; the next call has a fresh one."""
    with listening_socket() as silent:
        _hangs_then_answers(portal, silent)


def _hangs_then_answers(portal: Deployed, silent: socket.socket) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    event = portal.event("POST", "/api/control-code", {})
    with portal.run("LookupFunction", 1, url) as running:
        began = time.monotonic()
        assert running.invoke(event) == "Task timed out after 1.00 seconds"
        assert time.monotonic() - began < 10
        assert running.runs() == []
        awake = Cloud(silent)
        try:
            assert _code(running, portal) == 4
        finally:
            awake.stop()


def _code(running: Emulated, portal: Deployed) -> int:
    """Ask for a code as often as a cold start on a busy machine may need; give its length."""
    for _ in range(MOST_TRIES):
        answer = running.invoke(portal.event("POST", "/api/control-code", {}))
        if isinstance(answer, dict):
            return len(json.loads(answer["body"])["control_code"])
    raise TimeoutError("no fresh function answers")
