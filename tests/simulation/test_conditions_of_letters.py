"""The conditions of letters and counters, each by itself."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from functions.shared.aws import dues, letters, orders, rows, table
from functions.shared.rules.errors import Cancelled, Problem
from functions.shared.rules.letters import LetterState
from functions.shared.rules.orders import OrderState
from functions.shared.rules.work import QUEUE, stamp
from tests.simulation.lonely import NOW, REFERENCE, TRANS, Row, an_order, lonely, put, stands

O, L = OrderState, LetterState  # noqa: E741 - the tables below read as the design's


@pytest.fixture(autouse=True)
def alone(printed: StringIO) -> Iterator[None]:
    """Look at one call alone."""
    del printed
    with lonely():
        yield


# Letters


def a_letter(state: LetterState, **more: Any) -> Row:  # noqa: ANN401 - any attribute
    """Give the row of a letter that was wanted long ago."""
    return rows.letter_row(REFERENCE, "1", "paid", NOW) | {"state": state, "sends": 1} | more


CLAIMS = [
    (a_letter(L.WANTED), True),
    (a_letter(L.CLAIMED, claimed_at=stamp(NOW - letters.CLAIM_LIFE)), True),
    (a_letter(L.CLAIMED, claimed_at=stamp(NOW - timedelta(minutes=9))), False),
    (a_letter(L.CLAIMED, claimed_at=stamp(NOW - timedelta(days=1)), sends=letters.MOST_SENDS), False),
    (a_letter(L.SENT, claimed_at=stamp(NOW - timedelta(days=1))), False),
]  # fmt: skip


@pytest.mark.parametrize(("row", "taken"), CLAIMS)
def test_claims(row: Row, *, taken: bool) -> None:
    """A letter is claimed where it is wanted, or ten minutes after a claim that led to nothing."""
    put(row)
    if taken:
        letters.claim(REFERENCE, "1", NOW)
        assert stands(row)["sends"] == 2
    else:
        with pytest.raises(Cancelled):
            letters.claim(REFERENCE, "1", NOW)


@pytest.mark.parametrize("waits", [{}, {"waits": QUEUE}])
@pytest.mark.parametrize("state", [L.WANTED, L.CLAIMED])
def test_claims_of_what_waits_no_more(state: LetterState, waits: Row) -> None:
    """A letter that is the operator's, or that its order left behind, is claimed by nobody."""
    row = a_letter(state, claimed_at=stamp(NOW - letters.CLAIM_LIFE))
    del row["waits"]
    put(row | waits)
    with pytest.raises(Cancelled):
        letters.claim(REFERENCE, "1", NOW)


@pytest.mark.parametrize("state", LetterState)
def test_claims_with_a_proof(state: LetterState) -> None:
    """A receipt is signed with its letter alone while nobody has that letter yet."""
    order = put(rows.order_row(an_order(O.PAID, TRANS)))
    row = put(a_letter(state, claimed_at=stamp(NOW - timedelta(days=1))))
    if state is L.WANTED:
        letters.claim(REFERENCE, "1", NOW, "signed")
        assert (stands(order)["proof"], stands(row)["state"]) == ("signed", L.CLAIMED)
    else:
        with pytest.raises(Cancelled):
            letters.claim(REFERENCE, "1", NOW, "signed")
        assert (stands(order), stands(row)) == (order, row)


@pytest.mark.parametrize("other", [{"state": O.REFUNDED}, {"proof": "signed"}])
def test_claims_with_a_second_proof(other: Row) -> None:
    """No letter leaves with a receipt that was signed before, or is paid no more."""
    order = put(rows.order_row(an_order(O.PAID, TRANS)) | other)
    row = put(a_letter(L.WANTED))
    with pytest.raises(Cancelled):
        letters.claim(REFERENCE, "1", NOW, "again")
    assert (stands(order), stands(row)) == (order, row)


AFTER_A_CLAIM: dict[str, Callable[[], None]] = {
    "sent": lambda: letters.sent(REFERENCE, "1", "id", NOW),
    "refused": lambda: letters.refused(REFERENCE, "1", NOW),
    "hold": lambda: letters.hold(REFERENCE, "1", 1, NOW),
}


@pytest.mark.parametrize("how", AFTER_A_CLAIM)
def test_after_a_claim(how: str) -> None:
    """SES's own event may be faster than its answer: what it said of the letter stands."""
    row = put(a_letter(L.DELIVERED, claimed_at=stamp(NOW)))
    with suppress(Cancelled):
        AFTER_A_CLAIM[how]()
    assert stands(row) == row
    row = put(a_letter(L.CLAIMED, claimed_at=stamp(NOW)))
    AFTER_A_CLAIM[how]()
    assert stands(row) != row


@pytest.mark.parametrize("before", LetterState)
@pytest.mark.parametrize("news", [L.SENT, L.DELIVERED, L.BOUNCED, L.FAILED])
def test_news(news: LetterState, before: LetterState) -> None:
    """News of a letter changes what came before it, in whatever order it comes; nothing else."""
    order = [L.CLAIMED, L.SENT, L.FAILED, L.DELIVERED, L.BOUNCED]
    newer = before in order and order.index(before) < order.index(news)
    row = put(a_letter(before, told_at=stamp(NOW)))
    assert letters.told(REFERENCE, "1", news, NOW) == newer
    assert stands(row)["state"] == (news if newer else before)


@pytest.mark.parametrize("news", [L.SENT, L.DELIVERED, L.BOUNCED, L.FAILED])
@pytest.mark.parametrize("before", [L.WANTED, L.FAILED])
def test_news_of_an_earlier_try(news: LetterState, before: LetterState) -> None:
    """A letter that SES answered to refuse is what SES tells of it afterwards."""
    row = put(a_letter(before))
    assert letters.told(REFERENCE, "1", news, NOW) is (before is L.FAILED)
    assert stands(row)["state"] == (news if before is L.FAILED else before)


def test_a_letter_is_wanted_once() -> None:
    """Two tabs that ask for the same copy get one."""
    letters.want(REFERENCE, "2", NOW)
    with pytest.raises(Problem):
        letters.want(REFERENCE, "2", NOW + timedelta(seconds=1))


@pytest.mark.parametrize("other", [None, "already@example.ma"])
def test_an_address_is_corrected_once(other: str | None) -> None:
    """An order that was corrected, or that is not there, takes no address."""
    if other:
        put(rows.order_row(an_order(O.PAID, TRANS)) | {"email": other})
    with pytest.raises(Problem):
        letters.want(REFERENCE, "2", NOW, "new@example.ma")


@pytest.mark.parametrize(
    "other", [{"state": O.REFUNDED}, {"proof": "signed"}, {"email": "given@example.ma"}]
)
def test_a_proof_is_stored_once(other: Row) -> None:
    """A receipt is signed once, while it is paid, and with the letter where one is asked for."""
    row = put(rows.order_row(an_order(O.PAID, TRANS)) | other)
    with pytest.raises(Cancelled):
        letters.store_proof(REFERENCE, "again")
    assert stands(row) == row


# Counters

COUNTED: dict[str, tuple[str, int, Callable[[], object]]] = {
    "codes": ("codes", dues.CODES_A_WINDOW, lambda: dues.count_code("a", NOW)),
    "questions": ("questions", dues.QUESTIONS_A_WINDOW, lambda: dues.count_question("a", NOW)),
    "lookups": (
        "lookups", dues.LOOKUPS_A_WINDOW,
        lambda: dues.spend_ticket("id", "a", b"x", NOW, right=True),
    ),
    "wrong lookups": (
        "lookups", dues.LOOKUPS_A_WINDOW,
        lambda: dues.spend_ticket("id", "a", b"x", NOW, right=False),
    ),
    "orders": ("orders", orders.OPEN_ORDERS_A_WINDOW, lambda: orders.start(an_order(O.OPEN), "a")),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_counters(name: str) -> None:
    """The last of a window's many is served, the one after it is not."""
    count, most, ask = COUNTED[name]
    pk, sk = dues.counter_key("a", NOW)
    put({"pk": pk, "sk": sk, count: most})
    with pytest.raises(Problem) as refused:
        ask()
    assert refused.value.code == "too_many_requests"
    put({"pk": pk, "sk": sk, count: most - 1})
    ask()


@pytest.mark.parametrize("name", COUNTED)
def test_first_of_a_window(name: str) -> None:
    """Who was not counted yet is served."""
    count, _, ask = COUNTED[name]
    ask()
    pk, sk = dues.counter_key("a", NOW)
    assert (table.get((pk, sk)) or {})[count] == 1


def test_a_code_is_burnt_once() -> None:
    """A control code opens one session."""
    dues.spend_ticket("id", "a", b"x", NOW, right=True)
    with pytest.raises(Problem) as refused:
        dues.spend_ticket("id", "a", b"y", NOW, right=True)
    assert refused.value.code == "control_code_used"
