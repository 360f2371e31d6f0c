"""Addresses erased because their payers ask for it."""

from datetime import timedelta

import pytest

from functions.shared import settings
from functions.shared.aws import rows, table, work
from functions.shared.rules.orders import OrderState
from tests.ops.conftest import Desk, events, stands, state
from tests.portal import Json, Portal

WHY = ("--why", "asked by telephone")


def test_forgotten(portal: Portal, asvi: Desk, paid: Json) -> None:
    """The address goes at once, the payment stays, and who did it and why stays with it."""
    portal.stream()
    proof = stands(paid).proof
    assert "erased" in asvi.does("forget", paid["reference"], *WHY)
    order = stands(paid)
    assert (order.email, order.state, order.proof) == (None, OrderState.PAID, proof)
    assert events(portal, paid) == [("forgotten", "amina", "asked by telephone")]
    assert "the payer's address was erased" in asvi.does("show", paid["reference"])
    assert "it has no address" in asvi.refused("resend", paid["reference"], "--why", "x")
    assert "no address in it" in asvi.refused("forget", paid["reference"], *WHY)


def test_asked_first(portal: Portal, asvi: Desk, paid: Json) -> None:
    """It shows what it will do and asks; whoever says no has done nothing."""
    portal.stream()
    before = portal.rows()
    told = asvi("forget", paid["reference"], *WHY, answer="n\n")
    assert "no letter about it can be sent any more" in told.output
    assert (told.exit_code, portal.rows()) == (1, before)


def test_capturing(asvi: Desk, capturing: Json) -> None:
    """As long as the payment is not settled its address is needed, and it says so."""
    assert "not settled yet" in asvi.refused("forget", capturing["reference"], *WHY)


def test_open(portal: Portal, asvi: Desk) -> None:
    """Whoever is paying gets the letter first."""
    order = portal.checkout().json
    assert "not settled yet" in asvi.refused("forget", order["reference"], *WHY)


def test_waiting(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A payment that waits for the operator is settled first."""
    portal.stream()
    key = rows.order_key(paid["reference"])
    work.enqueue(key, "look", portal.now, seen=table.get(key))
    assert "not settled yet" in asvi.refused("forget", paid["reference"], *WHY)
    asvi.does("done", paid["reference"], "--why", "looked at")
    asvi.does("forget", paid["reference"], *WHY)
    assert stands(paid).email is None


def test_given_up(portal: Portal, asvi: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that was given up loses its address now, and what else it names in its time."""
    monkeypatch.setenv("STATUS_API", "off")
    settings.read.cache_clear()
    order = portal.checkout().json
    portal.now += timedelta(minutes=36)
    portal.invoke("SettlementFunction", {"sweep": True})
    assert state(order) is OrderState.EXPIRED
    asvi.does("forget", order["reference"], *WHY)
    row = table.get(rows.order_key(order["reference"])) or {}
    assert row["waits"].startswith("STRIP#")
    portal.now += timedelta(days=400)
    portal.invoke("SettlementFunction", {"forget": True})
    assert stands(order).registration_number == ""
    shown = asvi.does("show", order["reference"])
    assert "the payer's address was erased" in shown
    assert "number, quarters and amounts were erased" in shown
    settled = asvi.refused(
        "settle", order["reference"], "paid", "--trans-id", "T9", "--evidence", "CMI's list"
    )
    assert "give back what CMI took" in settled


def test_letter_under_way(portal: Portal, asvi: Desk, paid: Json) -> None:
    """A letter that is on its way is not left without its address."""
    before = portal.rows()
    assert "not settled yet" in asvi.refused("forget", paid["reference"], *WHY)
    assert portal.rows() == before
