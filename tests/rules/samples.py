"""The golden order and what CMI may say of it, for tests of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cmi_simulator import hash as bank_hash
from functions.shared.rules.cmi.answer import Message, Reading, read
from functions.shared.rules.cmi.form import Merchant, signed_form
from functions.shared.rules.orders import Attempt, Line, Order
from functions.shared.rules.payment import FORM_LIFE, OPEN_LIFE

NOW = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
KEY = "ASVI_rules_2020|\\key"
KEYS = [("k1", KEY)]
FORM_TYPE = "application/x-www-form-urlencoded"
ACCOUNT = "BPC pour encaissements ASVI"
MERCHANT = Merchant("600000001", "https://asvi.example.ma")
REFERENCE = "43190271885204"
LINES = (
    Line("contribution", 2020, 1, 145110, "BPC2020010004319", ACCOUNT),
    Line("fee", 2020, 5, 1596, REFERENCE, "Frais de traitement"),
)
ORDER = Order(
    reference=REFERENCE,
    registration_number="123456789",
    due_ids=("2020-1-BPC2020010004319",),
    lines=LINES,
    card_origin="LOC",
    language="fr",
    email="payer@example.ma",
    terms_version="2020-05",
    rnd="AAAABBBBCCCCDDDDEEEE",
    key_id="k1",
    started_at=NOW,
    form_until=NOW + FORM_LIFE,
    open_until=NOW + OPEN_LIFE,
)
APPROVED = {"ProcReturnCode": "00", "Response": "Approved", "mdStatus": "1", "TransId": "T1"}
DECLINED = {"ProcReturnCode": "51", "Response": "Declined", "mdStatus": "1", "TransId": "T1"}


def quarters(count: int, first_year: int = 2018) -> tuple[Line, ...]:
    """Give `count` contributions of different amounts, from a first quarter on, oldest first."""
    return tuple(
        Line("contribution", first_year + n // 4, n % 4 + 1, 100_000 + n, f"BPC{n:04d}", ACCOUNT)
        for n in range(count)
    )


def order(**changes: Any) -> Order:  # noqa: ANN401 - whatever a field takes
    """Give the golden order, changed."""
    return replace(ORDER, **changes)


def answer(of: Order = ORDER, said: dict[str, str] = APPROVED, **changes: str) -> dict[str, str]:
    """Give CMI's unsigned answer to an order: the echo, and the bank's words over it."""
    echo = signed_form(of, MERCHANT, KEY)
    del echo["HASH"]
    return echo | {"rnd": "the bank's own", "orgRnd": of.rnd} | said | changes


def without(fields: dict[str, str], *names: str) -> dict[str, str]:
    """Give the fields but for some."""
    return {name: value for name, value in fields.items() if name not in names}


def body(fields: dict[str, str], key: str = KEY) -> bytes:
    """Write an answer as CMI posts it, signed by the bank's own implementation."""
    return urlencode(fields | {"HASH": bank_hash.sign(fields, key)}).encode()


def reading(fields: dict[str, str], key: str = KEY) -> Reading:
    """Read an answer that CMI signed."""
    return read(body(fields, key), FORM_TYPE, KEYS)


def message(of: Order = ORDER, said: dict[str, str] = APPROVED, **changes: str) -> Message:
    """Give what CMI says of an order, read and verified."""
    found = reading(answer(of, said, **changes))
    assert isinstance(found, Message)
    return found


def attempt(reply: str = "ACTION=POSTAUTH", **changes: Any) -> Attempt:  # noqa: ANN401 - likewise
    """Give an earlier verdict with the reply it got."""
    before = Attempt("T1", "00", reply, approved=True, reason=None, at=NOW + timedelta(minutes=2))
    return replace(before, **changes)
