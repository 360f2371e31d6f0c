"""Letters sent again, and matters closed, by the operator."""

from datetime import timedelta

import pytest

from functions.shared.aws import letters, matters, moves, rows, table, work
from functions.shared.aws.moves import Word
from functions.shared.rules.letters import LetterState
from functions.shared.rules.orders import OrderState
from tests.handlers.test_letter import letters as mails
from tests.handlers.test_letter_again import asked_letters, news
from tests.ops.conftest import Desk, events, stands, state
from tests.portal import Json, Portal

LATER = timedelta(minutes=3)


def test_copy(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A payer on the telephone gets a copy at the address that was given, and it is on record."""
    portal.stream()
    portal.now += LATER
    assert "p•••@example.ma" in asvi.does("resend", paid["reference"], "--why", "lost it")
    assert events(portal, paid) == [("resend", "amina", "lost it")]
    assert asked_letters(portal) == {"batchItemFailures": []}
    first, copy = mails()
    assert copy["To"] == first["To"]


def test_haste(portal: Portal, asvi: Desk, paid: Json) -> None:
    """The operator cannot flood a payer either: everyone's pauses and limits hold."""
    assert "on its way" in asvi.refused("resend", paid["reference"], "--why", "x")
    portal.stream()
    assert "less than two minutes" in asvi.refused("resend", paid["reference"], "--why", "x")


def test_nobody_to_write_to(portal: Portal, asvi: Desk) -> None:
    """Without an address there is no letter to send, and it says where one can be given."""
    order = portal.checkout(None, email=None).json
    portal.verdict(order)
    assert "it has no address" in asvi.refused("resend", order["reference"], "--why", "x")


def test_not_paid(portal: Portal, asvi: Desk) -> None:
    """A payment that was not made owes no letter."""
    order = portal.checkout().json
    assert "no letter is owed" in asvi.refused("resend", order["reference"], "--why", "x")


def test_queued_letter(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A letter of which SES never said a word is sent anew by a person, and leaves the queue."""
    letters.claim(paid["reference"], "1", portal.now)
    key = rows.letter_key(paid["reference"], "1")
    work.enqueue(key, "SES never said what became of it", portal.now)
    portal.now += LATER
    asvi.does("resend", paid["reference"], "--why", "the payer has none")
    assert asvi.does("queue").strip() == "Nothing waits."
    wanted = [row["kind"] for row in portal.rows("ORDER#") if row.get("asked") == "operator"]
    assert wanted == ["copy"]


def test_rejected_letter(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A letter that SES rejected waits with that reason; a copy or a word takes it out (event 112)."""
    portal.stream()
    news(portal, paid, "Reject")
    assert "rejected" in asvi.does("queue")
    assert "rejected" in asvi.does("show", paid["reference"])
    portal.now += LATER
    asvi.does("resend", paid["reference"], "--why", "mended")
    assert asvi.does("queue").strip() == "Nothing waits."
    asked_letters(portal)
    news(portal, paid, "Reject", "2")
    asvi.does("done", paid["reference"], "--why", "told by telephone")
    assert asvi.does("queue").strip() == "Nothing waits."


def test_correcting_letter(portal: Portal, asvi: Desk, paid: Json) -> None:
    """The letter that says that nothing was debited can be sent again where SES refused it."""
    asvi.does("uncapture", paid["reference"], "--why", "list")
    letters.claim(paid["reference"], "corrected", portal.now)
    letters.refused(paid["reference"], "corrected", portal.now)
    portal.now += LATER
    asvi.does("resend", paid["reference"], "--why", "SES had a bad day")
    kinds = [row["kind"] for row in portal.rows("ORDER#") if row.get("asked") == "operator"]
    assert kinds == ["corrected"]


def test_done(portal: Portal, asvi: Desk, paid: Json) -> None:
    """What was settled elsewhere leaves the queue, with who and why; the payment stays as it is."""
    letters.claim(paid["reference"], "1", portal.now)
    letters.refused(paid["reference"], "1", portal.now)
    asvi.does("done", paid["reference"], "--why", "told by telephone")
    assert asvi.does("queue").strip() == "Nothing waits."
    assert events(portal, paid) == [("closed", "amina", "told by telephone")]
    assert state(paid) is OrderState.PAID
    (letter,) = [row for row in portal.rows("ORDER#") if row["sk"] == "LETTER#1"]
    assert letter["state"] == LetterState.FAILED
    assert "Nothing of" in asvi.refused("done", paid["reference"], "--why", "again")


def test_done_with_one_of_two(portal: Portal, asvi: Desk, paid: Json) -> None:
    """What came to wait meanwhile is not said done with what was looked at."""
    letters.claim(paid["reference"], "1", portal.now)
    letters.refused(paid["reference"], "1", portal.now)
    matters.open_matter(paid["reference"], "T7", "CMI captured more than once", portal.now)
    told = asvi.refused("done", paid["reference"], "--why", "told by telephone")
    assert "More than one matter waits" in told
    assert ("letter 1" in told, "comparison T7" in told) == (True, True)
    asvi.does("done", paid["reference"], "--about", "1", "--why", "told by telephone")
    assert "comparison T7" in asvi.does("queue")
    portal.now += LATER
    assert asvi("done", paid["reference"], "--why", "given back", answer="y").exit_code == 0
    assert asvi.does("queue").strip() == "Nothing waits."
    assert "Nothing of" in asvi.refused(
        "done", paid["reference"], "--about", "T7", "--why", "again"
    )


def test_done_is_no_way_out_of_confirming(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """A payment whose quarters are held cannot be put aside: nobody could ever pay them again."""
    work.enqueue(rows.order_key(capturing["reference"]), "no status API", portal.now)
    told = asvi.refused("done", capturing["reference"], "--why", "x")
    assert "its quarters are held until it is settled" in told


def test_done_ends_an_open_order(portal: Portal, asvi: Desk) -> None:
    """An order that waits because CMI took another amount ends with it, and is not open for ever."""
    order = portal.checkout().json
    work.enqueue(rows.order_key(order["reference"]), "CMI captured another amount", portal.now)
    asvi.does("done", order["reference"], "--why", "given back at CMI")
    assert state(order) is OrderState.EXPIRED
    assert asvi.does("queue").strip() == "Nothing waits."


@pytest.mark.parametrize("given", [OrderState.PAID, OrderState.RELEASED])
def test_settling_empties_the_queue(
    portal: Portal, asvi: Desk, capturing: Json, given: OrderState
) -> None:
    """A payment that is settled waits for nobody any more."""
    work.enqueue(rows.order_key(capturing["reference"]), "no status API", portal.now)
    asvi.does("settle", capturing["reference"], given, "--evidence", "list", "--trans-id", "T1")
    assert asvi.does("queue").strip() == "Nothing waits."


def test_late_news(portal: Portal, paid: Json) -> None:
    """What the operator did is a row of its own: it is never overwritten."""
    word = Word("amina", "first", "T1")
    assert moves.move(stands(paid), OrderState.UNCAPTURED, word, portal.now)
    again = rows.event_row(paid["reference"], "uncaptured", "b", "c", portal.now + LATER)
    table.write(table.put(again))
    assert [why for _, _, why in events(portal, paid)] == ["first", "c"]
