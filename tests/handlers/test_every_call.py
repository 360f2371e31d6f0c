"""Every call to DynamoDB of every route, lost on its way or answered into the void (event 99).

The worlds of `tests/simulation` do the same to whole payments, with crashes and in pairs; here each
route is seen by itself.
"""

from collections.abc import Callable

import pytest

from tests.handlers.test_receipt import handle
from tests.handlers.wire import lost
from tests.portal import NUMBER, Answer, Json, Portal, copied

Ask = Callable[[], Answer]


def control_code(portal: Portal) -> Ask:
    """Ask for a code."""
    return lambda: portal.post("/api/control-code")


def lookup(portal: Portal) -> Ask:
    """Look a number up."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    return lambda: portal.post("/api/lookup", asked)


def renewal(portal: Portal) -> Ask:
    """Look again with a session."""
    session = portal.first_lookup().json["session"]
    return lambda: portal.post("/api/lookup", {"session": session})


def checkout(portal: Portal) -> Ask:
    """Check out."""
    wanted = portal.wanted()
    return lambda: portal.post("/api/checkout", wanted)


def verdict(portal: Portal) -> Ask:
    """Hear of an approval."""
    order = portal.checkout().json
    return lambda: portal.verdict(order)


def by_reference(portal: Portal) -> Ask:
    """Ask for a paid payment by reference and number."""
    order = _paid(portal)
    return lambda: portal.receipt(order)


def by_handle(portal: Portal) -> Ask:
    """Ask for a paid payment by its handle."""
    opened = handle(portal, _paid(portal))
    return lambda: portal.post("/api/receipt", {"handle": opened})


def letter_again(portal: Portal) -> Ask:
    """Ask for a copy of the letter."""
    order = _paid(portal)
    asked = {"reference": order["reference"], "registration_number": NUMBER}
    return lambda: portal.post("/api/receipt/letter", asked)


def _paid(portal: Portal) -> Json:
    order: Json = portal.checkout().json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    portal.stream()
    portal.now = portal.now.replace(minute=59)
    return order


CALLS = [
    (control_code, "UpdateItem"), (lookup, "TransactWriteItems"), (lookup, "Query"),
    (renewal, "Query"), (checkout, "BatchGetItem"), (checkout, "TransactWriteItems"),
    (verdict, "BatchGetItem"), (verdict, "TransactWriteItems"), (by_reference, "UpdateItem"),
    (by_reference, "Query"), (by_handle, "Query"), (letter_again, "UpdateItem"),
    (letter_again, "Query"), (letter_again, "TransactWriteItems"),
]  # fmt: skip
# moto forgets a request's token, so the SDK's second try meets its own first. DynamoDB does not
# (tests/dynamodb), nor does the worlds' table, where these two are tried.
FORGOTTEN = [(lookup, "TransactWriteItems"), (letter_again, "TransactWriteItems")]
CASES = [
    (*one, applied, times)
    for one in CALLS
    for applied in (True, False)
    for times in (1, 99)
    if not (applied and times == 1 and one in FORGOTTEN)
]
# What a payer is told: done, or "later"; a code that was burnt unheard is shown anew.
PLAIN = {"", "unavailable"}
AGAIN = {"", "control_code_used"}


@pytest.mark.parametrize(("route", "call", "applied", "times"), CASES)
def test_every_call(
    portal: Portal, route: Callable[[Portal], Ask], call: str, applied: bool, times: int
) -> None:
    """Whichever call fails, the answer is true or "later", and asking again does it once (event 99)."""
    ask = route(portal)
    with lost(call, times=times, applied=applied) as gone:
        answer = ask()
    assert gone
    assert answer.code in PLAIN
    assert answer.status in (200, 201, 202, 503)
    if route is verdict:
        # The one reply that debits is given for what stands in the table.
        assert (answer.text == "ACTION=POSTAUTH") <= (portal.due_states() == ["paid"])
    again = ask()
    assert again.code in AGAIN
    assert len([row for row in portal.rows("ORDER#") if row["sk"] == "ORDER"]) <= 1
    letters = [row for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER#")]
    assert len(letters) <= (2 if route is letter_again else 1)
