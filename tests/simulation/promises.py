"""The promises about money (I1 to I26 of `reliability.md` §3), looked at after every effect.

`effects.py` looks at commits, this at captures, answers and letters, `rest.py` at what stands in
the end. What is checked where, and what is not, stands in `coverage.py`.
"""

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation import effects, records
from tests.simulation.bank import POSTAUTH, Transaction
from tests.simulation.browser import Answer
from tests.simulation.clouds import Mail
from tests.simulation.faults import Fault
from tests.simulation.records import text
from tests.simulation.table import Change
from tests.simulation.values import Item, Json
from tests.simulation.wire import Request

if TYPE_CHECKING:
    from tests.simulation.lambdas import Invocation, Outcome
    from tests.simulation.world import World

REPLIES = ("ACTION=POSTAUTH", "APPROVED", "FAILURE")
TAKEN = ("capturing", "paid")
MOST_CALLBACK_CALLS = 3


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that did not hold, and how."""

    promise: str
    text: str


@dataclass(slots=True, eq=False)
class Promises:
    """Looks on, and never acts."""

    world: "World"
    broken: list[Broken] = field(default_factory=list)
    orders_of: dict[str, str] = field(default_factory=dict)
    tickets: Counter[str] = field(default_factory=Counter)
    forms: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    paid_shown: dict[str, int] = field(default_factory=dict)
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    sends: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def fail(self, promise: str, what: str) -> None:
        """Note a broken promise; the world stops at its next step."""
        self.broken.append(Broken(promise, what))
        self.world.story.tell("BROKEN", f"{promise}: {what}")

    def tell(self, what: str, about: Json) -> None:
        """Note what the table says now."""
        self.world.story.tell("table", f"{what} (by {about.get('kind', 'nobody')})")

    def order(self, reference: str) -> records.OrderRow | None:
        """Read an order."""
        row = self.world.table.get((f"ORDER#{reference}", "ORDER"))
        return records.order(row) if row else None

    def wrote(self, changes: list[Change]) -> None:
        """Look at a commit."""
        author = self.world.lambdas.wire.author
        about: Json = getattr(author, "about", {})
        if not self.world.loading:
            effects.look(self, changes, about)

    def captured(self, taken: Transaction) -> None:
        """Look at a capture: I1, I2, I3. One that the bank made against our word is not ours."""
        self.world.story.tell("bank", f"captures {taken.trans_id}: {taken.amount_centimes}")
        order = self.order(taken.oid)
        if taken.defiant:
            return
        if order is None or order.trans_id != taken.trans_id or order.state not in TAKEN:
            self.fail("I2", f"{taken.trans_id} was captured, and nothing that stands asked for it")
            return
        if taken.amount_centimes != order.total:
            self.fail("I3", f"{taken.trans_id} took {taken.amount_centimes}, not {order.total}")
        for key in order.due_keys:
            self._once(key)

    def _once(self, key: tuple[str, str]) -> None:
        payers = [
            one.trans_id
            for one in self.world.bank.ledger.values()
            if one.state == "captured" and not one.defiant and self._lists(one.oid, key)
        ]
        if len(payers) > 1:
            self.fail("I1", f"{key[1]} was captured more than once: {payers}")

    def _lists(self, reference: str, key: tuple[str, str]) -> bool:
        order = self.order(reference)
        return (
            order is not None
            and key in order.due_keys
            and order.state not in ("refunded", "uncaptured")
        )

    # Answers

    def ended(self, one: "Invocation", outcome: "Outcome") -> None:
        """Look at how an invocation ended; a function of the API answers, whatever happens."""
        self._doubted(one, outcome)
        if "path" in one.about and outcome.error.startswith("raised"):
            self.fail("answers", f"{one} {outcome.error}")
        if one.about.get("path") == "/cmi/callback" and not outcome.error:
            self._replied(one, outcome.answer)
        if "ticket" in one.about and not outcome.error and outcome.answer["statusCode"] == 200:
            self._in_time(one)

    def _replied(self, one: "Invocation", answer: Json) -> None:
        reply, verdict, trans_id = answer["body"], one.about["verdict"], one.about["trans_id"]
        if answer["statusCode"] != 200 or reply not in REPLIES:
            self.fail("I9", f"{one} answered {answer['statusCode']} {reply!r}")
        if verdict == "forged":
            if reply != "FAILURE":
                self.fail("I10", f"a forged message was answered {reply}")
            return
        if reply == POSTAUTH:
            self._backed(one, verdict, trans_id)
        elif reply == "APPROVED":
            self._logged(trans_id, reply)
        calls = one.calls[: _first_commit(one.calls)]
        if len(calls) > MOST_CALLBACK_CALLS:
            self.fail("I24", f"{one} called AWS {len(calls)} times: {calls}")

    def _backed(self, one: "Invocation", verdict: str, trans_id: str) -> None:
        """Want POSTAUTH to stand on what was written before it."""
        if verdict == "decline":
            self.fail("I6", f"{one} asked to capture a decline")
        order = self.order(self.world.bank.ledger[trans_id].oid)
        if order is None or order.trans_id != trans_id or order.state not in TAKEN:
            self.fail("I9", f"{one} asked to capture {trans_id}, and nothing stands for it")
            return
        self._logged(trans_id, POSTAUTH)
        if Fault.UNKNOWN in one.faults and "TransactWriteItems" in one.calls:
            self.world.sometimes("ambiguous commit resolved by a read")
        self._hard(self.world.bank.ledger[trans_id])

    def _hard(self, tried: Transaction) -> None:
        """Note what was hard about a payment that was accepted."""
        bank, secrets = self.world.bank, self.world.secrets
        same = [one for one in bank.ledger.values() if one.oid == tried.oid]
        if any(one.state == "declined" for one in same[: same.index(tried)]):
            self.world.sometimes("decline, then approval")
        if tried.key != secrets.values["StoreKeySecret"]["current"]:
            self.world.sometimes("paid under the key before")

    def _refusal(self, row: Item | None, order: records.OrderRow | None) -> None:
        """Note why an approval was refused."""
        reason = text(row, "reason")
        if reason == "already_paid" and order is not None:
            lost = order.state in ("open", "expired")
            self.world.sometimes("two tabs on one due" if lost else "approved twice")

    def _logged(self, trans_id: str, reply: str) -> None:
        """Want what was answered in the attempt log, under its transaction and code."""
        tried = self.world.bank.ledger[trans_id]
        code = tried.fields["ProcReturnCode"]
        row = self.world.table.get((f"ORDER#{tried.oid}", f"ATTEMPT#{trans_id}#{code}"))
        order = self.order(tried.oid)
        given_back = order is not None and order.state not in ("open", "expired", *TAKEN)
        # Under moved names one transaction has two messages, and the bank's own is refused.
        if text(row, "reply") != reply and not given_back and not tried.renamed:
            self.fail("I11", f"{trans_id} was answered {reply}; its row: {text(row, 'reply')}")
        self._refusal(row, order)

    def _in_time(self, one: "Invocation") -> None:
        expires = _token(one.about["ticket"])["expires"]
        clock = self.world.lambdas.clock_of(one, one.started_ms).timestamp()
        if int(clock) >= expires + 1:
            self.fail("I13", f"{one} took a control code {clock - expires:.0f} s after its end")

    def listed(self, answer: Json) -> None:
        """Look at a look-up: what has run out is not shown, deleted or not."""
        for one in answer["open_payments"]:
            if one["until_in_seconds"] < 0:
                self.fail("I26", "a payment that ran out is shown as started")

    def code_spent(self, ticket: str, answer: Answer) -> None:
        """Look at what a control code opened."""
        if answer.status == 200:
            self.tickets[ticket] += 1
        if self.tickets[ticket] > 1:
            self.fail("I13", "one control code opened two sessions")
        if answer.code == "control_code_used":
            self.world.sometimes("control code refused the second time")

    def formed(self, request: Json, answer: Answer) -> None:
        """Look at a form: the same key gives the same bytes, or a refusal (I14)."""
        if answer.status != 201:
            return
        content = {name: request[name] for name in ("due_ids", "card_origin", "email", "language")}
        form = {name: answer.json[name] for name in ("reference", "lines", "gateway")}
        before = self.forms.setdefault(request["key"], (content, form))
        if before != (content, form):
            self.fail("I14", f"{request['key']} gave two forms")
        if form["gateway"]["fields"]["amount"] != f"{answer.json['total_centimes'] / 100:.2f}":
            self.fail("I3", f"{form['reference']}: the form is of another amount")

    def shown(self, reference: str, document: Json, since_ms: int) -> None:
        """Look at what a payer is told: paid is never taken back (I22)."""
        paid = document["state"] == "paid"
        if self.paid_shown.get(reference, since_ms + 1) <= since_ms and not paid:
            self.fail("I22", f"{reference} was paid, and is {document['state']} now")
        if paid:
            self.paid_shown.setdefault(reference, self.world.hub.ms)

    # Letters

    def called(self, one: "Invocation", request: Request, fault: Fault) -> None:
        """Note a letter on its way."""
        if request.operation == "SendEmail":
            tags = {tag["Name"]: tag["Value"] for tag in request.params["EmailTags"]}
            self.sends.setdefault(one.number, []).append((tags["oid"], tags["letter"]))
            if fault in (Fault.UNKNOWN, Fault.LOST, Fault.FROZEN):
                self.world.sometimes("ambiguous mail")

    def _doubted(self, one: "Invocation", outcome: "Outcome") -> None:
        """Note the letters of which the table may not say that they left."""
        letters = self.sends.pop(one.number, [])
        if outcome.error or one.faults:
            self.doubtful.update(letters)

    def mailed(self, mail: Mail) -> None:
        """Look at a letter that left: I8, and I19 as far as it can be seen now."""
        order = self.order(mail.reference)
        self.mails[mail.reference, mail.name] += 1
        if order is None or mail.to != order.email:
            self.fail("I8", f"letter {mail.name} of {mail.reference} went to {mail.to}")
            return
        facts = (mail.facts.get("reference"), mail.facts.get("total"))
        if facts != (order.reference, str(order.total)):
            self.fail("I8", f"letter {mail.name} of {mail.reference} says {facts}")
        if mail.facts["kind"] in ("paid", "copy") and order.state != "paid":
            self.fail("I8", f"{mail.reference} is {order.state}, and its letter says paid")
        if mail.facts["kind"] == "not_debited":
            self._refused(order)
        self._few(mail)

    def _refused(self, order: records.OrderRow) -> None:
        """Want a letter of released money to belong to a reservation that we refused."""
        self.world.sometimes("letter of money that was released")
        tried = [one for one in self.world.bank.ledger.values() if one.oid == order.reference]
        if order.state != "released" and not any(one.state != "declined" for one in tried):
            self.fail("I8", f"{order.reference}: nothing was reserved, and a letter says so")

    def _few(self, mail: Mail) -> None:
        """Want one letter, and one more only for each of which nobody could tell whether it left."""
        place = mail.reference, mail.name
        if self.mails[place] > 1:
            self.world.sometimes("letter sent again after ten minutes of silence")
        if self.mails[place] > 1 + self.doubtful[place]:
            self.fail(
                "I19", f"letter {mail.name} of {mail.reference} left {self.mails[place]} times"
            )


def _first_commit(calls: list[str]) -> int:
    """Count the calls up to the first commit: whoever loses a race, or its answer, looks again."""
    return calls.index("TransactWriteItems") + 1 if "TransactWriteItems" in calls else len(calls)


def _token(token: str) -> Json:
    """Read a token's facts, without its signature."""
    head = token.partition(".")[0]
    facts: Json = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return facts
