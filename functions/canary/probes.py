"""What is tried: a page, a look-up of a number that owes nothing, and a message of CMI's.

Each gives what was wrong in a word, and nothing where all was right.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from functions.canary.line import Answer, ask
from functions.canary.settings import Settings
from functions.shared import web
from functions.shared.aws import rows, secrets, table
from functions.shared.rules import control, probe
from functions.shared.rules.decision import Reply
from functions.shared.rules.errors import Cancelled
from functions.shared.rules.languages import DEFAULT

OK = 200
FORM = "application/x-www-form-urlencoded"


def page(told: Settings, _now: datetime) -> str:
    """Ask for the home page, under the headers that keep other people's scripts out of it."""
    answer = ask(told.portal_url, f"/{DEFAULT}/")
    if answer.status != OK:
        return f"status {answer.status}"
    policy = answer.headers.get("content-security-policy", "")
    return "" if "default-src 'none'" in policy else "no content security policy"


def lookup(told: Settings, _now: datetime) -> str:
    """Copy a code, do its proof of work, and look a number up that nobody has."""
    shown = _posted(told, "/api/control-code", {})
    proof = shown["proof"]
    found = _posted(
        told,
        "/api/lookup",
        {
            "registration_number": probe.NUMBER,
            "control_code": shown["control_code"],
            "ticket": shown["ticket"],
            "proof": {"number": control.solved(proof["salt"], proof["challenge"])},
        },
    )
    return "" if found["dues"] == [] else "dues of nobody"


def callback(told: Settings, now: datetime) -> str:
    """Tell the portal, as CMI, that a card was refused on the standing order."""
    with suppress(Cancelled):
        table.write(table.put(rows.order_row(probe.order())))
    key = secrets.read(told.store_key_secret, now).current
    form = urlencode(probe.refusal(told.merchant, key))
    answer = ask(told.portal_url, "/cmi/callback", form, FORM)
    # While the table waits to be compared with CMI's lists, nothing is acknowledged.
    right = Reply.FAILURE if told.payments == "frozen" else Reply.ACKNOWLEDGE
    return "" if answer.status == OK and answer.text == right else _said(answer)


PROBES: dict[str, Callable[[Settings, datetime], str]] = {
    "ProbePage": page,
    "ProbeLookup": lookup,
    "ProbeCallback": callback,
}


def run(told: Settings, now: datetime) -> dict[str, str]:
    """Try everything, whatever becomes of the one before; give what was wrong with each."""
    return {name: _tried(one, told, now) for name, one in PROBES.items()}


def _tried(one: Callable[[Settings, datetime], str], told: Settings, now: datetime) -> str:
    try:
        return one(told, now)
    except Exception as error:  # noqa: BLE001 - whatever it was, a payer would have met it
        return f"{type(error).__name__} in {web.place(error)}"


def _posted(told: Settings, path: str, content: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    answer = ask(told.portal_url, path, json.dumps(content), "application/json")
    if answer.status != OK:
        raise ValueError(_said(answer))
    return json.loads(answer.text)


def _said(answer: Answer) -> str:
    """Say what came instead: a status, and one of CMI's words where it is one."""
    known = answer.text if answer.text in list(Reply) else ""
    return f"status {answer.status} {known}".strip()
