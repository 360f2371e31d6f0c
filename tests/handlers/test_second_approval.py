"""A second approval of a paid order, where nobody knows which transaction CMI's Void would take."""

import pytest

from functions.settlement import work
from functions.settlement.api import Api
from functions.settlement.xml import Credentials
from functions.shared.aws import orders
from functions.shared.rules.settlement import Fate, Status
from tests.portal import Portal

WHO = Credentials("600000001", "name", "password")


@pytest.mark.parametrize(("names", "voided"), [(False, []), (True, ["T2"])])
def test_second_approval(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, names: bool, voided: list[str]
) -> None:
    """A Void that CMI might take for the whole order is never sent beside a standing payment."""
    order = portal.checkout().json
    portal.verdict(order)
    assert portal.verdict(order, TransId="T2").text == "APPROVED"
    asked: list[str] = []

    def void(_self: Api, _oid: str, trans_id: str) -> bool:
        asked.append(trans_id)
        return True

    monkeypatch.setattr(Api, "void", void)
    monkeypatch.setattr(Api, "status", lambda *_: Status(Fate.UNKNOWN))
    key = (f"ORDER#{order['reference']}", "ATTEMPT#T2#00")
    work.settle(key, Api("http://localhost/fim/api", "body", WHO, names_transactions=names))
    assert asked == voided
    payment = orders.payment(order["reference"])
    assert payment
    assert payment.order.state == "paid"
