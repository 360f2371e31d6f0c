"""A letter asked again, an address corrected, and what SES tells of letters."""

from datetime import timedelta

import pytest

from tests.handlers.test_letter import grouped, letters, paid, told
from tests.handlers.test_receipt import handle, moved
from tests.portal import NUMBER, Answer, Json, Portal

MINUTE = timedelta(minutes=1)
SES = ("Send", "Delivery", "Bounce", "Complaint", "Reject")


def again(portal: Portal, order: Json, **changes: object) -> Answer:
    """Ask for the letter again by reference and number."""
    asked = {"reference": order["reference"], "registration_number": NUMBER}
    return portal.post("/api/receipt/letter", asked | changes)


def asked_letters(portal: Portal) -> Json:
    """Bring the letters that somebody asked for to the letter function, as the stream does."""
    rows = [row for row in portal.rows("ORDER#") if "asked" in row and row["state"] == "wanted"]
    return portal.deliver(*map(portal.record_of, rows)) if rows else {"batchItemFailures": []}


def news(portal: Portal, order: Json, kind: str, letter: str = "1") -> None:
    """Bring an event of SES about one of an order's letters."""
    tags = {"oid": [order["reference"]], "letter": [letter]}
    detail = {"eventType": kind, "mail": {"tags": tags}}
    assert portal.invoke("LetterFunction", {"source": "aws.ses", "detail": detail}) == {}


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give a paid order whose letter was sent."""
    bought = paid(portal)
    portal.stream()
    portal.now += 3 * MINUTE
    return bought


def test_copy(portal: Portal, order: Json) -> None:
    """A payer may have a marked copy, at the address already given and no other (event 117)."""
    answer = again(portal, order)
    assert (answer.status, answer.json) == (
        202,
        {"letter": {"state": "waiting", "to": "p•••@example.ma"}},
    )
    assert asked_letters(portal) == {"batchItemFailures": []}
    first, copy = letters()
    assert copy["To"] == first["To"]
    assert copy["Subject"] != first["Subject"]
    assert grouped(order) in copy["Subject"].replace("\u00a0", " ")


def test_copy_by_record_twice(portal: Portal, order: Json) -> None:
    """A record of an asked letter brought twice sends one letter (event 103)."""
    again(portal, order)
    (row,) = [row for row in portal.rows("ORDER#") if "asked" in row]
    for _ in range(2):
        assert portal.deliver(portal.record_of(row)) == {"batchItemFailures": []}
    assert len(letters()) == 2


def test_haste(portal: Portal, order: Json) -> None:
    """One letter at a time, two minutes apart, five in all (event 117)."""
    codes = []
    for _ in range(6):
        codes.append(again(portal, order).code)
        assert again(portal, order).code in ("", "too_many_requests")
        asked_letters(portal)
        portal.now += 3 * MINUTE
    assert codes == ["", "", "", "", "too_many_requests", "too_many_requests"]
    assert len(letters()) == 5


def test_other_address_needs_the_handle(portal: Portal, order: Json) -> None:
    """Reference and number never redirect a letter (design.md §2)."""
    answer = again(portal, order, email="thief@example.ma")
    assert answer.json["fields"] == {"email": "unknown"}


def test_address_that_works_is_kept(portal: Portal, order: Json) -> None:
    """Even a handle changes no address that did not bounce."""
    asked = {"handle": handle(portal, order), "email": "other@example.ma"}
    answer = portal.post("/api/receipt/letter", asked)
    assert (answer.status, answer.code) == (409, "address_kept")


@pytest.mark.parametrize("kind", ["Bounce", "Complaint", "Reject"])
def test_corrected_once(portal: Portal, order: Json, kind: str) -> None:
    """After a bounce a handle corrects the address, once (event 113)."""
    news(portal, order, kind)
    asked = {"handle": handle(portal, order), "email": "right@example.ma"}
    answer = portal.post("/api/receipt/letter", asked)
    assert answer.json["letter"] == {"state": "waiting", "to": "r•••@example.ma"}
    asked_letters(portal)
    assert [letter["To"] for letter in letters()][1:] == ["right@example.ma"]
    news(portal, order, "Bounce", "2")
    refused = portal.post("/api/receipt/letter", asked | {"email": "third@example.ma"})
    assert refused.code == "address_kept"
    assert portal.receipt(order).json["letter"]["to"] == "r•••@example.ma"


def test_address_given_afterwards(portal: Portal) -> None:
    """Who gave no address may give one with the handle (design.md §2)."""
    order = paid(portal, email=None)
    portal.stream()
    assert again(portal, order).code == "no_address"
    asked = {"handle": handle(portal, order), "email": "late@example.ma"}
    assert portal.post("/api/receipt/letter", asked).status == 202
    asked_letters(portal)
    assert [letter["To"] for letter in letters()] == ["late@example.ma"]


@pytest.mark.parametrize(
    "email", ["a", "a@b", "a@example.ma\nBcc: b@c.ma", "a@b.ma,c@d.ma", "x" * 999]
)
def test_bad_address(portal: Portal, order: Json, email: str) -> None:
    """A corrected address is one address (event 33)."""
    asked = {"handle": handle(portal, order), "email": email}
    assert portal.post("/api/receipt/letter", asked).code == "email_invalid"


def test_not_paid(portal: Portal) -> None:
    """Nothing is sent for an order that is not paid; an unknown one is unknown."""
    order = portal.checkout().json
    assert (again(portal, order).status, again(portal, order).code) == (409, "not_ready")
    assert again(portal, order, registration_number="111111111").code == "not_found"


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "sent"), (["Send"], "sent"), (["Delivery"], "delivered"), (["Bounce"], "bounced"),
        (["Delivery", "Send"], "delivered"), (["Send", "Delivery", "Delivery"], "delivered"),
        (["Delivery", "Complaint"], "bounced"), (["Bounce", "Delivery"], "bounced"),
        (["Reject"], "failed"), (["Open"], "sent"),
    ],
)  # fmt: skip
def test_news(portal: Portal, order: Json, events: list[str], state: str) -> None:
    """SES's events come in any order and twice; the last word stands (events 111 and 113)."""
    for kind in events:
        news(portal, order, kind)
    assert told(portal, order) == (state, True)


@pytest.mark.parametrize("kind", SES)
def test_news_of_nothing(portal: Portal, order: Json, kind: str) -> None:
    """News of letters that are not ours changes nothing (event 113)."""
    before = portal.rows()
    for reference, letter in ((order["reference"], "9"), ("x", "1"), (order["reference"], "1#2")):
        news(portal, {"reference": reference}, kind, letter)
    detail = {"eventType": kind, "mail": {"tags": {}}}
    portal.invoke("LetterFunction", {"source": "aws.ses", "detail": detail})
    assert portal.rows() == before


def test_not_debited(portal: Portal) -> None:
    """Who lost a race is told by letter too that nothing is debited, once (event 30)."""
    first, second = portal.checkout().json, portal.checkout().json
    portal.verdict(first)
    for _ in range(2):
        assert portal.verdict(second, TransId="T2").text == "APPROVED"
    for _ in range(2):
        assert asked_letters(portal) == {"batchItemFailures": []}
    (letter,) = letters()
    assert grouped(second) in letter["Subject"].replace("\u00a0", " ")
    assert list(letter.iter_attachments()) == []


def test_settled_otherwise(portal: Portal, order: Json) -> None:
    """An order that was refunded gives no copy that would prove it paid."""
    from functions.shared.rules.orders import OrderState  # noqa: PLC0415 - used here alone

    moved(order, OrderState.REFUNDED)
    assert again(portal, order).code == "not_ready"
