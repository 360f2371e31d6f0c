"""What is forgotten and when: addresses of payers, and payments that CMI never saw (§6.3)."""

import json
from datetime import datetime, timedelta

import pytest

from functions.settlement import retention as sweeping
from functions.settlement.settings import Settings
from functions.shared import settings
from functions.shared.aws import orders, table
from functions.shared.rules.orders import DueState
from tests import portal as portals
from tests.handlers.test_letter import letters as sent_letters
from tests.handlers.test_letter_again import news
from tests.handlers.test_receipt import handle
from tests.portal import DECLINED, NUMBER, Json
from tests.settlement.test_letters import paid, sweep
from tests.settlement.world import World

ADDRESS = "payer@example.ma"


def signed(world: World, **changes: object) -> Json:
    """Pay the golden due, with its letter or without."""
    order = paid(world, **changes)
    sweep(world, minutes=2)
    return order


def given_up(world: World) -> Json:
    """Begin a payment and leave it."""
    order = world.open()
    world.later(minutes=36)
    world.sweep_until_settled()
    assert world.state(order) == "expired"
    return order


def everything(world: World, order: Json) -> str:
    """Give all that the table has of an order, as one text."""
    return json.dumps(world.rows(order), default=str)


@pytest.mark.parametrize(("days", "kept"), [(179, True), (181, False)])
def test_address(world: World, days: int, kept: bool) -> None:
    """An address goes half a year after the payment, no sooner, and nothing else goes with it."""
    order = signed(world)
    before = world.row(order)
    world.forget(days=days)
    row = world.row(order)
    assert (ADDRESS in everything(world, order)) is kept
    facts, was = json.loads(row["facts"]), json.loads(before["facts"])
    assert facts | {"email": None} == was | {"email": None}
    for name in ("state", "proof", "trans_id", "paid_at", "paid_day", "evidence"):
        assert row[name] == before[name]
    assert world.portal.due_states() == [DueState.PAID]


def test_receipt_afterwards(world: World) -> None:
    """The receipt opens as ever, only its letter is no longer spoken of."""
    order = signed(world)
    before = world.portal.receipt(order).json
    world.forget(days=181)
    after = world.portal.receipt(order).json
    assert after["letter"] == {"state": "none", "to": None}
    changing = ("letter", "until_in_seconds")
    assert {key: after[key] for key in after if key not in changing} == {
        key: before[key] for key in before if key not in changing
    }


def test_late_message(world: World) -> None:
    """CMI's message a year late gets the reply it got then, and no letter leaves."""
    order = signed(world)
    count = len(sent_letters())
    world.forget(days=365)
    assert world.portal.verdict(order).text == "ACTION=POSTAUTH"
    assert len(sent_letters()) == count


def test_corrected_address(world: World) -> None:
    """The address that a payer put in the place of the first goes too, and so does the first."""
    order = signed(world)
    news(world.portal, order, "Bounce")
    asked = {"handle": handle(world.portal, order), "email": "second@example.ma"}
    assert world.portal.post("/api/receipt/letter", asked).status == 202
    world.forget(days=181)
    assert "@example.ma" not in everything(world, order)


def test_late_address(world: World) -> None:
    """Who gives an address long after paying without one is forgotten like anybody else."""
    order = signed(world, email=None)
    assert world.restless(order) == []
    asked = {"handle": handle(world.portal, order), "email": ADDRESS}
    assert world.portal.post("/api/receipt/letter", asked).status == 202
    world.forget(days=179)
    assert ADDRESS in everything(world, order)
    world.forget(days=2)
    assert ADDRESS not in everything(world, order)


@pytest.mark.parametrize("api", ["body", "off"])
def test_never_tried(world: World, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    """What was begun and never tried at CMI names nobody thirteen months later."""
    monkeypatch.setenv("STATUS_API", api)
    order = given_up(world)
    over = datetime.fromisoformat(json.loads(world.row(order)["facts"])["open_until"])
    world.portal.now = over + timedelta(days=389)
    for _ in range(2):
        world.forget(hours=1)
    assert ADDRESS not in everything(world, order)
    assert NUMBER in everything(world, order)
    world.forget(days=1)
    left = everything(world, order)
    assert NUMBER not in left
    assert "BPC2020010004319" not in left
    assert world.restless(order) == [row for row in world.rows(order) if "waits" in row] == []
    assert world.portal.receipt(order).code == "not_found"
    payment = orders.payment(order["reference"])
    assert payment
    assert (payment.order.state, payment.order.total_centimes) == ("expired", 0)
    assert world.portal.due_states() == [DueState.UNPAID]


def test_declined(world: World) -> None:
    """A payment that a bank refused was tried: it stays, without its payer's address."""
    order = world.open()
    world.portal.verdict(order, DECLINED)
    world.later(minutes=36)
    world.sweep_until_settled()
    for _ in range(2):
        world.forget(days=400)
    left = everything(world, order)
    assert (ADDRESS in left, NUMBER in left) == (False, True)
    assert world.restless(order) == [row for row in world.rows(order) if "waits" in row] == []


def test_nothing_to_forget(world: World) -> None:
    """Where no address was given the timeline tells of none that went."""
    order = world.open(email=None)
    world.later(minutes=36)
    world.sweep_until_settled()
    world.forget(days=190)
    assert "forgotten_at" not in world.row(order)
    world.forget(days=210)
    assert {"forgotten_at", "stripped_at"} & set(world.row(order)) == {"stripped_at"}


@pytest.mark.parametrize("days", [1, 181, 400])
def test_paid_after_all(world: World, days: int) -> None:
    """A payment that was given up and forgotten is still made good where money came for it."""
    order = world.open()
    made = world.authorise(order)
    world.later(minutes=36)
    made.state = "voided"
    world.sweep_until_settled()
    world.forget(days=days)
    made.state = "authorised"
    reply = world.tell(order, made)
    assert reply == ("ACTION=POSTAUTH" if days < 390 else "APPROVED")
    assert world.portal.due_states() == [DueState.HELD if days < 390 else DueState.UNPAID]


def test_frozen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that was restored is compared first, and forgets nothing until then."""
    order = signed(world)
    monkeypatch.setenv("PAYMENTS", "frozen")
    settings.read.cache_clear()
    before = world.rows(order)
    world.forget(days=400)
    assert world.rows(order) == before


def test_one_breaks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that breaks is looked at the next day, and stops no other."""
    order = signed(world)
    world.change(order, schema=9)
    spoiled = world.row(order)
    other = dict(spoiled, pk="ORDER#12345678901291", schema=1, waits=spoiled["waits"])
    other["waits_at"] = spoiled["waits_at"][:-6] + "+00:01"
    table.client().put_item(TableName=table.name(), Item=table.typed(other))
    monkeypatch.setattr(sweeping, "MOST_A_SHARD", 1)
    world.forget(days=181)
    assert world.row(order)["waits_at"] > spoiled["waits_at"]
    assert json.loads(world.row(order)["facts"])["email"] == ADDRESS
    world.forget(hours=1)
    (row,) = [row for row in world.rows() if row["pk"] == other["pk"]]
    assert json.loads(row["facts"])["email"] is None


def test_time_is_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into one call is left to the next."""
    order = signed(world)
    with monkeypatch.context() as short:
        short.setattr(
            portals.Context,
            "get_remaining_time_in_millis",
            lambda _self: sweeping.RESERVE_MILLISECONDS - 1,
        )
        world.forget(days=181)
    assert ADDRESS in everything(world, order)
    world.forget(hours=1)
    assert ADDRESS not in everything(world, order)


@pytest.mark.parametrize(
    ("name", "value"),
    [("EMAIL_DAYS", "29"), ("EMAIL_DAYS", "181"), ("ABANDONED_DAYS", "179"),
     ("ABANDONED_DAYS", "391"), ("EMAIL_DAYS", "a while")],
)  # fmt: skip
def test_bounds(world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """No deployment keeps longer than the notice on personal data promises, nor forgets at once."""
    del world
    monkeypatch.setenv(name, value)
    settings.read.cache_clear()
    with pytest.raises(settings.SettingsError, match=f"^{name}: "):
        settings.read(Settings)
    settings.read.cache_clear()
