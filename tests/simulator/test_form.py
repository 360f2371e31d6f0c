from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from tests.simulator.shop import Shop, action, hidden, is_genuine, item


def test_good_form(shop: Shop) -> None:
    """A rightly signed form opens the card page and nothing is in the ledger yet."""
    page = shop.open()
    assert page.status_code == 200
    assert "Demande de paiement" in page.text
    assert shop.ledger() == []


def test_wrong_key(shop: Shop) -> None:
    """A wrong hash ends on failUrl with 3D-1004 and without an order number."""
    form = shop.form()
    page = shop.open(form | {"HASH": form["HASH"].swapcase()})
    assert page.status_code == 400
    assert "Code de sécurité erroné" in page.text
    assert action(page) == form["failUrl"]
    answer = hidden(page)
    assert answer["ErrCode"] == "3D-1004"
    assert answer["ErrMsg"] == "Wrong security code (hash)"
    assert "oid" not in {name.lower() for name in answer}
    assert is_genuine(answer)
    assert shop.receiver.posts == []


@pytest.mark.parametrize("name", ["amount", "oid", "okUrl", "email", "Total2"])
def test_changed_after_signing(shop: Shop, name: str) -> None:
    """A payer who edits a hidden field is refused (event 35)."""
    form = shop.form()
    page = shop.open(form | {name: form[name] + "1"})
    assert hidden(page)["ErrCode"] == "3D-1004"


def test_without_hash(shop: Shop) -> None:
    """An unsigned form is refused like a wrongly signed one."""
    assert hidden(shop.open(shop.fields()))["ErrCode"] == "3D-1004"


def test_field_twice(shop: Shop) -> None:
    """A name that comes twice has no one value to sign, so the form is refused."""
    form = {**shop.form(), "amount": ["1467.06", "1467.06"]}
    page = shop.client.post("/fim/est3Dgate", data=form)
    assert hidden(page)["ErrCode"] == "3D-1004"


def test_latin_1(shop: Shop) -> None:
    """A form served in another charset loses its accents, and its hash."""
    form = shop.form(BillToName="Zoé")
    body = urlencode(form, encoding="latin-1")
    page = shop.client.post(
        "/fim/est3Dgate", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert page.status_code == 400
    assert "Code de sécurité erroné" in page.text


def test_blanks_around(shop: Shop) -> None:
    """Values are trimmed before the hash is checked, as CMI's kits trim them."""
    form = shop.form()
    assert shop.open(form | {"BillToName": f" {form['BillToName']}\r\n"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("clientid", "600000002", "CORE-2313"),
        ("clientid", None, "CORE-2313"),
        ("storetype", "3d_pay_hosting", "CORE-2001"),
        ("TranType", "Auth", "CORE-2001"),
        ("hashAlgorithm", "ver2", "3D-1004"),
        ("currency", "978", "CORE-2007"),
        ("amount", None, "CORE-2005"),
        ("amount", "1467,06", "CORE-2007"),
        ("amount", "1 467.06", "CORE-2007"),
        ("amount", "1467.060", "CORE-2007"),
        ("amount", "+1467.06", "CORE-2007"),
        ("amount", "1E+3", "CORE-2007"),
        ("amount", "١٤٦٧", "CORE-2007"),
        ("amount", "0.00", "CORE-2009"),
        ("oid", "", "CORE-2005"),
        ("oid", "4319-0271", "CORE-2006"),
        ("oid", "9" * 65, "CORE-2006"),
        ("rnd", "", "CORE-2005"),
        ("lang", "zgh", "CORE-2001"),
        ("encoding", "ISO-8859-1", "CORE-2001"),
        ("sessiontimeout", "29", "CORE-2007"),
        ("sessiontimeout", "2701", "CORE-2007"),
        ("description", "x" * 256, "CORE-2006"),
        ("total", "1467.06", "CORE-2001"),
        ("shopurl", None, "CORE-2005"),
        ("okUrl", "https://example.ma/ok", "SIM-URL"),
        ("callbackUrl", "http://169.254.169.254/", "SIM-URL"),
        ("shopurl", "javascript:alert(1)", "SIM-URL"),
    ],
)
def test_rule(shop: Shop, name: str, value: str | None, code: str) -> None:
    """Each rule of CMI's form has its refusal, and the browser goes to failUrl."""
    page = shop.open(shop.form(**{name: value}))
    assert page.status_code == 400
    assert hidden(page)["ErrCode"] == code


def test_foreign_fail_url(shop: Shop) -> None:
    """A failUrl elsewhere gets no browser: the error page ends there."""
    page = shop.open(shop.form(failUrl="https://example.ma/fail"))
    assert page.status_code == 400
    assert action(page) == ""
    assert "SIM-URL" in page.text


@pytest.mark.parametrize("amount", ["0.05", "99999.99", "1467", "1467.1"])
def test_amounts(shop: Shop, amount: str) -> None:
    """Every amount that the grammar allows opens the page."""
    assert shop.open(shop.form(amount=amount)).status_code == 200


def test_nine_lines(shop: Shop) -> None:
    """Nine lines can be signed; a tenth cannot, because the samples sort it differently."""
    lines: dict[str, str | None] = {}
    for n in range(1, 10):
        lines |= item(n, "202001", str(n), "BPC", "1.00")
    page = shop.open(shop.form(**lines))
    assert len(re.findall('<li><span class="what"', page.text)) == 9
    tenth = shop.fields(**lines) | item(10, "202001", "10", "BPC", "1.00") | {"HASH": "x"}
    assert hidden(shop.open(tenth))["ErrCode"] == "3D-1004"


def test_without_lines(shop: Shop) -> None:
    """The lines are optional: one setting of the portal turns them off."""
    names = [
        f"{n}{i}"
        for n in ("ItemNumber", "ProductCode", "Qty", "Desc", "Id", "Price", "Total")
        for i in (1, 2)
    ]
    page = shop.open(shop.form(**dict.fromkeys(names)))
    assert page.status_code == 200
    assert "1467.06 MAD" in page.text


def test_burnt_order(shop: Shop) -> None:
    """An order number that had its success opens no second page; a declined one does."""
    shop.pay("4000000000510000")
    assert shop.open().status_code == 200
    shop.pay()
    page = shop.open()
    assert page.status_code == 400
    assert hidden(page)["ErrCode"] == "CORE-2507"


def test_get(shop: Shop) -> None:
    """The hosted page takes a POST and nothing else."""
    assert shop.client.get("/fim/est3Dgate").status_code == 405


def test_huge_form(shop: Shop) -> None:
    """A body beyond any form's size is refused unread."""
    assert shop.open(shop.form(description="x" * 70_000)).status_code == 413
