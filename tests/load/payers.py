"""Payers with a quarter each, who check out and then pay at the bank, whose ledger is the truth."""

import http.client
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cmi_simulator import cards, payment
from cmi_simulator.bank import Bank
from cmi_simulator.settings import Settings
from cmi_simulator.verdict import Typed
from functions.shared.aws import dues
from functions.shared.rules.orders import Due
from local import demo
from local.settings import MERCHANT, STORE_KEY
from tests.load.web import Browser

AMOUNT_CENTIMES, TOTAL_CENTIMES = 145110, 146706
MOST_TRIES = 400
CARD = cards.find("4000000000000010")
Form = dict[str, str]


@dataclass(slots=True)
class Paid:
    """What the bank's calls came to: seconds each took, and the replies."""

    seconds: list[float] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)


def bank() -> Bank:
    """Open the bank's side, by its own code."""
    return Bank(Settings(STORE_KEY, MERCHANT), lambda: datetime.now(UTC), secrets.token_bytes)


def load(first: int, count: int) -> list[str]:
    """Load a quarter for each of `count` numbers; give the numbers."""
    numbers = [f"{first + place:09d}" for place in range(count)]
    for number in numbers:
        dues.load(Due(number, 2026, 3, AMOUNT_CENTIMES, f"R{number}", "BPC"), datetime.now(UTC))
    return numbers


def looked_up(browser: Browser, number: str) -> Any:  # noqa: ANN401 - any JSON
    """Look a number up as the page does, again where the portal was too busy."""
    for _ in range(MOST_TRIES):
        status, shown = browser.post("/api/control-code", {})
        if status == http.client.OK:
            proof = {"number": demo.solve(**shown["proof"])}
            asked = {"registration_number": number, "control_code": shown["control_code"]}
            asked |= {"ticket": shown["ticket"], "proof": proof}
            status, found = browser.post("/api/lookup", asked)
            if status == http.client.OK:
                return found
        time.sleep(0.05)
    raise AssertionError(f"no look-up in {MOST_TRIES} tries: {status}")


def forms(portal: str, numbers: Sequence[str]) -> list[Form]:
    """Check every number out, and give the signed forms. One at a time: this is not measured."""
    return [_form(portal, place, number) for place, number in enumerate(numbers)]


def _form(portal: str, place: int, number: str) -> Form:
    browser = Browser(portal, place)
    found = looked_up(browser, number)
    status, order = browser.post("/api/checkout", {
        "session": found["session"], "due_ids": [due["id"] for due in found["dues"]],
        "card_origin": "LOC", "accept_terms": True, "terms_version": "2020-05",
        "email": "payer@example.ma", "language": "fr", "seen_total_centimes": TOTAL_CENTIMES,
        "key": secrets.token_urlsafe(16),
    })  # fmt: skip
    browser.close()
    assert status == http.client.CREATED, order
    fields: Form = order["gateway"]["fields"]
    return fields


def pay(at: Bank, asked: Sequence[Form], a_second: float) -> Paid:
    """Pay every form at an even pace; the bank calls back within each payment."""
    started = time.monotonic()
    with ThreadPoolExecutor(32) as threads:
        calls = [
            threads.submit(_pay, at, form, started + place / a_second)
            for place, form in enumerate(asked)
        ]
        paid = Paid([call.result() for call in calls])
    for form in asked:
        paid.replies += [reply for entry in at.ledger.of(form["oid"]) for reply in entry.replies]
    return paid


def _pay(at: Bank, form: Form, moment: float) -> float:
    """Pay at a moment; give the seconds from the press of the button to the bank's next page."""
    time.sleep(max(0.0, moment - time.monotonic()))
    assert CARD
    page = at.open_page([(name, [value]) for name, value in form.items()])
    began = time.monotonic()
    payment.pay(at, page, Typed(CARD, "PAYER", "12", "2030", "192.0.2.1"))
    return time.monotonic() - began
