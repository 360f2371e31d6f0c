"""SES's events on a running stack: from the mailbox's buttons to what the payer reads."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from local import demo
from tests import stack
from tests.portal import signed
from tests.stack import Running

NUMBER = "123456789"
SECONDS = 30.0  # generous: the machine that runs the tests may be busy
TOTAL_CENTIMES = 146706
NOTHING: Mapping[str, str] = {}
PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - urllib's signature
        """Give no request to go on with."""


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with stack.running() as started:
        yield started


@pytest.fixture
def paid(running: Running) -> str:
    """Pay the golden case, wait for its letter and for what SES says by itself, give its order."""
    running.reset()
    listed = running.look_up(NUMBER)
    order = demo._post(
        f"{running.portal}/api/checkout",
        {
            "session": listed["session"],
            "due_ids": [due["id"] for due in listed["dues"]],
            "card_origin": "LOC",
            "accept_terms": True,
            "terms_version": "demo",
            "email": "payer@example.ma",
            "language": "fr",
            "seen_total_centimes": TOTAL_CENTIMES,
            "key": "a-key-of-the-page-0001",
        },
    )
    assert post(f"{running.portal}/cmi/callback", signed(order))[0] == 200
    assert within(lambda: "Send" in mailbox(running))
    return str(order["reference"])


def post(
    url: str, form: Mapping[str, str] = NOTHING, headers: Mapping[str, str] = NOTHING
) -> tuple[int, str]:
    """Post a form; give the status and where the answer leads."""
    request = urllib.request.Request(url, urlencode(form).encode(), dict(headers), method="POST")  # noqa: S310 - the stack's own address
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=20) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "")


def mailbox(running: Running) -> str:
    """Give the page that lists the letters."""
    with urllib.request.urlopen(f"{running.portal}/_local/mail/", timeout=20) as answer:  # noqa: S310 - the stack's own address
        return str(answer.read().decode())


def within(holds: Any) -> bool:  # noqa: ANN401 - whatever can be asked
    """Say whether something comes to hold in time."""
    limit = time.monotonic() + SECONDS
    while not (held := bool(holds())) and time.monotonic() < limit:
        time.sleep(0.1)
    return held


def state(running: Running, reference: str) -> str:
    """Give what the payer reads of the letter."""
    asked = {"reference": reference, "registration_number": NUMBER}
    return str(demo._post(f"{running.portal}/api/receipt", asked)["letter"]["state"])


@pytest.mark.parametrize(
    ("asked", "told", "reads"),
    [
        ("deliver", "Delivery", "delivered"),
        ("bounce", "Bounce", "bounced"),
        ("complain", "Complaint", "bounced"),
        ("reject", "Reject", "failed"),
    ],
)
def test_told(running: Running, paid: str, asked: str, told: str, reads: str) -> None:
    """SES says by itself that a letter left; what it is made to say next, the payer reads."""
    (letter,) = running.mail()
    assert (letter["reference"], letter["name"]) == (paid, "1")
    assert state(running, paid) == "sent"
    assert post(f"{running.portal}/_local/mail/1/{asked}")[0] == 204
    assert state(running, paid) == reads
    assert f"Send, {told}" in mailbox(running)


def test_button(running: Running, paid: str) -> None:
    """Whoever presses a button comes back to the letter's page."""
    place = f"{running.portal}/_local/mail/1/bounce"
    assert post(place, headers=PAGE | {"Sec-Fetch-Site": "same-origin"}) == (303, "/_local/mail/1/")
    assert state(running, paid) == "bounced"


def test_from_another_site(running: Running, paid: str) -> None:
    """A page of another site cannot make SES say anything, nor can a link."""
    place = f"{running.portal}/_local/mail/1/bounce"
    assert post(place, headers=PAGE | {"Sec-Fetch-Site": "cross-site"})[0] == 400
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(place, timeout=20)  # noqa: S310 - the stack's own address
    with refused.value as answer:
        assert (answer.code, answer.headers["Allow"]) == (405, "POST")
    assert state(running, paid) == "sent"


def test_no_such_letter(running: Running, paid: str) -> None:
    """A letter that does not exist, or an event that does not, is not found."""
    assert paid
    assert post(f"{running.portal}/_local/mail/2/bounce")[0] == 404
    assert post(f"{running.portal}/_local/mail/1/fly")[0] == 405
