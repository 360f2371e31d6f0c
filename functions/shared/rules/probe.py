"""The standing order of the canary, which nobody can pay, and CMI's refusal of it.

Every few minutes the canary posts the refusal through the portal's public address, signed as CMI
signs: whatever would turn CMI's messages away, a firewall or a wrong key, turns this one away too.
A refusal changes no order, and the same one leaves one row for ever.
"""

from datetime import UTC, datetime

from functions.shared.rules.cmi.form import Merchant, signed_form
from functions.shared.rules.cmi.hashing import request_hash
from functions.shared.rules.orders import Line, Order, OrderState
from functions.shared.rules.references import with_check_digits

REFERENCE = with_check_digits("0" * 12)
# No insured person's: the numbers begin at one.
NUMBER = "0" * 9
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_SAID = {
    "rnd": "probe-answer", "TransId": "PROBE", "Response": "Declined", "ProcReturnCode": "51",
    "mdStatus": "1", "ErrMsg": "probe: do not honour <b>'x'</b> or 1=1",
}  # fmt: skip


def order() -> Order:
    """Give the standing order: out of time, of a due that does not exist."""
    return Order(
        reference=REFERENCE,
        registration_number=NUMBER,
        due_ids=("2020-1-PROBE",),
        lines=(Line("contribution", 2020, 1, 100, "PROBE", "PROBE"),),
        card_origin="LOC",
        language="fr",
        email=None,
        terms_version="probe",
        rnd="probe",
        key_id="probe",
        started_at=_SINCE,
        form_until=_SINCE,
        open_until=_SINCE,
        state=OrderState.EXPIRED,
    )


def refusal(merchant: Merchant, store_key: str) -> dict[str, str]:
    """Give CMI's message that the bank refused a card on the standing order, with its hash.

    Its text for the payer looks like an attack on purpose: banks write all sorts of things, and a
    firewall that takes offence would turn a payment away.
    """
    standing = order()
    echo = signed_form(standing, merchant, store_key)
    del echo["HASH"]
    answer = echo | {"orgRnd": standing.rnd} | _SAID
    return answer | {"HASH": request_hash(answer, store_key)}
