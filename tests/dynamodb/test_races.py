"""The real callback on Amazon's own table, raced by many threads at once (events 29 and 64)."""

import importlib.util
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from werkzeug.test import EnvironBuilder

from cmi_simulator import hash as bank_hash
from functions.shared import outside, settings
from functions.shared.aws import dues, orders, secrets, table
from functions.shared.rules import keys, origin
from functions.shared.rules.cmi.form import Merchant, signed_form
from functions.shared.rules.orders import Due, Line, Order
from functions.shared.rules.payment import FORM_LIFE, OPEN_LIFE
from functions.shared.rules.references import with_check_digits
from local import events
from local.settings import ORIGIN_WORD
from tests.dynamodb import reference
from tests.simulation import deployment

NAME = "races"
KEY = "ASVI_race_2020|key"
NOW = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
ACCOUNT = "BPC pour encaissements ASVI"
WORDS = {"Response": "Approved", "ProcReturnCode": "00", "mdStatus": "1"}
PATIENT_ROUNDS = 5


@pytest.fixture(scope="module")
def real(address: str) -> Iterator[Any]:
    """Give the functions' table on DynamoDB Local, and CMI's key in hand."""
    reference.table(address, NAME)
    client = reference.client(address)
    told = deployment.environment() | {"TABLE": NAME}
    kept = secrets._Kept(keys.Keys(KEY), NOW, NOW)
    with (
        patch.dict(os.environ, told),
        patch.object(table, "client", lambda: client),
        patch.object(outside, "now", lambda: NOW),
        patch.dict(secrets._kept, {told["STORE_KEY_SECRET"]: kept}),
    ):
        settings.read.cache_clear()
        yield client
    settings.read.cache_clear()


class Context:
    """What Lambda tells a function."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "race"


def sandbox() -> Any:  # noqa: ANN401 - a module
    """Load the callback once more: each sandbox of Lambda has a copy of its own."""
    spec = importlib.util.find_spec("functions.callback.handler")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def order(number: str, place: int, due: Due) -> Order:
    """Start a payment of one due."""
    reference_ = with_check_digits(f"{number}{place:03d}")
    line = Line("contribution", due.year, due.quarter, due.amount_centimes, due.reference, ACCOUNT)
    made = Order(
        reference=reference_, registration_number=number, due_ids=(due.id,), lines=(line,),
        card_origin="LOC", language="fr", email="payer@example.ma", terms_version="2020-05",
        rnd="AAAABBBBCCCCDDDDEEEE", key_id=keys.key_id(KEY), started_at=NOW,
        form_until=NOW + FORM_LIFE, open_until=NOW + OPEN_LIFE,
    )  # fmt: skip
    return orders.start(made, f"address-{place}")


def approval(of: Order, trans_id: str) -> str:
    """Give CMI's signed approval of an order, as it is posted."""
    echo = signed_form(of, Merchant(deployment.MERCHANT, deployment.PORTAL_URL), KEY)
    del echo["HASH"]
    said = echo | WORDS | {"rnd": "bank", "orgRnd": of.rnd, "TransId": trans_id}
    return urlencode(said | {"HASH": bank_hash.sign(said, KEY)})


def event(body: str) -> dict[str, Any]:
    """Give the event that API Gateway makes of a message of CMI's."""
    kind = "application/x-www-form-urlencoded"
    posted = EnvironBuilder("/cmi/callback", method="POST", content_type=kind, data=body)
    posted.headers[origin.HEADER] = ORIGIN_WORD
    return events.event_of(posted.get_request(), NOW)


def raced(bodies: list[str]) -> list[str]:
    """Post messages at the same instant, each to a sandbox of its own; give the replies."""
    boxes, start = [sandbox() for _ in bodies], Barrier(len(bodies))

    def post(place: int) -> str:
        asked = event(bodies[place])
        # Powertools keeps the event on a class that all threads share; each sandbox has its own.
        boxes[place].app.current_event = APIGatewayProxyEventV2(asked)
        start.wait()
        return str(boxes[place].handle(asked, Context())["body"])

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(post, range(len(bodies))))


def settled(bodies: list[str]) -> list[str]:
    """Post until each has a reply other than FAILURE, as CMI may; give the last replies."""
    replies = raced(bodies)
    for _ in range(PATIENT_ROUNDS):
        unheard = [place for place, reply in enumerate(replies) if reply == "FAILURE"]
        for place, reply in zip(
            unheard, raced([bodies[p] for p in unheard]) if unheard else [], strict=True
        ):
            replies[place] = reply
    return replies


def due_of(number: str) -> Due:
    """Load a due."""
    due = Due(number, 2020, 1, 145110, "BPC2020010004319", ACCOUNT)
    assert dues.load(due, NOW) == "loaded"
    return due


@pytest.mark.usefixtures("real")
def test_fifty_payers_of_one_due() -> None:
    """Fifty orders of one due are approved at once: one is captured, forty-nine are not."""
    due = due_of("100000001")
    made = [order(due.registration_number, place, due) for place in range(50)]
    replies = settled([approval(one, f"T{place}") for place, one in enumerate(made)])
    assert Counter(replies) == {"ACTION=POSTAUTH": 1, "APPROVED": 49}
    winner = replies.index("ACTION=POSTAUTH")
    (paid,) = dues.of_number(due.registration_number)[0]
    assert paid == replace(due, state=paid.state, trans_id=f"T{winner}")
    assert paid.state == "paid"
    states = Counter(found.order.state for one in made if (found := orders.payment(one.reference)))
    assert states == {"paid": 1, "open": 49}


@pytest.mark.usefixtures("real")
def test_ten_times_the_same_message() -> None:
    """One message ten times at once: one effect, and each time the same word (event 64)."""
    due = due_of("100000002")
    made = order(due.registration_number, 0, due)
    replies = settled([approval(made, "T1")] * 10)
    assert replies == ["ACTION=POSTAUTH"] * 10
    found = orders.payment(made.reference)
    assert found is not None
    assert (found.order.state, found.order.trans_id) == ("paid", "T1")
    assert [(one.trans_id, one.reply) for one in found.attempts] == [("T1", "ACTION=POSTAUTH")]
    assert len(found.letters) == 1


@pytest.mark.usefixtures("real")
def test_ten_cards_on_one_order() -> None:
    """Ten cards approved at once on one form: one is captured (events 37 and 68)."""
    due = due_of("100000003")
    made = order(due.registration_number, 0, due)
    replies = settled([approval(made, f"T{place}") for place in range(10)])
    assert Counter(replies) == {"ACTION=POSTAUTH": 1, "APPROVED": 9}
