"""When a payer may have a letter again, and what SES's news make of one."""

from datetime import timedelta
from itertools import permutations

import pytest

from functions.shared.rules.errors import Problem
from functions.shared.rules.letters import (
    AFTER,
    MOST_LETTERS,
    PAUSE,
    Letter,
    LetterState,
    asked_again,
    before,
    corrected,
    newest,
)
from functions.shared.rules.orders import Order, OrderState
from tests.rules.samples import NOW, order

L = LetterState
PAID = order(state=OrderState.PAID, paid_at=NOW)


def letters(*states: LetterState) -> list[Letter]:
    """Give letters in these states, wanted a minute after each other."""
    return [
        Letter(str(n), "paid", state, NOW + timedelta(minutes=n))
        for n, state in enumerate(states, start=1)
    ]


def _refused(of: Order, *states: LetterState, after: timedelta = timedelta(hours=1)) -> str:
    try:
        asked_again(of, letters(*states), NOW + after)
    except Problem as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("state", [L.WANTED, L.CLAIMED])
def test_on_its_way(state: LetterState) -> None:
    """While a letter is on its way there is nothing to ask, and no second one is made."""
    assert asked_again(PAID, letters(state), NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize("state", [L.SENT, L.DELIVERED, L.BOUNCED, L.FAILED])
def test_again(state: LetterState) -> None:
    """A letter that went or failed can be had again, under the next name."""
    assert asked_again(PAID, letters(state), NOW + timedelta(hours=1)) == "2"


@pytest.mark.parametrize(
    ("of", "states", "code"),
    [
        (order(), [], "not_ready"),
        (order(state=OrderState.REFUNDED, paid_at=NOW), [L.SENT], "not_ready"),
        (order(state=OrderState.PAID, paid_at=NOW, email=None), [], "no_address"),
        (PAID, [L.SENT] * MOST_LETTERS, "too_many_requests"),
    ],
)
def test_not_again(of: Order, states: list[LetterState], code: str) -> None:
    """Copies are of paid orders with an address, and end (event 117)."""
    assert _refused(of, *states) == code


def test_pause() -> None:
    """Two letters are two minutes apart."""
    wanted = timedelta(minutes=1)
    assert (
        _refused(PAID, L.SENT, after=wanted + PAUSE - timedelta(seconds=1)) == "too_many_requests"
    )
    assert _refused(PAID, L.SENT, after=wanted + PAUSE) == ""


@pytest.mark.parametrize(
    ("of", "states", "allowed"),
    [
        (PAID, [L.BOUNCED], True),
        (PAID, [L.FAILED], True),
        (PAID, [L.SENT, L.BOUNCED], True),
        (PAID, [L.BOUNCED, L.SENT], False),
        (PAID, [L.DELIVERED], False),
        (PAID, [L.WANTED], False),
        (order(state=OrderState.PAID, paid_at=NOW, email=None), [], True),
        (order(state=OrderState.PAID, paid_at=NOW, corrected=True), [L.BOUNCED], False),
    ],
)
def test_corrected(of: Order, states: list[LetterState], allowed: bool) -> None:
    """An address is corrected once, after a bounce or where none was given (design.md §2)."""
    if allowed:
        assert corrected(of, letters(*states)) == str(len(states) + 1)
    else:
        with pytest.raises(Problem, match="address_kept"):
            corrected(of, letters(*states))


def test_nothing_to_correct() -> None:
    """An order that is not paid has no letter to redirect."""
    with pytest.raises(Problem, match="not_ready"):
        corrected(order(), [])


@pytest.mark.parametrize(
    ("events", "last"),
    [
        (("Send", "Delivery"), L.DELIVERED),
        (("Send", "Bounce"), L.BOUNCED),
        (("Send", "Delivery", "Complaint"), L.BOUNCED),
        (("Send", "Reject"), L.FAILED),
        (("Send", "Delivery", "Reject"), L.DELIVERED),
    ],
)
def test_any_order_of_news(events: tuple[str, ...], last: LetterState) -> None:
    """SES's events arrive in any order: the same state stands at the end."""
    for arrived in permutations(events):
        state = L.CLAIMED
        for event in arrived:
            state = AFTER[event] if state in before(AFTER[event]) else state
        assert state is last


def test_newest() -> None:
    """The letter wanted last is the one a receipt tells of, whatever its name."""
    assert newest([]) is None
    first, second = letters(L.SENT, L.BOUNCED)
    assert newest([second, first]) is second
