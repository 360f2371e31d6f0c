"""What a decision lets the payer be told, and what must hold over all of them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.cmi.answer import Forged, Reading, Unreadable
from functions.shared.rules.decision import Evidence, Reply, Save, decide, decline_reason
from functions.shared.rules.orders import Attempt, OrderState
from functions.shared.rules.payment import EDGES
from tests.rules.samples import DECLINED, MERCHANT, attempt, message, order

DECLINED_REASONS = {
    "funds", "limit", "not_enabled", "card_data", "expired_card", "bank_refused",
    "bank_unavailable", "authentication", "technical",
}  # fmt: skip
NOT_DEBITED_REASONS = {"already_paid", "uncaptured", "refused"}
EVIDENCES: list[Evidence] = ["callback", "status-api"]
CODES = ("00", "51", "", " 00", "99", "05")
READINGS: list[Reading] = [
    Unreadable("form"),
    Forged(),
    message(clientid="600000002"),
    message(orgRnd="x"),
    *[
        message(ProcReturnCode=code, Response=response, mdStatus=status, amount=amount)
        for code, response, status, amount in product(
            CODES, ("Approved", "Declined", "Error"), ("1", "0", ""), ("1467.06", "1467.07", "x")
        )
    ],
]
ATTEMPTS = [None, *(attempt(reply) for reply in Reply if reply is not Reply.FAILURE)]


@given(
    st.sampled_from(READINGS),
    st.none() | st.sampled_from(OrderState),
    st.sampled_from(ATTEMPTS),
    st.booleans(),
    st.sampled_from(EVIDENCES),
)
def test_money_moves_only_with_a_record(
    said: Reading, state: OrderState | None, before: Attempt | None, free: bool, evidence: Evidence
) -> None:
    """CMI is told to capture only with a payment to be saved, or one saved before (I9, I10)."""
    of = None if state is None else order(state=state)
    found = decide(said, of, before, MERCHANT, evidence, dues_free=free)
    if found.reply is Reply.CAPTURE:
        stored = before is not None and before.reply == Reply.CAPTURE
        assert stored or (found.save is Save.PAYMENT and free)
    assert (found.save is Save.PAYMENT) == (found.state is not None)
    if of and found.state:
        assert (of.state, found.state) in EDGES
    assert not (found.release and found.reply is not Reply.ACKNOWLEDGE)
    if isinstance(said, Unreadable | Forged) or of is None:
        assert (found.reply, found.save) == (Reply.FAILURE, Save.NOTHING)


@given(st.sampled_from(READINGS), st.sampled_from(OrderState), st.booleans())
def test_every_reason_has_its_sentence(said: Reading, state: OrderState, free: bool) -> None:
    """A refusal's reason is one that pages know for what they will call it (`api.md`)."""
    found = decide(said, order(state=state), None, MERCHANT, "callback", dues_free=free)
    if found.save is Save.ATTEMPT:
        assert found.reason in (NOT_DEBITED_REASONS if found.release else DECLINED_REASONS)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("51", "funds"), ("61", "limit"), ("65", "limit"), ("57", "not_enabled"),
        ("54", "expired_card"), ("14", "card_data"), ("82", "card_data"), ("05", "bank_refused"),
        ("12", "bank_refused"), ("41", "bank_refused"), ("43", "bank_refused"),
        ("91", "bank_unavailable"), ("96", "bank_unavailable"), ("99", "technical"),
        ("", "technical"), ("77", "technical"),
    ],
)  # fmt: skip
def test_reason_of_a_decline(code: str, reason: str) -> None:
    """The payer learns what to do next, never the raw code (`cmi.md`, Codes)."""
    assert decline_reason(message(said=DECLINED, ProcReturnCode=code)) == reason


@pytest.mark.parametrize("status", ["0", "5", "6", "7", "8"])
def test_failed_authentication(status: str) -> None:
    """A refusal without a bank's code after a failed 3-D Secure says so."""
    said = message(said=DECLINED, ProcReturnCode="", mdStatus=status)
    assert decline_reason(said) == "authentication"


@pytest.mark.parametrize(
    ("state", "free", "reason"),
    [
        (OrderState.PAID, True, "already_paid"), (OrderState.CAPTURING, True, "already_paid"),
        (OrderState.OPEN, False, "already_paid"), (OrderState.RELEASED, True, "refused"),
        (OrderState.REFUNDED, True, "refused"), (OrderState.UNCAPTURED, True, "refused"),
    ],
)  # fmt: skip
def test_reason_of_a_refused_approval(state: OrderState, free: bool, reason: str) -> None:
    """Money that was reserved and not taken comes with the reason why."""
    found = decide(message(), order(state=state), None, MERCHANT, "callback", dues_free=free)
    assert (found.release, found.reason) == (True, reason)
