from __future__ import annotations

import html
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cmi_simulator.faults import FAULTS
from tests.simulator.shop import Shop, action, eventually, hidden, is_genuine

STATUS = (
    "<CC5Request><Name>asvi_api</Name><Password>asvi_local</Password><ClientId>600000001</ClientId>"
    "<OrderId>43190271885204</OrderId><Extra><ORDERSTATUS>QUERY</ORDERSTATUS></Extra></CC5Request>"
)


def test_every_fault_is_tested() -> None:
    """No fault is offered that no test below switches on."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'fault("{name}"' not in text] == []


def test_no_fault(shop: Shop) -> None:
    """At the start, and after a reset, every fault is off and explained."""
    shop.fault("callback_never")
    shop.client.post("/reset")
    listed = list(shop.client.get("/faults").json or [])
    assert {row["name"] for row in listed} == FAULTS.keys()
    assert not any(row["on"] for row in listed)
    assert all(row["what"].endswith(".") for row in listed)


def test_callback_twice(shop: Shop) -> None:
    """The same message comes twice and is captured once."""
    shop.fault("callback_twice")
    shop.receiver.replies = ["ACTION=POSTAUTH", "APPROVED"]
    shop.pay()
    assert shop.receiver.posts[0] == shop.receiver.posts[1]
    assert shop.ledger()[0]["replies"] == ["ACTION=POSTAUTH", "APPROVED"]
    assert shop.states() == ["captured"]


def test_callback_twice_at_once(shop: Shop) -> None:
    """Both copies are under way before either is answered."""
    shop.fault("callback_twice_at_once")
    shop.receiver.at_once = threading.Barrier(2, timeout=4)
    shop.pay()
    assert shop.receiver.posts[0] == shop.receiver.posts[1]
    assert shop.ledger()[0]["replies"] == ["ACTION=POSTAUTH", "ACTION=POSTAUTH"]
    assert shop.states() == ["captured"]


def test_callback_late(shop: Shop) -> None:
    """The browser is back long before the callback, which then captures."""
    shop.fault("callback_late", seconds=0.8)
    assert action(shop.pay())
    assert shop.states() == ["authorised"]
    assert shop.receiver.posts == []
    assert eventually(lambda: shop.states() == ["captured"])


def test_callback_after_browser(shop: Shop) -> None:
    """The browser is back just before the callback."""
    shop.fault("callback_after_browser", seconds=0.8)
    assert action(shop.pay())
    assert shop.receiver.posts == []
    assert eventually(lambda: shop.states() == ["captured"])


def test_reset_forgets_late_callbacks(shop: Shop) -> None:
    """What a reset wiped out calls nobody afterwards."""
    shop.fault("callback_late", seconds=0.2)
    shop.pay()
    shop.client.post("/reset")
    time.sleep(0.4)
    assert shop.receiver.posts == []


def test_callback_never(shop: Shop) -> None:
    """Nobody is called and nothing is captured, yet the browser goes to okUrl."""
    shop.fault("callback_never")
    assert action(shop.pay(okUrl=f"{shop.receiver.url}/ok")) == f"{shop.receiver.url}/ok"
    assert shop.receiver.posts == []
    assert shop.ledger()[0]["replies"] == []
    assert shop.states() == ["authorised"]


def test_wrong_hash(shop: Shop) -> None:
    """Neither the callback nor the browser's answer verifies."""
    shop.fault("wrong_hash")
    page = shop.pay()
    assert not is_genuine(shop.receiver.posts[0])
    assert not is_genuine(hidden(page))


def test_wrong_amount(shop: Shop) -> None:
    """A truly signed answer tells one centime more, and that is what the ledger holds."""
    shop.fault("wrong_amount")
    shop.pay()
    [answer] = shop.receiver.posts
    assert is_genuine(answer)
    assert answer["amount"] == "1467.07"
    assert shop.ledger()[0]["amount_centimes"] == 146707


def test_wrong_currency(shop: Shop) -> None:
    """A truly signed answer tells euros."""
    shop.fault("wrong_currency")
    shop.pay()
    [answer] = shop.receiver.posts
    assert is_genuine(answer)
    assert answer["currency"] == shop.ledger()[0]["currency"] == "978"


def test_renamed_fields(shop: Shop) -> None:
    """A forgery with a valid hash follows a decline: only the echo can tell (event 53)."""
    shop.fault("renamed_fields")
    shop.receiver.replies = ["APPROVED", "ACTION=POSTAUTH"]
    page = shop.pay()
    genuine, forged = shop.receiver.posts
    assert (genuine["ProcReturnCode"], forged["ProcReturnCode"]) == ("51", "00")
    assert is_genuine(genuine)
    assert is_genuine(forged)
    assert forged["Response"] == "Approved"
    for name in ("oid", "amount", "currency", "clientid", "TransId", "mdStatus"):
        assert forged[name] == genuine[name]
    assert not {"storetype", "okUrl", "orgRnd"} & forged.keys()
    assert hidden(page) == genuine
    assert shop.states() == ["declined"]
    assert shop.ledger()[0]["replies"] == ["APPROVED", "ACTION=POSTAUTH"]


def test_declined_then_approved(shop: Shop) -> None:
    """One press is called back twice: refused, then approved, under two numbers."""
    shop.fault("declined_then_approved")
    shop.receiver.replies = ["APPROVED", "ACTION=POSTAUTH"]
    page = shop.pay()
    assert [a["ProcReturnCode"] for a in shop.receiver.posts] == ["51", "00"]
    assert shop.states() == ["declined", "captured"]
    assert hidden(page)["ProcReturnCode"] == "00"


def test_approved_twice(shop: Shop) -> None:
    """Two approvals on one order, of which the merchant may capture one."""
    shop.fault("approved_twice")
    shop.receiver.replies = ["ACTION=POSTAUTH", "APPROVED"]
    shop.pay()
    first, second = shop.receiver.posts
    assert first["TransId"] != second["TransId"]
    assert first["oid"] == second["oid"]
    assert shop.states() == ["captured", "authorised"]


@pytest.mark.parametrize("number", ["4000000000510000", "4000000000300006"])
def test_declined_card_stays_declined(shop: Shop, number: str) -> None:
    """The faults of an approval leave a refused card refused."""
    shop.fault("approved_twice")
    shop.fault("declined_then_approved")
    shop.fault("ignores_reply")
    shop.pay(number)
    assert shop.states() == ["declined"]


@pytest.mark.parametrize("reply", ["APPROVED", "FAILURE", ""])
def test_ignores_reply(shop: Shop, reply: str) -> None:
    """The bank captures although the merchant said no."""
    shop.fault("ignores_reply")
    shop.receiver.replies = [reply]
    shop.pay()
    assert shop.states() == ["captured"]


def test_loses_reply(shop: Shop) -> None:
    """The merchant said yes, and nothing is captured."""
    shop.fault("loses_reply")
    shop.pay()
    assert shop.states() == ["authorised"]
    assert shop.ledger()[0]["replies"] == ["ACTION=POSTAUTH"]


def test_answers_3d_1004(shop: Shop) -> None:
    """A right form is refused as if its hash were wrong."""
    shop.fault("answers_3d_1004")
    page = shop.open()
    assert hidden(page)["ErrCode"] == "3D-1004"
    assert action(page) == shop.form()["failUrl"]


def test_gateway_down(shop: Shop) -> None:
    """The hosted page answers 503 in the form's language, before and after it was opened."""
    page = shop.open()
    shop.fault("gateway_down")
    assert shop.press(page).status_code == 503
    answer = shop.open(shop.form(lang="ar"))
    assert answer.status_code == 503
    assert 'dir="rtl"' in answer.text
    assert shop.ledger() == []


def test_form_twice(shop: Shop) -> None:
    """A form that was paid opens again and takes a second card (event 37)."""
    shop.fault("form_twice")
    shop.receiver.replies = ["ACTION=POSTAUTH", "APPROVED"]
    shop.pay()
    shop.pay("5453010000066100")
    assert shop.states() == ["captured", "authorised"]


def test_api_down(shop: Shop) -> None:
    """The XML API answers 503 while the hosted page works."""
    shop.fault("api_down")
    assert shop.client.post("/fim/api", data=STATUS).status_code == 503
    assert shop.open().status_code == 200


def test_api_slow(shop: Shop) -> None:
    """The XML API answers, late."""
    shop.fault("api_slow", seconds=0.2)
    began = time.monotonic()
    answer = shop.client.post(
        "/fim/api",
        data=urlencode({"DATA": STATUS}),
        content_type="application/x-www-form-urlencoded",
    )
    assert "No record found for 43190271885204" in html.unescape(answer.text)
    assert time.monotonic() - began >= 0.2


def test_capture_late(shop: Shop) -> None:
    """A capture that was granted shows only later."""
    shop.fault("capture_late", seconds=0.8)
    shop.pay()
    assert shop.states() == ["authorised"]
    assert eventually(lambda: shop.states() == ["captured"])


def test_void_before_late_capture(shop: Shop) -> None:
    """A void that comes first leaves nothing to capture."""
    shop.fault("capture_late", seconds=0.2)
    shop.pay()
    with shop.bank.lock:
        shop.bank.ledger.void(shop.bank.ledger.entries[0], shop.moment)
    time.sleep(0.4)
    assert shop.states() == ["voided"]
