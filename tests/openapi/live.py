"""What opens the API's doors on a running portal: a session, a ticket, a payment and its handle."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests

from tests.portal import Json, copied, signed
from tests.stack import Running

NUMBER, PAYING = "300000003", "123456789"
PATIENCE_SECONDS = 30.0
TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Doors:
    """A running portal with one payment made, and what opens it."""

    portal: str
    handle: str
    reference: str

    @classmethod
    def of(cls, running: Running) -> "Doors":
        """Pay a due, and wait until its receipt is signed."""
        asked = wanted(running.look_up(PAYING)) | {"email": None, "key": "live-key-0001"}
        order = ask(running.portal, "/api/checkout", asked)
        message = signed(order)
        said = post(f"{running.portal}/cmi/callback", message)
        assert said.text == "ACTION=POSTAUTH"
        place = post(f"{running.portal}/cmi/return?l=fr", message).headers["Location"]
        handle = place.partition("#h=")[2].partition("&")[0]
        end = time.monotonic() + PATIENCE_SECONDS
        while not ask(running.portal, "/api/receipt", {"handle": handle})["proof"]:
            assert time.monotonic() < end, "no receipt was signed"
            time.sleep(0.2)
        return cls(running.portal, handle, order["reference"])

    def right(self) -> dict[str, list[Any]]:
        """Give, for each operation, requests that it does; None: one without a body."""
        shown, listed = _fresh(self.portal)
        opened = {"handle": self.handle}
        asked = {"reference": self.reference, "registration_number": PAYING}
        return {
            "GET /api/health": [None],
            "POST /api/csp": [None],
            "POST /api/control-code": [{}],
            "POST /api/lookup": [copied(shown, NUMBER), {"session": listed["session"]}],
            "POST /api/checkout": [wanted(listed)],
            "POST /api/receipt": [opened, asked],
            "POST /api/receipt/pdf": [opened | {"language": "ar"}, asked],
            "POST /api/receipt/letter": [opened | {"email": "payer@example.ma"}],
        }


@cache
def _fresh(portal: str) -> tuple[Json, Json]:
    """Get a control code that was not used, and look up with another who owes much."""
    shown = [ask(portal, "/api/control-code", {}) for _ in range(2)]
    return shown[0], ask(portal, "/api/lookup", copied(shown[1], NUMBER))


def ask(portal: str, path: str, body: Json) -> Json:
    """Ask the API for something that it does."""
    answer = requests.post(f"{portal}{path}", json=body, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    found: Json = answer.json()
    return found


def post(url: str, form: dict[str, str]) -> requests.Response:
    """Post a form, and follow no redirect: where it leads is what matters."""
    return requests.post(url, form, timeout=TIMEOUT_SECONDS, allow_redirects=False)


def wanted(listed: Json) -> Json:
    """Give the checkout request for the first due of a look-up."""
    due = listed["dues"][0]
    owed = due["amount_centimes"]
    return {
        "session": listed["session"], "due_ids": [due["id"]], "card_origin": "LOC",
        "accept_terms": True, "terms_version": "2020-05", "email": "payer@example.ma",
        "language": "fr", "seen_total_centimes": owed + (owed * 11 + 500) // 1000,
        "key": "live-key-0002",
    }  # fmt: skip
