"""States of an order, and what the payer is told (`design.md` §4)."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.orders import Attempt, OrderState
from functions.shared.rules.payment import (
    CONFIRM_LIFE,
    EDGES,
    OPEN_LIFE,
    PAYABLE,
    EdgeError,
    Word,
    moved,
    told,
)
from tests.rules.samples import NOW, attempt, order

O = OrderState  # noqa: E741 - the table below reads as a drawing
LATER = timedelta(hours=1)
SOON = timedelta(minutes=2)
# Drawn from design.md §4, line by line, not from the code.
DRAWN = {
    (O.OPEN, O.CAPTURING), (O.CAPTURING, O.PAID), (O.PAID, O.REFUNDED), (O.OPEN, O.PAID),
    (O.OPEN, O.EXPIRED), (O.EXPIRED, O.CAPTURING), (O.EXPIRED, O.PAID),
    (O.CAPTURING, O.RELEASED), (O.RELEASED, O.PAID), (O.PAID, O.UNCAPTURED),
}  # fmt: skip
DECLINE = attempt("APPROVED", code="51", approved=False, reason="funds")
SECOND = attempt("APPROVED", trans_id="T2", code="57", approved=False, reason="not_enabled")
LOST = attempt("APPROVED", reason="already_paid")


@pytest.mark.parametrize(("before", "after"), list(product(O, O)))
def test_edges(before: O, after: O) -> None:
    """An order moves along the drawn edges and no others; any other raises (I5)."""
    if (before, after) in DRAWN:
        assert moved(before, after) is after
    else:
        with pytest.raises(EdgeError):
            moved(before, after)


@pytest.mark.parametrize("state", O)
def test_nothing_hangs(state: O) -> None:
    """Every state is reached from OPEN, and every one that is not final has a way out (I17)."""
    reached, known = {O.OPEN}, set[O]()
    while reached != known:
        known = set(reached)
        reached |= {after for before, after in EDGES if before in reached}
    assert state in reached
    final = state in (O.REFUNDED, O.UNCAPTURED)
    assert any(before is state for before, _ in EDGES) != final
    assert all(EDGES.values())


def test_payable() -> None:
    """An approval can pay an order exactly where an edge leads from it to paid by an approval."""
    assert {before for before, after in DRAWN if after is O.CAPTURING} == PAYABLE


def test_open_life() -> None:
    """An order is open for the form's 15 minutes, CMI's session of 900 s and 5 minutes more."""
    assert timedelta(minutes=15, seconds=900) + timedelta(minutes=5) == OPEN_LIFE


TOLD: list[tuple[O, Sequence[Attempt], timedelta, str, str | None]] = [
    (O.OPEN, [], SOON, "open", None),
    (O.OPEN, [DECLINE], SOON, "declined", "funds"),
    (O.OPEN, [DECLINE, SECOND], SOON, "declined", "not_enabled"),
    (O.OPEN, [], LATER, "expired", None),
    (O.OPEN, [DECLINE], LATER, "expired", None),
    (O.EXPIRED, [], SOON, "expired", None),
    (O.EXPIRED, [DECLINE], LATER, "expired", None),
    (O.OPEN, [LOST], SOON, "not_debited", "already_paid"),
    (O.OPEN, [LOST, DECLINE], SOON, "not_debited", "already_paid"),
    (O.OPEN, [DECLINE, LOST], LATER, "not_debited", "already_paid"),
    (O.EXPIRED, [LOST], LATER, "not_debited", "already_paid"),
    (O.CAPTURING, [attempt()], SOON, "confirming", None),
    (O.PAID, [attempt()], SOON, "paid", None),
    (O.PAID, [attempt(), LOST, DECLINE], LATER, "paid", None),
    (O.RELEASED, [attempt()], LATER, "not_debited", "refused"),
    (O.UNCAPTURED, [attempt()], LATER, "not_debited", "uncaptured"),
    (O.REFUNDED, [attempt()], LATER, "refunded", None),
]


@pytest.mark.parametrize(("state", "attempts", "after", "word", "reason"), TOLD)
def test_told(
    state: O, attempts: Sequence[Attempt], after: timedelta, word: str, reason: str | None
) -> None:
    """Each row of the design's table, word for word."""
    decided = NOW if state is O.CAPTURING else None
    news = told(order(state=state, decided_at=decided), attempts, NOW + after)
    assert (news.state, news.reason) == (word, reason)


@given(
    st.sampled_from(O),
    st.lists(st.sampled_from([DECLINE, SECOND, LOST]), max_size=4),
    st.integers(-5, 200),
)
def test_told_always(state: O, attempts: list[Attempt], minutes: int) -> None:
    """Whatever happened, the payer is told a word of the API; only PAID is told paid (I22)."""
    news = told(order(state=state, decided_at=NOW), attempts, NOW + timedelta(minutes=minutes))
    assert news.state in get_args(Word)
    assert (news.state == "paid") == (state is O.PAID)
    assert news.check_again_in_seconds is None or news.state in ("open", "confirming")
    assert news.until is None or news.state in ("open", "confirming")


def test_time_over_to_the_second() -> None:
    """An order is open until its time, and expired from then on."""
    assert told(order(), [], NOW + OPEN_LIFE - timedelta(seconds=1)).state == "open"
    assert told(order(), [], NOW + OPEN_LIFE).state == "expired"


def test_confirming_has_an_end() -> None:
    """Confirming says until when; past it the page stops asking and names the call centre."""
    capturing = order(state=O.CAPTURING, decided_at=NOW)
    early = told(capturing, [attempt()], NOW + timedelta(minutes=1))
    late = told(capturing, [attempt()], NOW + CONFIRM_LIFE)
    assert early.until == late.until == NOW + CONFIRM_LIFE
    assert early.check_again_in_seconds
    assert late.check_again_in_seconds is None


def test_capturing_was_decided() -> None:
    """A row that says capturing without a time is a mistake of ours, and raises."""
    with pytest.raises(ValueError, match="decided"):
        told(order(state=O.CAPTURING), [], NOW)
