"""Letters swept: what the stream lost, what SES never said, and what is no longer true (I16, I19)."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse

from functions.letter import work as letter_work
from functions.shared.aws import letters, mail, moves, orders, table
from functions.shared.rules.orders import OrderState
from functions.shared.rules.settlement import FIRST_DAY_TRIES
from functions.shared.rules.work import stamp
from local import template
from tests.handlers.test_letter import letters as sent_letters
from tests.handlers.test_letter_again import news
from tests.handlers.wire import lost
from tests.portal import Json
from tests.settlement.world import World


def sweep(world: World, **time: float) -> None:
    """Let time pass, then let a minute's schedule call the letter function."""
    world.later(**time)
    assert world.portal.invoke("LetterFunction", {"sweep": True}) == {}


def paid(world: World, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    """Pay the golden due; the stream brings nothing to the letter function."""
    order = world.open(**changes)
    world.pay(order)
    world.stream()
    assert world.state(order) == "paid"
    return order


def moved(world: World, order: Json, state: OrderState) -> None:
    """Let the operator move a paid order."""
    stands = orders.payment(order["reference"])
    assert stands is not None
    word = moves.Word("operator", "as CMI's screen shows", stands.order.trans_id)
    assert moves.move(stands.order, state, word, world.portal.now)


def letter(world: World, order: Json) -> tuple[str, int]:
    """Give the state of an order's first letter, and how often it was handed to SES."""
    row = world.row(order, "LETTER#1")
    return row["state"], row.get("sends", 0)


def refusing(code: str, status: int = 400) -> Any:  # noqa: ANN401 - a context
    """Let SES answer with an error's code and HTTP status."""
    told: Any = {"Error": {"Code": code, "Message": ""}}
    told["ResponseMetadata"] = {"HTTPStatusCode": status}
    error = ClientError(told, "SendEmail")
    return patch.object(mail, "client", lambda: _Refusing(error))


class _Refusing:
    def __init__(self, error: ClientError) -> None:
        self.error = error

    def send_email(self, **_: object) -> None:
        """Refuse."""
        raise self.error


@pytest.mark.parametrize("email", ["payer@example.ma", None])
def test_lost_record(world: World, email: str | None) -> None:
    """What the stream lost is signed and sent a minute later, once."""
    order = paid(world, email=email)
    sweep(world, seconds=59)
    assert world.portal.receipt(order).json["proof"] is None
    for _ in range(3):
        sweep(world, minutes=1)
    assert world.portal.receipt(order).json["proof"]
    assert [one["To"] for one in sent_letters()] == ([email] if email else [])
    assert world.restless(order) == []


@pytest.mark.parametrize("applied", [True, False])
def test_ses_never_said(world: World, applied: bool) -> None:
    """Where SES never answers a letter is sent again twice at most, ten minutes apart (I19)."""
    order = paid(world)
    with lost("SendEmail", applied=applied):
        sweep(world, minutes=1)
        assert letter(world, order) == ("claimed", 1)
        sweep(world, minutes=9)
        assert letter(world, order) == ("claimed", 1)
        for _ in range(4):
            sweep(world, minutes=11)
    assert letter(world, order) == ("claimed", 3)
    assert world.queue() == ["SES never said what became of it"]
    assert len(sent_letters()) == (3 if applied else 0)


def test_event_instead_of_an_answer(world: World) -> None:
    """SES's own event says that a letter left: it is not sent again (event 111)."""
    order = paid(world)
    with lost("SendEmail", applied=True):
        sweep(world, minutes=1)
    news(world.portal, order, "Send")
    sweep(world, minutes=30)
    assert (letter(world, order), len(sent_letters())) == (("sent", 1), 1)


@pytest.mark.parametrize("kinds", list(permutations(["Send", "Delivery", "Bounce"])))
def test_events_in_any_order(world: World, kinds: tuple[str, ...]) -> None:
    """Late, twice and out of order, SES's events end in the same state, and send nothing (event 113, I25)."""
    order = paid(world)
    with lost("SendEmail", applied=True):
        sweep(world, minutes=1)
    for kind in (*kinds, *kinds):
        news(world.portal, order, kind)
        sweep(world, minutes=11)
    assert (letter(world, order)[0], len(sent_letters())) == ("bounced", 1)


def test_event_after_the_queue(world: World) -> None:
    """An event that comes when the operator has the letter takes it out of the queue."""
    order = paid(world)
    with lost("SendEmail", applied=True):
        for _ in range(5):
            sweep(world, minutes=11)
    assert world.queue()
    news(world.portal, order, "Delivery")
    assert (letter(world, order), world.queue()) == (("delivered", 3), [])


@pytest.mark.parametrize(
    "code",
    [
        "TooManyRequestsException", "ThrottlingException", "LimitExceededException",
        "SendingPausedException",
    ],
)  # fmt: skip
def test_busy(world: World, code: str) -> None:
    """While SES is too busy a letter is held; none of that counts as sent (event 112)."""
    order = paid(world)
    with refusing(code):
        for _ in range(5):
            sweep(world, minutes=2)
            assert letter(world, order) == ("claimed", 0)
    sweep(world, minutes=11)
    assert (letter(world, order), len(sent_letters())) == (("sent", 1), 1)


def test_refused(world: World) -> None:
    """What SES will not send is the operator's, and the payer is told (event 112)."""
    order = paid(world)
    with refusing("MessageRejected"):
        sweep(world, minutes=1)
    sweep(world, minutes=30)
    assert letter(world, order) == ("failed", 1)
    assert world.row(order, "LETTER#1")["waits"] == "QUEUE"
    assert world.portal.receipt(order).json["letter"]["state"] == "failed"
    assert sent_letters() == []


def test_not_debited_lost(world: World) -> None:
    """The letter of a release that the stream lost is swept like any other."""
    world.fault("loses_reply")
    order = world.open()
    world.pay(order).state = "voided"
    world.stream()
    sweep(world, minutes=2)
    (one,) = sent_letters()
    assert list(one.iter_attachments()) == []


def test_outdated(world: World) -> None:
    """Who has paid after all gets no late word that nothing was debited."""
    order = world.open()
    refused = world.authorise(order, "T2")
    assert world.tell(order, refused, mdStatus="0") == "APPROVED"
    assert world.letters(order) == ["not_debited"]
    world.pay(order)
    world.stream()
    sweep(world, minutes=3)
    sweep(world, minutes=3)
    (one,) = sent_letters()
    assert len(list(one.iter_attachments())) == 1
    assert [row["sk"] for row in world.rows(order) if row.get("waits", "").startswith("MAIL")] == []


@pytest.mark.parametrize("claimed", [False, True])
def test_outdated_stays_so(world: World, *, claimed: bool) -> None:
    """What was not told in time is not told by an old record, though it were true again (I25)."""
    order = world.open()
    refused = world.authorise(order, "T2")
    assert world.tell(order, refused, mdStatus="0") == "APPROVED"
    old = world.row(order, "LETTER#nd")
    if claimed:
        letters.claim(order["reference"], old["sk"].removeprefix("LETTER#"), world.portal.now)
    world.pay(order)
    world.stream()
    sweep(world, minutes=11)
    moved(world, order, OrderState.UNCAPTURED)
    sweep(world, minutes=11)
    before = world.rows(order), len(sent_letters())
    record = {
        "eventName": "INSERT",
        "dynamodb": world.record((old["pk"], old["sk"]), old)["dynamodb"],
    }
    world.portal.invoke("LetterFunction", {"Records": [record]})
    assert (world.rows(order), len(sent_letters())) == before
    assert before[1] == 2


def test_taken_back_before_it_was_signed(world: World) -> None:
    """Whoever is told that nothing was debited after all is told, though no receipt was ever signed."""
    order = paid(world)
    moved(world, order, OrderState.UNCAPTURED)
    sweep(world, minutes=2)
    (one,) = sent_letters()
    assert list(one.iter_attachments()) == []
    assert world.restless(order) == []


@pytest.mark.parametrize("state", [OrderState.REFUNDED, OrderState.UNCAPTURED])
def test_not_debited_after_a_payment(world: World, state: OrderState) -> None:
    """Who paid in the end, and was given it back, gets no late word of another card's reservation."""
    order = world.open()
    refused = world.authorise(order, "T2")
    assert world.tell(order, refused, mdStatus="0") == "APPROVED"
    world.pay(order)
    world.stream()
    moved(world, order, state)
    sweep(world, minutes=2)
    kinds = [row["kind"] for row in world.rows(order) if row.get("sends")]
    assert kinds == (["corrected"] if state is OrderState.UNCAPTURED else [])
    assert [row for row in world.rows(order) if row.get("waits", "").startswith("MAIL")] == []


def test_poison(world: World) -> None:
    """A letter that cannot be written stops no other, waits longer each time, ends in the queue."""
    bad, good = world.open(email="other@example.ma"), paid(world)
    stray = world.row(good, "LETTER#1") | {"pk": f"ORDER#{bad['reference']}", "kind": "strange"}
    table.client().put_item(
        TableName=table.name(),
        Item=table.typed(stray | {"waits_at": stamp(world.portal.now)}),
    )
    sweep(world, minutes=1)
    assert letter(world, good) == ("sent", 1)
    assert world.row(bad, "LETTER#1")["tries"] == 4
    world.change(bad, "LETTER#1", tries=FIRST_DAY_TRIES)
    sweep(world, minutes=11)
    assert world.queue() == ["it failed again and again for a day"]


def test_time_is_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter is claimed that there is no time left to send."""
    from tests.portal import Context  # noqa: PLC0415 - used here alone

    order = paid(world)
    monkeypatch.setattr(
        Context,
        "get_remaining_time_in_millis",
        lambda _self: letter_work.RESERVE_MILLISECONDS - 1,
    )
    sweep(world, minutes=1)
    assert letter(world, order) == ("wanted", 0)


def test_whole_stream_again(world: World) -> None:
    """Replaying the whole stream from the start changes nothing and sends nothing (I25)."""
    order = paid(world)
    world._seen.clear()
    world.stream("LetterFunction")
    before, count = world.rows(), len(sent_letters())
    for _ in range(2):
        for function in ("LetterFunction", "SettlementFunction"):
            world._seen.clear()
            world.stream(function)
    assert (world.rows(), len(sent_letters())) == (before, count)
    assert (count, letter(world, order)) == (1, ("sent", 1))


def test_claim_outlives_every_timeout() -> None:
    """SES has its ten minutes from the last moment of the function that claimed (§2.3)."""
    letter_function = yaml_parse(template.PATH.read_text("utf-8"))["Resources"]["LetterFunction"]
    longest = timedelta(seconds=letter_function["Properties"]["Timeout"])
    assert timedelta(minutes=10) + longest <= letters.CLAIM_LIFE
