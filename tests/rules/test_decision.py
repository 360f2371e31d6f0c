"""The decision table of the callback (`reliability.md` §2.4), row by row."""

from urllib.parse import parse_qs, urlencode

import pytest

from cmi_simulator import verdict
from functions.shared.rules.cmi.answer import Forged, Message, Reading, Unreadable, read
from functions.shared.rules.decision import Decision, Evidence, Reply, Save, decide, vouched
from functions.shared.rules.orders import Attempt, Order, OrderState
from tests.rules.samples import (
    DECLINED,
    FORM_TYPE,
    KEY,
    KEYS,
    MERCHANT,
    ORDER,
    REFERENCE,
    answer,
    attempt,
    message,
    order,
    reading,
    without,
)

O = OrderState  # noqa: E741 - the table below reads as the document's
CAPTURE, ACKNOWLEDGE, FAILURE = Reply
NOTHING, SUSPECT, ATTEMPT, PAYMENT = Save


def decided(
    said: Reading, of: Order | None = ORDER, before: Attempt | None = None, *, free: bool = True
) -> Decision:
    """Decide where CMI's own acceptance is the proof."""
    return decide(said, of, before, MERCHANT, "callback", dues_free=free)


# what CMI says, row, reply, what is saved, whether a person is paged, whether money is released
SAID = [
    pytest.param(Unreadable("form"), "1", FAILURE, NOTHING, False, False, id="event 41 no form"),
    pytest.param(Forged(), "2", FAILURE, NOTHING, False, False, id="forged"),
    pytest.param(message(clientid="600000002"), "3", FAILURE, NOTHING, True, False, id="event 54 merchant"),
    pytest.param(message(storetype="3d_pay"), "4", FAILURE, SUSPECT, True, False, id="event 53 storetype"),
    pytest.param(message(okUrl="https://evil"), "4", FAILURE, SUSPECT, True, False, id="event 53 okUrl"),
    pytest.param(message(failUrl=""), "4", FAILURE, SUSPECT, True, False, id="event 53 failUrl"),
    pytest.param(message(orgRnd="other"), "4", FAILURE, SUSPECT, True, False, id="event 53 orgRnd"),
    pytest.param(reading(without(answer(), "storetype")), "4", FAILURE, SUSPECT, True, False, id="event 53 gone"),
    pytest.param(message(amount="1467.05"), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 75 less"),
    pytest.param(message(amount="1467.07"), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 75 more"),
    pytest.param(message(amount="1467.060"), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 74 text"),
    pytest.param(message(amount=" 1467.06"), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 74 blank"),
    pytest.param(reading(without(answer(), "amount")), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 75 none"),
    pytest.param(message(currency="978"), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 75 euros"),
    pytest.param(reading(without(answer(), "currency")), "5", ACKNOWLEDGE, ATTEMPT, True, True, id="event 75 no cur"),
    pytest.param(message(said=DECLINED, amount="1.00"), "5", ACKNOWLEDGE, ATTEMPT, True, False, id="event 75 declined"),
    pytest.param(message(said=DECLINED), "6", ACKNOWLEDGE, ATTEMPT, False, False, id="event 65 declined"),
    *[
        pytest.param(message(ProcReturnCode=code, Response="Declined"), "6", ACKNOWLEDGE, ATTEMPT,
                     False, False, id=f"event 71 {code!r}")
        for code in ("", " 00", "00 ", "0", "000", "00\n", "٠٠", "99", "OO")
    ],
    pytest.param(message(ProcReturnCode="51"), "6", ACKNOWLEDGE, ATTEMPT, True, True, id="event 72 51 Approved"),
    *[
        pytest.param(message(Response=response), "6b", ACKNOWLEDGE, ATTEMPT, True, True,
                     id=f"event 72 00 {response!r}")
        for response in ("Error", "Declined", "", "approved", "Approved ")
    ],
    pytest.param(message(TransId=""), "6b", ACKNOWLEDGE, ATTEMPT, True, True, id="no TransId"),
    *[
        pytest.param(message(mdStatus=status), "6b", ACKNOWLEDGE, ATTEMPT, True, True,
                     id=f"event 73 mdStatus {status!r}")
        for status in ("0", "5", "6", "7", "8", "9", "", "11", " 1", "١")
    ],
    *[
        pytest.param(message(mdStatus=status), "10", CAPTURE, PAYMENT, False, False, id=f"mdStatus {status}")
        for status in ("1", "2", "3", "4")
    ],
    pytest.param(message(amount="1467.06", lang="en", email="other@example.ma", tel="1"), "10",
                 CAPTURE, PAYMENT, False, False, id="other echoes are not compared"),
    pytest.param(reading(without(answer(), "orgRnd")), "10", CAPTURE, PAYMENT, False, False, id="no orgRnd"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "row", "reply", "save", "page", "release"), SAID)
def test_what_cmi_says(
    said: Reading, row: str, reply: Reply, save: Save, page: bool, release: bool
) -> None:
    """On an open order whose dues are free, the message alone decides."""
    decision = decided(said)
    assert decision.row.split()[0] == row
    assert (decision.reply, decision.save) == (reply, save)
    assert (decision.page, decision.release) == (page, release)


# the order's state, dues free, the same verdict before; row, reply, saved, paged
STANDS = [
    (O.OPEN, True, None, "10", CAPTURE, PAYMENT, False),
    (O.EXPIRED, True, None, "10", CAPTURE, PAYMENT, False),  # event 38
    (O.OPEN, False, None, "8", ACKNOWLEDGE, ATTEMPT, False),  # events 29, 30 and 76
    (O.EXPIRED, False, None, "8", ACKNOWLEDGE, ATTEMPT, False),
    (O.CAPTURING, True, None, "8", ACKNOWLEDGE, ATTEMPT, False),  # events 37 and 68
    (O.PAID, True, None, "8", ACKNOWLEDGE, ATTEMPT, False),
    (O.RELEASED, True, None, "8", ACKNOWLEDGE, ATTEMPT, True),
    (O.UNCAPTURED, True, None, "8", ACKNOWLEDGE, ATTEMPT, True),
    (O.REFUNDED, True, None, "8", ACKNOWLEDGE, ATTEMPT, True),
    (O.PAID, True, attempt(), "7", CAPTURE, NOTHING, False),  # events 63 and 70
    (O.CAPTURING, True, attempt(), "7", CAPTURE, NOTHING, False),
    (O.PAID, True, attempt("APPROVED"), "7", ACKNOWLEDGE, NOTHING, False),
    (O.OPEN, True, attempt("APPROVED"), "7", ACKNOWLEDGE, NOTHING, False),
    (O.EXPIRED, True, attempt("APPROVED"), "7", ACKNOWLEDGE, NOTHING, False),
    (O.RELEASED, True, attempt(), "7", ACKNOWLEDGE, NOTHING, True),  # event 70
    (O.UNCAPTURED, True, attempt(), "7", ACKNOWLEDGE, NOTHING, True),
    (O.REFUNDED, True, attempt(), "7", ACKNOWLEDGE, NOTHING, True),
    (O.REFUNDED, True, attempt("APPROVED"), "7", ACKNOWLEDGE, NOTHING, False),
]


@pytest.mark.parametrize(("state", "free", "before", "row", "reply", "save", "page"), STANDS)
def test_where_the_order_stands(
    state: O, free: bool, before: Attempt | None, row: str, reply: Reply, save: Save, page: bool
) -> None:
    """A good approval is decided by the order, its dues, and what was said before."""
    decision = decided(message(), order(state=state), before, free=free)
    assert decision.row.split()[0] == row
    assert (decision.reply, decision.save, decision.page) == (reply, save, page)


def test_unknown_order() -> None:
    """A signed verdict on an order that we never made pages somebody and captures nothing."""
    decision = decided(message(), None)
    assert (decision.row, decision.reply, decision.save) == ("3 foreign", FAILURE, NOTHING)
    assert decision.page


@pytest.mark.parametrize(("evidence", "after"), [("callback", O.PAID), ("status-api", O.CAPTURING)])
def test_evidence(evidence: Evidence, after: O) -> None:
    """What an accepted order becomes is a setting: paid, or waiting for the proof of capture."""
    decision = decide(message(), ORDER, None, MERCHANT, evidence, dues_free=True)
    assert decision.state is after


@pytest.mark.parametrize("state", O)
@pytest.mark.parametrize("before", [None, attempt()], ids=["first", "again"])
def test_a_refusal_changes_nothing(state: O, before: Attempt | None) -> None:
    """A refusal before, after or between acceptances leaves the order alone (events 65-67, 69)."""
    decision = decided(message(said=DECLINED), order(state=state), before)
    assert decision.state is None
    assert (decision.reply, decision.save) == (ACKNOWLEDGE, ATTEMPT)


def test_rename_forgery() -> None:
    """A valid hash over renamed fields is refused, though it says 00 and Approved (events 36, 53)."""
    declined = answer(said=DECLINED)
    posted = urlencode(verdict.renamed(declined, KEY))
    assert parse_qs(posted)["ProcReturnCode"] == ["00"]
    forged = read(posted.encode(), FORM_TYPE, KEYS)
    assert isinstance(forged, Message)
    assert (forged.code, forged.get("Response"), forged.oid) == ("00", "Approved", REFERENCE)
    decision = decided(forged)
    assert (decision.reply, decision.save) == (FAILURE, SUSPECT)


def test_amount_hidden_under_another_name() -> None:
    """A message without clientid, its value moved to another name, is not ours (event 36)."""
    moved = without(answer(), "clientid") | {"clientie": "600000001"}
    assert decided(reading(moved)).row == "3 foreign"


def test_escaped_echo() -> None:
    """Our addresses come back HTML-escaped under a hash of the plain ones: they are still ours."""
    posted = urlencode(verdict.signed(answer(ErrMsg='l\'été & "autres"'), KEY))
    said = read(posted.encode(), FORM_TYPE, KEYS)
    assert isinstance(said, Message)
    assert said.variant == "callback"
    assert decided(said).reply is CAPTURE


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        (message(), True),
        (message(clientid="600000002"), False),
        (message(okUrl="https://evil"), False),
        (message(storetype="3d_pay"), False),
    ],
)
def test_vouched(said: Message, *, ours: bool) -> None:
    """A return opens a receipt only if it answers a form of ours: our merchant, our constants."""
    assert vouched(said, MERCHANT) == ours
