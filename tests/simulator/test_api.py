from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from tests.simulator.shop import Shop

OID = "43190271885204"
GOOD = {"Name": "asvi_api", "Password": "asvi_local", "ClientId": "600000001", "OrderId": OID}


def request(extra: str = "", **changes: str) -> str:
    """Write a CC5Request."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in (GOOD | changes).items())
    return f"<CC5Request>{inner}{extra}</CC5Request>"


STATUS = "<Extra><ORDERSTATUS>QUERY</ORDERSTATUS></Extra>"


def ask(shop: Shop, body: str | bytes) -> dict[str, str]:
    """Send a body and return the answer's texts by name, those of Extra among them."""
    answer = shop.client.post("/fim/api", data=body, content_type="text/xml")
    assert answer.status_code == 200
    return {node.tag: node.text or "" for node in ET.fromstring(answer.data).iter()}  # noqa: S314 - the simulator's own


def reserved(shop: Shop) -> None:
    """Pay an order that the merchant does not capture."""
    shop.receiver.replies = ["APPROVED"]
    shop.pay()


def test_status_of_nothing(shop: Shop) -> None:
    """An order that the bank never saw is 99, "No record found"."""
    answer = ask(shop, request(STATUS))
    assert (answer["Response"], answer["ProcReturnCode"]) == ("Error", "99")
    assert answer["ErrMsg"] == f"No record found for {OID}"


def test_status_of_a_capture(shop: Shop) -> None:
    """A capture shows C and centimes, and S once its day is over."""
    shop.pay()
    answer = ask(shop, request(STATUS))
    assert (answer["Response"], answer["ProcReturnCode"]) == ("Approved", "00")
    assert (answer["TRANS_STAT"], answer["ORIG_TRANS_AMT"], answer["CAPTURE_AMT"]) == (
        "C",
        "146706",
        "146706",
    )
    assert answer["TRANS_ID"] == shop.ledger()[0]["trans_id"]
    shop.later(days=1)
    assert ask(shop, request(STATUS))["TRANS_STAT"] == "S"


def test_status_of_a_reservation(shop: Shop) -> None:
    """A reservation shows A and no captured amount: Approved only means "record found"."""
    reserved(shop)
    answer = ask(shop, request(STATUS))
    assert (answer["Response"], answer["TRANS_STAT"], answer["CAPTURE_AMT"]) == (
        "Approved",
        "A",
        "",
    )


@pytest.mark.parametrize(
    ("number", "letter", "code"),
    [("4000000000510000", "D", "51"), ("4000000000990004", "ERR", "99")],
)
def test_status_of_a_refusal(shop: Shop, number: str, letter: str, code: str) -> None:
    """A refused attempt shows D, a technical error ERR, with its code."""
    shop.pay(number)
    answer = ask(shop, request(STATUS))
    assert (answer["TRANS_STAT"], answer["PROC_RET_CD"]) == (letter, code)


def test_status_shows_the_capture(shop: Shop) -> None:
    """Of several attempts the status shows the one that was captured."""
    shop.fault("declined_then_approved")
    shop.fault("approved_twice")
    shop.receiver.replies = ["APPROVED", "ACTION=POSTAUTH", "APPROVED"]
    shop.pay()
    answer = ask(shop, request(STATUS))
    assert (answer["TRANS_STAT"], answer["TRANS_ID"]) == ("C", shop.ledger()[1]["trans_id"])


def test_form_field(shop: Shop) -> None:
    """The request may come as the form field DATA as well."""
    answer = shop.client.post(
        "/fim/api",
        data=urlencode({"DATA": request(STATUS)}),
        content_type="application/x-www-form-urlencoded",
    )
    assert b"No record found" in answer.data


def test_post_auth(shop: Shop) -> None:
    """PostAuth captures a reservation once; asked again it is an error."""
    reserved(shop)
    body = request(Type="PostAuth", Total="1467.06", Currency="504")
    assert ask(shop, body)["ProcReturnCode"] == "00"
    assert shop.states() == ["captured"]
    again = ask(shop, body)
    assert (again["ProcReturnCode"], again["ERRORCODE"]) == ("99", "CORE-2506")


@pytest.mark.parametrize(
    ("total", "code"),
    [("1467.07", "CORE-2512"), ("0", "CORE-2512"), ("-1", "CORE-2007"), ("1,5", "CORE-2007")],
)
def test_post_auth_amount(shop: Shop, total: str, code: str) -> None:
    """Never more than was authorised, never an amount that is none."""
    reserved(shop)
    assert ask(shop, request(Type="PostAuth", Total=total))["ERRORCODE"] == code
    assert shop.states() == ["authorised"]


def test_post_auth_currency(shop: Shop) -> None:
    """An amount in another currency is refused."""
    reserved(shop)
    assert (
        ask(shop, request(Type="PostAuth", Total="1", Currency="978"))["ERRORCODE"] == "CORE-2007"
    )


def test_post_auth_part(shop: Shop) -> None:
    """A part may be captured, and the ledger says how much."""
    reserved(shop)
    ask(shop, request(Type="PostAuth", Total="1451.10"))
    row = shop.ledger()[0]
    assert (row["amount_centimes"], row["captured_centimes"]) == (146706, 145110)


@pytest.mark.parametrize("number", ["", "4000000000510000"])
def test_post_auth_of_nothing(shop: Shop, number: str) -> None:
    """There is nothing to capture where nothing was authorised."""
    if number:
        shop.pay(number)
    assert ask(shop, request(Type="PostAuth"))["ERRORCODE"] == "CORE-2509"


@pytest.mark.parametrize("reply", ["APPROVED", "ACTION=POSTAUTH"])
def test_void(shop: Shop, reply: str) -> None:
    """Void releases a reservation or undoes the day's capture, once."""
    shop.receiver.replies = [reply]
    shop.pay()
    assert ask(shop, request(Type="Void"))["ProcReturnCode"] == "00"
    assert shop.states() == ["voided"]
    assert ask(shop, request(STATUS))["TRANS_STAT"] == "V"
    assert ask(shop, request(Type="Void"))["ERRORCODE"] == "CORE-2008"
    assert ask(shop, request(Type="PostAuth"))["ERRORCODE"] == "CORE-2509"


def test_void_one_of_two(shop: Shop) -> None:
    """With two approvals on an order, a void must say which, and touches only that one."""
    shop.fault("approved_twice")
    shop.receiver.replies = ["ACTION=POSTAUTH", "APPROVED"]
    shop.pay()
    assert ask(shop, request(Type="Void"))["ERRORCODE"] == "CORE-2133"
    second = shop.ledger()[1]["trans_id"]
    assert ask(shop, request(Type="Void", TransId=second))["TransId"] == second
    assert shop.states() == ["captured", "voided"]


def test_void_of_another_order(shop: Shop) -> None:
    """A transaction number opens nothing under another order's number."""
    reserved(shop)
    trans_id = shop.ledger()[0]["trans_id"]
    assert (
        ask(shop, request(Type="Void", OrderId="OTHER", TransId=trans_id))["ERRORCODE"]
        == "CORE-2008"
    )
    assert shop.states() == ["authorised"]


def test_credit(shop: Shop) -> None:
    """A settled capture is given back in parts, never more than was taken."""
    shop.pay()
    assert ask(shop, request(Type="Credit"))["ERRORCODE"] == "CORE-2508"
    shop.later(days=1)
    assert ask(shop, request(Type="Void"))["ERRORCODE"] == "CORE-2008"
    assert ask(shop, request(Type="Credit", Total="15.96"))["ProcReturnCode"] == "00"
    assert ask(shop, request(Type="Credit", Total="1451.11"))["ERRORCODE"] == "CORE-2503"
    assert ask(shop, request(Type="Credit"))["ProcReturnCode"] == "00"
    assert ask(shop, request(Type="Credit"))["ERRORCODE"] == "CORE-2504"
    assert shop.ledger()[0]["refunded_centimes"] == 146706


def test_credit_of_nothing(shop: Shop) -> None:
    """Nothing is given back where nothing was taken."""
    assert ask(shop, request(Type="Credit"))["ERRORCODE"] == "CORE-2008"


@pytest.mark.parametrize("name", ["Name", "Password", "ClientId"])
def test_credentials(shop: Shop, name: str) -> None:
    """Wrong credentials are an error and move no money."""
    reserved(shop)
    answer = ask(shop, request(Type="PostAuth", **{name: "wrong"}))
    assert answer["ErrMsg"] == "Invalid merchant, user or password."
    assert shop.states() == ["authorised"]


@pytest.mark.parametrize("kind", ["Auth", "PreAuth", "", "postauth"])
def test_other_type(shop: Shop, kind: str) -> None:
    """Any other type is refused: no card is charged through this door."""
    assert ask(shop, request(Type=kind))["ERRORCODE"] == "CORE-2001"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<CC5Request>",
        b"<Other/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><CC5Request><Name>&b;</Name></CC5Request>',
        b"<CC5Request><Name><![CDATA[asvi_api]]></Name></CC5Request>",
        request(STATUS).encode("utf-16"),
        request(STATUS).encode("utf-16-le"),
        "<!DOCTYPE CC5Request><CC5Request/>".encode("utf-16-le"),
        b"\xff\xfe",
        b"<CC5Request>" + b" " * 20_000 + b"</CC5Request>",
    ],
)
def test_malformed(shop: Shop, body: bytes) -> None:
    """What is no plain request, a DTD or an entity above all, is refused without a crash."""
    assert ask(shop, body)["ERRORCODE"] == "CORE-2014"


def test_declared_charset(shop: Shop) -> None:
    """The declaration that NestPay's samples carry does no harm."""
    body = '<?xml version="1.0" encoding="ISO-8859-9"?>' + request(STATUS)
    assert ask(shop, body)["ErrMsg"] == f"No record found for {OID}"
