"""What letters say, to whom, and how many there are: I8, I19, and what I16 counts."""

from typing import TYPE_CHECKING

from tests.simulation.clouds import Mail
from tests.simulation.faults import Fault
from tests.simulation.hub import MINUTE
from tests.simulation.records import OrderRow
from tests.simulation.wire import Request

if TYPE_CHECKING:
    from tests.simulation.lambdas import Invocation, Outcome
    from tests.simulation.promises import Promises

OF_PAYMENT = ("paid", "copy")
# What an order may be when a letter of a kind leaves.
SAYS = {
    "paid": {"paid"}, "copy": {"paid"}, "corrected": {"uncaptured"},
    "not_debited": {"open", "expired", "released"},
}  # fmt: skip
SILENCE_MS = 10 * MINUTE
# SES had not taken the letter, surely.
NEVER_LEFT = (Fault.THROTTLE, Fault.CRASH_BEFORE)


def sent(promises: "Promises", one: "Invocation", request: Request, fault: Fault) -> None:
    """Note a letter on its way."""
    if request.operation != "SendEmail":
        return
    tags = {tag["Name"]: tag["Value"] for tag in request.params["EmailTags"]}
    place = tags["oid"], tags["letter"]
    promises.sends.setdefault(one.number, []).append(place)
    _patient(promises, place, one.sandbox.skew_ms, left=fault not in NEVER_LEFT)
    if promises.world.frozen:
        promises.fail("I8", f"{one} sends a letter on the word of a table that is not whole")
    if fault in (Fault.UNKNOWN, Fault.LOST, Fault.FROZEN):
        promises.world.sometimes("ambiguous mail")


def _patient(promises: "Promises", place: tuple[str, str], skew_ms: int, *, left: bool) -> None:
    """Want ten minutes of silence between a letter that may have left and the same once more.

    Two sandboxes whose clocks differ by as much cannot keep that.
    """
    now_ms = promises.world.hub.ms
    asked = promises.asked_ms.setdefault(place, [])
    last_ms, last_skew_ms = asked[-1] if asked else (-SILENCE_MS, skew_ms)
    if left:
        asked.append((now_ms, skew_ms))
    soon = now_ms - last_ms < SILENCE_MS and skew_ms == last_skew_ms
    if promises.mails[place] and soon:
        promises.fail("I19", f"letter {place[1]} of {place[0]} is sent again at once")


def refused(promises: "Promises", place: tuple[str, str]) -> None:
    """Forget that SES was asked for a letter: it did not take it, whatever became of its answer."""
    promises.asked_ms[place].pop()


def doubted(promises: "Promises", one: "Invocation", outcome: "Outcome") -> None:
    """Note the letters of which the table may not say that they left."""
    letters = promises.sends.pop(one.number, [])
    if outcome.error or one.faults:
        promises.doubtful.update(letters)


def took(promises: "Promises", mail: Mail) -> None:
    """Look at a letter that left: I8, and I19 as far as it can be seen now."""
    order = promises.order(mail.reference)
    promises.mails[mail.reference, mail.name] += 1
    if order is None or mail.to not in order.addresses:
        promises.fail("I8", f"letter {mail.name} of {mail.reference} went to {mail.to}")
        return
    facts = (mail.facts.get("reference"), mail.facts.get("total"))
    if facts != (order.reference, str(order.total)):
        promises.fail("I8", f"letter {mail.name} of {mail.reference} says {facts}")
    _fits(promises, mail, order)
    _few(promises, mail)


def _fits(promises: "Promises", mail: Mail, order: OrderRow) -> None:
    """Want a letter to say what is so, or was when it was begun: others may be as fast."""
    kind, sender = mail.facts["kind"], promises.world.lambdas.wire.author
    if kind in OF_PAYMENT:
        promises.written.add(order.reference)
    if kind == "not_debited":
        _refused(promises, order)
    just_moved = promises.moved_ms.get(order.reference, 0) >= getattr(sender, "started_ms", 0)
    if not just_moved and order.state not in SAYS[kind]:
        promises.fail("I8", f"{mail.reference} is {order.state}, and its letter says {kind}")


def _refused(promises: "Promises", order: OrderRow) -> None:
    """Want a letter of released money to belong to a reservation that we refused."""
    promises.world.sometimes("letter of money that was released")
    tried = promises.world.bank.of_order(order.reference)
    if order.state != "released" and not any(one.state != "declined" for one in tried):
        promises.fail("I8", f"{order.reference}: nothing was reserved, and a letter says so")


def _few(promises: "Promises", mail: Mail) -> None:
    """Want one letter, and one more only for each of which nobody could tell whether it left."""
    place = mail.reference, mail.name
    if promises.mails[place] > 1:
        promises.world.sometimes("letter sent again after ten minutes of silence")
    if promises.mails[place] > 1 + promises.doubtful[place]:
        promises.fail(
            "I19", f"letter {mail.name} of {mail.reference} left {promises.mails[place]} times"
        )
