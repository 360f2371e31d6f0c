"""Two versions of the code on one table, while a deployment goes on (event 102).

`ROW` is an order as 0.1.0 writes it, kept here to the letter: whatever version comes, an order that
stands in the table must be paid, shown, written about and settled.
"""

import json
from typing import Any

import pytest

from functions.shared import settings
from functions.shared.aws import orders, rows, table
from functions.shared.rules.orders import Attempt
from tests.handlers.test_letter import letters
from tests.portal import NUMBER, Json, Portal

REFERENCE = "43190271885204"
FACTS: Json = {
    "reference": REFERENCE, "registration_number": NUMBER,
    "due_ids": ["2020-1-BPC2020010004319"],
    "lines": [
        {"kind": "contribution", "year": 2020, "period": 1, "amount_centimes": 145110,
         "reference": "BPC2020010004319", "account": "BPC pour encaissements ASVI"},
        {"kind": "fee", "year": 2020, "period": 5, "amount_centimes": 1596,
         "reference": REFERENCE, "account": "Frais de traitement"},
    ],
    "card_origin": "LOC", "language": "fr", "email": "payer@example.ma", "terms_version": "2020-05",
    "rnd": "AAAABBBBCCCCDDDDEEEE", "key_id": "0a1b2c3d",
    "started_at": "2020-05-05T21:50:51.000+00:00", "form_until": "2020-05-05T22:05:51.000+00:00",
    "open_until": "2020-05-05T22:25:51.000+00:00",
}  # fmt: skip
ROW: table.Row = {
    "pk": f"ORDER#{REFERENCE}", "sk": "ORDER", "schema": 1, "facts": json.dumps(FACTS),
    "state": "open", "waits": "WORK#4", "waits_at": "2020-05-05T22:25:51.000+00:00",
}  # fmt: skip


def newer(row: table.Row, **columns: Any) -> table.Row:  # noqa: ANN401 - any column
    """Give an order's row as a next version may write it: with more in it, and nothing less."""
    facts = json.loads(row["facts"])
    lines = [line | {"branch": "ASVI"} for line in facts["lines"]]
    more = facts | {"lines": lines, "channel": "web", "state": "unlike ours"}
    return row | {"schema": rows.SCHEMA + 1, "facts": json.dumps(more), "hint": "x"} | columns


WRITTEN = {"the first version": ROW, "the next version": newer(ROW)}


def put(row: table.Row) -> None:
    """Write a row as it is."""
    table.client().put_item(TableName=table.name(), Item=table.typed(row))


def form_of(row: table.Row) -> Json:
    """Give the form that an order's payer took to CMI, as a checkout answered it."""
    home = "http://127.0.0.1:8000/cmi/return?l=fr"
    fields = {
        "clientid": "600000001", "storetype": "3D_PAY_HOSTING", "okUrl": home, "failUrl": home,
        "amount": "1467.06", "currency": "504", "oid": REFERENCE, "rnd": FACTS["rnd"], "HASH": "",
    }  # fmt: skip
    return {"reference": row["pk"].removeprefix("ORDER#"), "gateway": {"fields": fields}}


@pytest.mark.parametrize("row", WRITTEN.values(), ids=WRITTEN)
def test_payment_across_versions(portal: Portal, row: table.Row) -> None:
    """An order of either version is shown, paid, signed and written about (event 102)."""
    put(row)
    order = form_of(row)
    assert portal.receipt(order).json["state"] == "open"
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    assert portal.due_states() == ["paid"]
    assert portal.stream() == {"batchItemFailures": []}
    assert len(letters()) == 1
    receipt = portal.receipt(order).json
    assert (receipt["state"], receipt["total_centimes"]) == ("paid", 146706)


@pytest.mark.parametrize("row", WRITTEN.values(), ids=WRITTEN)
def test_swept_across_versions(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, row: table.Row
) -> None:
    """An abandoned order of either version expires (event 102)."""
    monkeypatch.setenv("STATUS_API", "off")
    settings.read.cache_clear()
    put(row)
    portal.now = portal.now.replace(hour=23)
    portal.invoke("SettlementFunction", {"sweep": True})
    assert portal.record(form_of(row))["dynamodb"]["NewImage"]["state"] == {"S": "expired"}


def test_nothing_is_dropped(portal: Portal) -> None:
    """What the next version wrote outlives a payment made by this one (event 102)."""
    row = newer(ROW, hint="kept")
    put(row)
    assert portal.verdict(form_of(row)).text == "ACTION=POSTAUTH"
    (stands,) = [one for one in portal.rows("ORDER#") if one["sk"] == "ORDER"]
    assert {name: stands[name] for name in ("facts", "hint", "schema")} == {
        name: row[name] for name in ("facts", "hint", "schema")
    }


def test_other_rows_across_versions(portal: Portal) -> None:
    """Dues, attempts, letters and notes with a column more are read as before (event 102)."""
    order = portal.checkout().json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    for row in portal.rows():
        put(row | {"hint": "x"})
    payment = orders.payment(order["reference"])
    assert payment is not None
    (made,) = payment.attempts
    assert isinstance(made, Attempt)
    assert (made.reply, payment.letters[0].kind) == ("ACTION=POSTAUTH", "paid")
    assert portal.due_states() == ["paid"]
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


def test_version_out_of_sight(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    """Two versions ahead a row may mean anything: nothing is captured on it (event 102)."""
    put(ROW | {"schema": rows.SCHEMA + 2})
    assert portal.verdict(form_of(ROW)).text == "FAILURE"
    assert portal.due_states() == ["unpaid"]
    assert '"Broken"' in capsys.readouterr().out


def test_what_is_written_now(portal: Portal) -> None:
    """Every order says which version wrote it, and holds what the first one did (event 102)."""
    portal.checkout()
    (row,) = [one for one in portal.rows("ORDER#") if one["sk"] == "ORDER"]
    assert row["schema"] == rows.SCHEMA
    assert set(json.loads(row["facts"])) >= set(FACTS)
