"""`frozen`: the table was restored from a backup, and lacks what happened since (event 107)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.shared import settings
from functions.shared.aws import table
from tests.handlers.test_letter import letters
from tests.handlers.test_letter_again import news
from tests.handlers.test_receipt import handle
from tests.portal import NUMBER, Json, Portal

Switch = Callable[[str], None]


@pytest.fixture
def payments(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Switch:
    """Give the switch of the template's parameter; CMI has no API that settlement could ask."""
    assert portal.functions
    monkeypatch.setenv("STATUS_API", "off")

    def switch(stage: str) -> None:
        monkeypatch.setenv("PAYMENTS", stage)
        settings.read.cache_clear()

    return switch


def written(portal: Portal) -> list[table.Row]:
    """Give the rows that stand, but for the counters and burnt codes of look-ups."""
    return [row for row in portal.rows() if row["pk"].partition("#")[0] not in ("RATE", "CODE")]


def test_nothing_begins(portal: Portal, payments: Switch) -> None:
    """A quarter that was paid since the backup looks unpaid: nobody can start paying it (event 107)."""
    payments("frozen")
    listed = portal.first_lookup()
    assert listed.status == 200
    before = written(portal)
    answer = portal.checkout(listed.json)
    assert (answer.status, answer.code) == (503, "closed")
    assert written(portal) == before


@pytest.mark.parametrize("stage", ["frozen", "closed"])
def test_nothing_is_captured(portal: Portal, payments: Switch, stage: str) -> None:
    """A form from before captures nothing while the table is not whole (event 107).

    Where payments are merely closed, what was started still settles.
    """
    order = portal.checkout().json
    before = written(portal)
    payments(stage)
    reply = portal.verdict(order).text
    if stage == "closed":
        assert (reply, portal.due_states()) == ("ACTION=POSTAUTH", ["paid"])
        return
    assert (reply, written(portal)) == ("FAILURE", before)
    payments("open")
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


def test_nothing_is_settled(portal: Portal, payments: Switch) -> None:
    """Neither sweep nor stream moves an order or sends a letter that may have gone (event 107)."""
    abandoned, order = portal.checkout().json, portal.checkout().json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    record, before = portal.record(order), written(portal)
    payments("frozen")
    portal.now += timedelta(hours=2)
    for function in ("LetterFunction", "SettlementFunction"):
        portal.invoke(function, {"sweep": True})
        assert portal.invoke(function, {"Records": [record]}) == {"batchItemFailures": []}
    assert (written(portal), letters()) == (before, [])
    payments("open")
    for function in ("LetterFunction", "SettlementFunction"):
        portal.invoke(function, {"sweep": True})
    assert len(letters()) == 1
    assert portal.record(abandoned)["dynamodb"]["NewImage"]["state"] == {"S": "expired"}


def test_queue_is_still_counted(
    portal: Portal, payments: Switch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The alarm on sweeps that do not come stays quiet: what waits is still told (event 107)."""
    payments("frozen")
    portal.invoke("SettlementFunction", {"sweep": True})
    assert '"QueueLength":[0.0]' in capsys.readouterr().out


def test_nothing_false_is_told(portal: Portal, payments: Switch) -> None:
    """What became of a payment since is not known: "later", never "unknown" or "not debited" (event 107)."""
    order = portal.checkout().json
    opened = handle(portal, order)
    portal.now += timedelta(hours=2)
    assert portal.receipt(order).json["state"] == "expired"
    payments("frozen")
    for asked in (
        {"reference": order["reference"], "registration_number": NUMBER},
        {"reference": "43190271885204", "registration_number": NUMBER},
        {"reference": order["reference"], "registration_number": "111111111"},
        {"handle": opened}, {"handle": f"{opened}A"},
    ):  # fmt: skip
        answer = portal.post("/api/receipt", asked)
        assert (answer.status, answer.code) == (503, "unavailable")


def test_what_was_paid_stays_paid(portal: Portal, payments: Switch) -> None:
    """A payment that the backup knows as paid is told, with its PDF; no letter is begun (event 107)."""
    order = portal.checkout().json
    portal.verdict(order)
    portal.stream()
    portal.now += timedelta(minutes=5)
    payments("frozen")
    assert portal.receipt(order).json["state"] == "paid"
    asked = {"reference": order["reference"], "registration_number": NUMBER}
    assert portal.post("/api/receipt/pdf", asked).status == 200
    assert portal.post("/api/receipt/letter", asked).code == "unavailable"
    other: Json = asked | {"registration_number": "111111111"}
    assert portal.post("/api/receipt", other).code == "unavailable"


def test_news_of_letters_is_kept(portal: Portal, payments: Switch) -> None:
    """SES tells of a letter once: a bounce is noted even then (event 107)."""
    order = portal.checkout().json
    portal.verdict(order)
    portal.stream()
    payments("frozen")
    news(portal, order, "Bounce")
    assert portal.receipt(order).json["letter"]["state"] == "bounced"


def test_browser_still_comes_back(portal: Portal, payments: Switch) -> None:
    """Whoever comes back from CMI lands on a page, which then says "later" (event 107)."""
    order = portal.checkout().json
    payments("frozen")
    opened = handle(portal, order)
    assert portal.post("/api/receipt", {"handle": opened}).code == "unavailable"
