"""What the operator sees of payments: the queue, and one payment's story."""

from datetime import timedelta

import pytest

from functions.shared.aws import letters, rows, table, work
from functions.shared.rules.orders import DueState
from tests.handlers.wire import quarters
from tests.ops.conftest import Desk
from tests.portal import DECLINED, NUMBER, Json, Portal


def test_empty_queue(asvi: Desk) -> None:
    """An empty queue says so."""
    assert asvi.does("queue").strip() == "Nothing waits."


def test_queue(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """What waits is shown oldest first, on Morocco's clock, with why and what to do."""
    other = capturing["reference"]
    key = rows.order_key(other)
    work.enqueue(key, "no status API to prove the capture", portal.now)
    portal.now += timedelta(hours=1)
    reserved = {"pk": key[0], "sk": "ATTEMPT#T9#00", "waits": "WORK#1", "waits_at": "2020"}
    table.write(table.put(reserved))
    work.enqueue((key[0], "ATTEMPT#T9#00"), "CMI captured what we refused: refund", portal.now)
    shown = [line for line in asvi.does("queue").splitlines() if "2020-05-05" in line]
    assert "2020-05-05 21:50:51" in shown[0]
    assert "asvi settle REFERENCE paid" in shown[0]
    assert "refused money T9" in shown[1]
    assert "give it back or void it" in shown[1]
    portal.now -= timedelta(hours=1, minutes=10)
    assert "T9" in asvi.does("queue")  # put there by a clock that is ahead (event 108)
    few = asvi.does("queue", "--most", "1")
    assert "T9" not in few
    assert "there may be more" in few


def test_queue_of_letters(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A letter that SES refused waits there, and what to do is to send it again."""
    letters.claim(paid["reference"], "1", portal.now)
    letters.refused(paid["reference"], "1", portal.now)
    told = asvi.does("queue")
    assert "letter 1" in told
    assert "SES refused it" in told
    assert "asvi resend" in told


def test_show(portal: Portal, asvi: Desk) -> None:
    """A payment is one story in order of time: attempts, letters, what was done, by whom."""
    portal.load(quarters(1)[0])
    order = portal.checkout().json
    portal.now += timedelta(minutes=1)
    portal.verdict(order, DECLINED, TransId="T0")
    portal.now += timedelta(minutes=1)
    portal.verdict(order)
    portal.stream()
    portal.now += timedelta(days=2)
    asvi.does("refund", order["reference"], "--why", "paid twice [red]")
    told = asvi.does("show", order["reference"])
    story = [line.split("  ", 1)[1].strip() for line in told.splitlines() if ":5" in line]
    assert [line.split(":")[0].split(" (")[0] for line in story] == [
        "payment started", "CMI, transaction T0", "CMI, transaction T1", "accepted", "paid",
        "letter 1", "letter 1", "letter 1", "refunded by amina",
    ]  # fmt: skip
    assert "declined (funds, 51); we replied APPROVED" in story[1]
    assert "approved; we replied ACTION=POSTAUTH" in story[2]
    assert story[-1].endswith("paid twice [red]")
    assert "State: refunded" in told
    assert "2020-05-05 21:51:51" in told
    assert "now unpaid" in told


def test_number_is_masked(portal: Portal, asvi: Desk, paid: Json) -> None:
    """The registration number, and what may hold it, show only where they are asked for."""
    told = asvi.does("show", paid["reference"])
    assert "xxxxx6789" in told
    for hidden in (NUMBER, "payer@example.ma", "BPC2020010004319"):
        assert hidden not in told
    asked = asvi.does("show", paid["reference"], "--number")
    assert NUMBER in asked
    assert "BPC2020010004319" in asked
    assert "payer@example.ma" not in asked
    assert NUMBER not in asvi("uncapture", paid["reference"], "--why", "x", answer="n\n").output
    assert portal.due_states() == [DueState.PAID]


def test_reference_as_read_out(asvi: Desk, paid: Json) -> None:
    """A reference may be typed as a payer reads it: in groups, in Arabic digits."""
    plain = paid["reference"]
    grouped = f"{plain[:4]} {plain[4:8]} {plain[8:12]} {plain[12:]}"
    arabic = plain.translate({ord(str(n)): chr(0x660 + n) for n in range(10)})
    assert asvi.does("show", grouped) == asvi.does("show", arabic) == asvi.does("show", plain)


def test_terminal_is_safe(portal: Portal, asvi: Desk, paid: Json) -> None:
    """Nothing that came from outside moves the cursor, or turns a line around, or is markup."""
    evil = "\x1b[2J[bold]\u202eabc\x07"
    event = rows.event_row(paid["reference"], "noted", "somebody", evil, portal.now)
    table.write(table.put(event))
    told = asvi.does("show", paid["reference"])
    assert "[bold]" in told
    assert not {"\x1b", "\u202e", "\x07"} & set(told)


@pytest.mark.parametrize("command", [["queue"], ["show", "98000000000005"]])
def test_looking_changes_nothing(
    portal: Portal, asvi: Desk, paid: Json, command: list[str]
) -> None:
    """Looking writes nothing."""
    before = portal.rows()
    asvi(*[paid["reference"] if word.isdigit() else word for word in command])
    assert portal.rows() == before
