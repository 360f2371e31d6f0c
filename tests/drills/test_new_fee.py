"""The fee changes while people pay: nobody is charged what they were not shown."""

import pytest

from functions.shared import settings
from tests.drills.conftest import Bank
from tests.portal import Json, Portal

RAISED = '{"LOC": {"rate": "0.02", "vat": "0.10"}, "INT": {"rate": "0.02", "vat": "0.10"}}'
FEE, RAISED_FEE = 1596, 3192


def fee_of(order: Json) -> list[int]:
    """Give the amounts of an order's fee lines."""
    return [line["amount_centimes"] for line in order["lines"] if line["kind"] == "fee"]


def test_new_fee(portal: Portal, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who saw the old total is asked again; who has a signed form pays its total, and no other."""
    listed = portal.first_lookup().json
    asked = portal.wanted(listed)
    signed = portal.checkout(listed).json
    assert fee_of(signed) == [FEE]
    monkeypatch.setenv("FEES", RAISED)
    settings.read.cache_clear()
    answer = portal.post("/api/checkout", asked)
    assert (answer.status, answer.code) == (409, "total_changed")
    assert answer.json["total_centimes"] == 145110 + RAISED_FEE
    again = portal.checkout(seen_total_centimes=145110 + RAISED_FEE).json
    assert fee_of(again) == [RAISED_FEE]
    assert bank.pay(signed, "T1") == "ACTION=POSTAUTH"
    assert portal.receipt(signed).json["total_centimes"] == 145110 + FEE
    assert bank.pay(again, "T2") == "APPROVED"
