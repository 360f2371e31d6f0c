"""Payments taken back and refunded by the operator's word."""

import pytest

from functions.shared.rules.orders import DueState, OrderState
from ops import moving
from tests.ops.conftest import Desk, events, letters, state
from tests.portal import Json, Portal


def test_uncapture(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A payment that CMI never captured is to pay again, and its payer is told so by letter."""
    asvi.does("uncapture", paid["reference"], "--why", "missing in the list of 5 May")
    assert state(paid) is OrderState.UNCAPTURED
    assert portal.due_states() == [DueState.UNPAID]
    assert letters(portal) == ["corrected", "paid"]
    receipt = portal.receipt(paid).json
    assert (receipt["state"], receipt["reason"]) == ("not_debited", "uncaptured")
    assert "only a paid one" in asvi.refused("uncapture", paid["reference"], "--why", "again")


def test_refund(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A refund is recorded once: the second is refused like anybody's (event 120)."""
    asvi.does("refund", paid["reference"], "--why", "paid at the counter too")
    assert state(paid) is OrderState.REFUNDED
    assert portal.due_states() == [DueState.UNPAID]
    assert events(portal, paid) == [("refunded", "amina", "paid at the counter too")]
    assert "only a paid one" in asvi.refused("refund", paid["reference"], "--why", "again")
    assert portal.receipt(paid).json["state"] == "refunded"


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ([], "above the limit of 1000.00 DH"),
        (["--second", "Amina "], "is the first"),
        (["--second", "youssef"], ""),
    ],
)
def test_two_people(
    portal: Portal,
    asvi: Desk,
    paid: Json,
    monkeypatch: pytest.MonkeyPatch,
    second: list[str],
    told: str,
) -> None:
    """Above the limit another person answers for a refund too, and both are on record (event 120)."""
    monkeypatch.setenv("ASVI_REFUND_LIMIT_DH", "1000")
    asked = ["refund", paid["reference"], "--why", "twice", *second]
    if told:
        assert told in asvi.refused(*asked)
    else:
        asvi.does(*asked)
        assert events(portal, paid) == [("refunded", "amina, youssef", "twice")]


def test_limit(asvi: Desk, paid: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is the amount that needs no second person, 5000 DH unless set; a bad one stops."""
    assert moving.DEFAULT_LIMIT_DH == "5000"
    monkeypatch.setenv("ASVI_REFUND_LIMIT_DH", "much")
    assert asvi("refund", paid["reference"], "--why", "x", "--yes").exit_code == 2
    monkeypatch.setenv("ASVI_REFUND_LIMIT_DH", "1467.06")
    asvi.does("refund", paid["reference"], "--why", "at the limit")


def test_confirmation(portal: Portal, asvi: Desk, paid: Json) -> None:
    """Before anything is done it says what will happen; a no, or nobody there, does nothing."""
    before = portal.rows()
    for answer in ("n\n", ""):
        result = asvi("uncapture", paid["reference"], "--why", "list", answer=answer)
        assert result.exit_code == 1
        assert portal.rows() == before
    for shown in ("1467.06 DH", "xxxxx6789", "UNCAPTURED", "p•••@example.ma", "By amina: list"):
        assert shown in result.output
    assert asvi("uncapture", paid["reference"], "--why", "list", answer="y\n").exit_code == 0
    assert state(paid) is OrderState.UNCAPTURED
