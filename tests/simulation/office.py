"""The operator at work: `asvi`'s own commands, by what the bank's screen shows.

What is done follows the runbook (docs/operator.md): compare the day's list, look at what waits,
give back at CMI what must not be kept, then say so here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from functions.shared.aws import ledger
from functions.shared.rules.errors import Problem
from functions.shared.rules.ledger import day_of
from functions.shared.rules.orders import OrderState
from ops import closing, comparing, moving, resending
from ops.screen import End
from tests.simulation import records
from tests.simulation.bank import Transaction
from tests.simulation.hub import MINUTE, START
from tests.simulation.records import OrderRow, text
from tests.simulation.values import Item

if TYPE_CHECKING:
    from tests.simulation.world import World

WHO = "operator"
WHY = {"why": "as CMI's screen shows", "who": "Amina", "yes": True}
PATIENCE = 4
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that needs no disk."""

    text: str
    name: str = "list.csv"

    def read_bytes(self) -> bytes:
        """Give what stands in it."""
        return self.text.encode()

    def with_name(self, name: str) -> "Paper":
        """Give another file beside it."""
        return Paper("", name)


def ran(world: "World", command: Callable[..., object], *given: object, **named: Any) -> End:  # noqa: ANN401 - a command's own
    """Run a command until it is known how it ended."""
    for _ in range(PATIENCE):
        outcome = world.lambdas.job(WHO, partial(_ended, command, *given, **named))
        end = End.UNKNOWN if outcome.error else End(outcome.answer)
        about = named.get("day") or " ".join(map(str, given))
        world.story.tell(WHO, f"{command.__name__} {about}: {outcome.error or end.name}")
        if end is not End.UNKNOWN:
            return end
        world.hub.sleep(MINUTE)
    return End.UNKNOWN


def _ended(command: Callable[..., object], *given: object, **named: Any) -> int:  # noqa: ANN401 - likewise
    try:
        command(*given, **named)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except Problem:
        return End.UNKNOWN
    return End.DONE


def orders(world: "World") -> list[OrderRow]:
    """Give every order, by the table itself."""
    return [records.order(row) for row in world.table.rows() if row["sk"]["S"] == "ORDER"]


def days(world: "World") -> list[date]:
    """Give the days of which something is to be compared."""
    captured = [
        day_of(START + timedelta(milliseconds=one.captured_ms))
        for one in world.bank.ledger.values()
        if one.captured_ms >= 0
    ]
    rows = [row for row in world.table.rows() if "paid_day" in row]
    ours = [date.fromisoformat(text(row, "paid_day").split("#")[1]) for row in rows]
    return sorted({*captured, *ours})


def compare(world: "World") -> None:
    """Compare each day's list with ours."""
    for day in days(world):
        paper = Paper(world.bank.day_list(day))
        ran(world, comparing.compare_file, paper, day=day, columns="", dry_run=False)


def refund(world: "World") -> None:
    """Give a payment back that the payer asked to have back: at CMI, then here."""
    paid = [order for order in orders(world) if order.state == "paid"]
    chosen = [order for order in paid if _state(world, order.trans_id) == "captured"]
    if chosen:
        order = world.random.choice(chosen)
        world.bank.given_back(world.bank.ledger[order.trans_id])
        world.story.tell("bank", f"gives {order.trans_id} back")
        _refunded(world, order)


def _refunded(world: "World", order: OrderRow) -> None:
    if ran(world, moving.refund, order.reference, second="Said", **WHY) is End.DONE:
        world.sometimes("payment refunded by two persons")


def work(world: "World") -> None:
    """Finish refunds that were begun, then clear the queue."""
    for order in orders(world):
        if order.state == "paid" and _state(world, order.trans_id) == "refunded":
            _refunded(world, order)
    for row in _queue(world):
        kind, _, name = row["sk"].partition("#")
        WAYS[kind](world, row["pk"].removeprefix("ORDER#"), name)


def _queue(world: "World") -> list[Any]:
    now = world.hub.now + timedelta(days=1)
    outcome = world.lambdas.job(WHO, lambda: ledger.queued(now, 100))
    return [] if outcome.error else list(outcome.answer)


def day(world: "World") -> None:
    """Do a day's work, to the end."""
    compare(world)
    for _ in range(ROUNDS):
        if idle(world):
            return
        work(world)
        world.hub.sleep(2 * MINUTE)


def idle(world: "World") -> bool:
    """Say whether there is nothing to do: the queue is empty, and what was begun is finished."""
    queued = any(text(row, "waits") == "QUEUE" for row in world.table.rows())
    return not queued and not _begun(world)


def _begun(world: "World") -> bool:
    """Say whether something was given back at CMI of which our table does not know."""
    return any(
        order.state == "paid" and _state(world, order.trans_id) == "refunded"
        for order in orders(world)
    )


def _state(world: "World", trans_id: str) -> str:
    tried = world.bank.ledger.get(trans_id)
    return tried.state if tried else ""


def _row(world: "World", reference: str) -> OrderRow | None:
    row: Item | None = world.table.get((f"ORDER#{reference}", "ORDER"))
    return records.order(row) if row else None


def _an_order(world: "World", reference: str, _: str) -> None:
    """Settle an order that contradicts CMI, or that CMI contradicts."""
    order = _row(world, reference)
    if order is None:
        return
    if order.state == "capturing":
        _settle_capturing(world, order)
        return
    for tried in world.bank.of_order(reference):
        if not _settled(world, order, tried):
            world.bank.given_back(tried)
    _done(world, reference, order.state)


def _settled(world: "World", order: OrderRow, tried: Transaction) -> bool:
    """Let a captured transaction pay its order, where it fits and the quarters are free."""
    if tried.state != "captured" or tried.amount_centimes != order.total:
        return False
    return _settle(world, order.reference, OrderState.PAID, tried.trans_id) is End.DONE


def _settle(world: "World", reference: str, to: OrderState, trans_id: str) -> End:
    told = {"evidence": "CMI's screen", "who": "Amina", "trans_id": trans_id, "yes": True}
    end = ran(world, moving.settle, reference, moving.Outcome(to), **told)
    if end is End.DONE:
        world.sometimes(f"order settled to {to} by the operator")
    return end


def _settle_capturing(world: "World", order: OrderRow) -> None:
    tried = world.bank.ledger[order.trans_id]
    if _settled(world, order, tried):
        return
    world.bank.given_back(tried)
    _settle(world, order.reference, OrderState.RELEASED, order.trans_id)


def _an_attempt(world: "World", reference: str, name: str) -> None:
    """Give back what was reserved or captured although we refused it."""
    tried = world.bank.ledger[name.partition("#")[0]]
    if tried.state == "captured":
        world.sometimes("refused money given back by hand")
    world.bank.given_back(tried)
    _done(world, reference, tried.trans_id)


def _a_letter(world: "World", reference: str, name: str) -> None:
    """Send a letter again; where that cannot be, tell the payer by telephone."""
    if ran(world, resending.resend, reference, **WHY) is not End.DONE:
        world.promises.telephoned.add(reference)
        _done(world, reference, name)
    world.sometimes(f"letter {'again' if name else ''} by the operator")


def _a_matter(world: "World", reference: str, trans_id: str) -> None:
    """Look at a difference of the comparison, with both sides before one's eyes."""
    order, tried = _row(world, reference), world.bank.ledger.get(trans_id)
    ours = order is not None and (order.state, order.trans_id) == ("paid", trans_id)
    if tried is not None and not (ours and _kept(world, order, tried)):
        world.bank.given_back(tried)
        if ours:
            ran(world, moving.uncapture, reference, **WHY)
            world.sometimes("paid and not captured: the comparison found it")
        else:
            world.sometimes("captured and not paid: the comparison found it")
    _done(world, reference, trans_id)


def _done(world: "World", reference: str, about: str) -> None:
    """Say that one matter is done, and no other that may wait beside it by now."""
    ran(world, closing.done, reference, about=about, **WHY)


def _kept(world: "World", order: OrderRow | None, tried: Transaction) -> bool:
    """Honour a payment that CMI still holds the money for, now and then; it may be captured by now."""
    if order is None or tried.amount_centimes != order.total:
        return False
    if tried.state == "authorised" and world.random.random() < 0.5:
        world.bank.capture(tried)
        world.sometimes("capture made up for by the operator")
    return tried.state == "captured"


WAYS: dict[str, Callable[["World", str, str], None]] = {
    "ORDER": _an_order,
    "ATTEMPT": _an_attempt,
    "LETTER": _a_letter,
    "MATTER": _a_matter,
}
