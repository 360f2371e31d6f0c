"""A visit to the bank's page: cards tried, callbacks sent, replies heard or not, the way back."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.simulation.bank import (
    APPROVED,
    DECLINES,
    Transaction,
    names_put_back,
    renamed_answer,
    renamed_request,
    tampered,
)
from tests.simulation.browser import Browser
from tests.simulation.hub import HOUR, MINUTE, SECOND
from tests.simulation.values import Json

if TYPE_CHECKING:
    from tests.simulation.payers import Tab
    from tests.simulation.world import World

OK, NO = True, False
CONSTANTS = ("storetype", "okUrl", "failUrl")
# What cards do on one form, and how often of a hundred.
CARDS = {
    (OK,): 56, (NO,): 8, (NO, OK): 14, (OK, OK): 8, (OK, NO): 4, (NO, NO, OK): 3, (): 7,
}  # fmt: skip
BANK_ADDRESS = "192.0.2.200"
ASKED_AGAIN = 2


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a callback travels: waits before each sending, and what becomes of the reply."""

    waits_ms: tuple[int, ...]
    reply: str


def card_page(tab: "Tab", order: Json) -> None:
    """Post a form to the bank, try cards, and come back."""
    world, form = tab.world, order["gateway"]["fields"]
    renamed = world.random.random() < 0.06
    if renamed:
        tab.tell("moves the names of the form's fields, and pays 504 DH")
        form = renamed_request(form)
    key = world.bank.key_of(form)
    if key is None:
        tab.tell("is told 3D-1004 by the bank")
        return
    for approved in _drawn(world):
        tab.waits(SECOND, MINUTE)
        said = APPROVED if approved else world.random.choice(DECLINES)
        tried = world.bank.tried(form, key, said, renamed=renamed)
        tab.tell(f"{tried.trans_id}: {tried.state} {tried.amount_centimes} for {tried.oid}")
        _deliver(world, tried)
        _mischief(tab, tried)
        if world.random.random() < 0.7:
            _come_back(tab, tried)


def _drawn(world: "World") -> tuple[bool, ...]:
    (cards,) = world.random.choices(list(CARDS), list(CARDS.values()))
    return cards


def _deliver(world: "World", tried: Transaction) -> None:
    """Send the callback, in one of the ways that networks and banks know."""
    delivery = _way(world)
    if not delivery.waits_ms:
        world.story.tell("bank", f"never calls about {tried.trans_id}")
        world.sometimes("callback that never came")
    for wait_ms in delivery.waits_ms:
        world.spawn(lambda: callback(world, tried, delivery.reply), wait_ms)


def _way(world: "World") -> Delivery:
    draw, later = world.random.random(), world.random.randrange
    waits: tuple[int, ...] = (later(50, 3000),)
    if draw < 0.06:
        waits = ()
    elif draw < 0.18:
        at = later(50, 2000)
        waits = (at,) * later(2, 4)
    elif draw < 0.24:
        waits = (later(50, 2000), later(MINUTE, 90 * MINUTE))
    elif draw < 0.30:
        waits = (later(10 * SECOND, 60 * MINUTE),)
    reply = "honoured"
    if world.random.random() < 0.12:
        reply = world.random.choice(("lost", "lost", "late", "defied"))
    return Delivery(waits, reply)


def callback(world: "World", tried: Transaction, reply: str) -> None:
    """Post the message, and hear the reply; after none or FAILURE it may be posted again."""
    server = Browser(world, BANK_ADDRESS)
    for again in range(1 + ASKED_AGAIN):
        kind = "decline" if tried.state == "declined" else "verdict"
        message = world.bank.message(tried)
        answer = server.form("/cmi/callback", message, verdict=kind, trans_id=tried.trans_id)
        text = answer.body if answer.status == 200 else f"HTTP {answer.status}"
        world.story.tell("bank", f"{tried.trans_id} ({tried.oid}) is answered {text}, {reply}")
        if reply == "lost":
            world.sometimes("reply that the bank never heard")
            return
        if answer.status == 200:
            _heard(world, tried, text, reply)
        if text in ("ACTION=POSTAUTH", "APPROVED") or world.random.random() < 0.5:
            return
        world.hub.sleep(world.random.randrange(MINUTE, 10 * MINUTE) * (again + 1))


def _heard(world: "World", tried: Transaction, text: str, reply: str) -> None:
    """Let the bank follow our word at once or hours later, or do what nobody asked for."""
    late_ms = world.random.randrange(6 * HOUR) if reply == "late" else 0
    world.hub.after(late_ms, partial(world.bank.heard, tried, text))
    if late_ms and text == "ACTION=POSTAUTH":
        world.sometimes("capture that came hours later")
    if reply == "defied" and tried.state == "authorised" and text != "ACTION=POSTAUTH":
        world.sometimes("capture that nobody asked for")
        late_ms = world.random.choice((0, 5 * HOUR))
        world.hub.after(late_ms, partial(world.bank.capture, tried, defiant=True))


def _come_back(tab: "Tab", tried: Transaction) -> None:
    """Be sent back with the signed message, which opens the receipt and changes nothing."""
    form = tab.world.bank.message(tried)
    answer = tab.browser.form("/cmi/return", form, "l=fr", verdict="return")
    if "#h=" in answer.place:
        tab.handle = answer.place.partition("#h=")[2].partition("&")[0]
    tab.tell(f"comes back with {tried.trans_id}")


def reserved(tab: "Tab", said: dict[str, str]) -> Transaction:
    """Try one card, of which nobody is told yet."""
    form = tab.order["gateway"]["fields"]
    key = tab.world.bank.key_of(form)
    assert key is not None
    made = tab.world.bank.tried(form, key, said, renamed=False)
    tab.tell(f"{made.trans_id}: {made.state}")
    return made


def tried(tab: "Tab", said: dict[str, str]) -> Transaction:
    """Try one card as it should go: one callback, its reply heard, the way back."""
    made = reserved(tab, said)
    tab.world.spawn(lambda: callback(tab.world, made, "honoured"), SECOND)
    _come_back(tab, made)
    return made


def pays(world: "World", order: Json) -> bool:
    """Pay a form as it should go: one card, one callback, one reply."""
    form = order["gateway"]["fields"]
    key = world.bank.key_of(form)
    if key is None:
        return False
    tried = world.bank.tried(form, key, APPROVED, renamed=False)
    message = world.bank.message(tried)
    answer = world.bank_server.form(
        "/cmi/callback", message, verdict="verdict", trans_id=tried.trans_id
    )
    world.bank.heard(tried, answer.body)
    return tried.state == "captured"


def _mischief(tab: "Tab", tried: Transaction) -> None:
    """Post to the callback what a payer can make of the message that the browser carries."""
    world = tab.world
    draw = world.random.random()
    message = world.bank.message(tried)
    if tried.renamed:
        tab.tell("posts the bank's message with the names put back")
        form, label = names_put_back(message), "unseen forgery"
    elif draw < 0.05:
        form, label = tampered(message, world.random.random()), "forged"
    elif draw < 0.10:
        form, label = renamed_answer(message, world.random.random()), "forged"
    else:
        return
    # Only who is faster than the bank itself has a chance.
    wait_ms = world.random.randrange(2 * SECOND if tried.renamed else 4 * MINUTE)
    world.spawn(lambda: _posted(tab, form, label, tried.trans_id), wait_ms)


def _posted(tab: "Tab", form: dict[str, str], label: str, trans_id: str) -> None:
    answer = tab.browser.form("/cmi/callback", form, verdict=label, trans_id=trans_id)
    tab.tell(f"posts a message of its own ({label}): {answer.body or answer.status}")
    if label == "forged" and answer.body == "FAILURE":
        tab.world.sometimes("forgery refused")
    if (
        label == "forged"
        and not all(name in form for name in CONSTANTS)
        and answer.body == "FAILURE"
    ):
        tab.world.sometimes("rename forgery refused")
