"""The promises about money (I1 to I26 of `reliability.md` §3), looked at after every effect.

`effects.py` looks at commits, `answers.py` at what functions answer, `mailed.py` at letters, this
at captures and at what payers see; `rest.py` and `audit.py` at what stands in the end. What is
checked where, and what is not, stands in `coverage.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation import answers, effects, mailed, records
from tests.simulation.bank import POSTAUTH, Transaction
from tests.simulation.browser import Answer
from tests.simulation.clouds import Mail
from tests.simulation.faults import Fault
from tests.simulation.records import text
from tests.simulation.table import Change
from tests.simulation.values import Json
from tests.simulation.wire import Request

if TYPE_CHECKING:
    from tests.simulation.lambdas import Invocation, Outcome
    from tests.simulation.world import World

TAKEN = ("capturing", "paid")
GIVEN_BACK = ("refunded", "uncaptured")


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that did not hold, and how."""

    promise: str
    text: str


@dataclass(slots=True, eq=False)
class Promises:
    """Looks on, and never acts.

    `sends`: letters handed to SES, by the invocation that did; `doubtful`: those of which the
    table may not say that they left. `written`: orders of whose payment a letter left, `telephoned`: of
    which the operator told instead.
    `asked_ms`: when SES was asked to send a letter and may have, and how late that clock was.
    `freed_ms`: when a due was last set free. `moved_ms`: when an order last moved.
    """

    world: "World"
    broken: list[Broken] = field(default_factory=list)
    orders_of: dict[str, str] = field(default_factory=dict)
    tickets: Counter[str] = field(default_factory=Counter)
    forms: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    paid_shown: dict[str, int] = field(default_factory=dict)
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    sends: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    asked_ms: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    freed_ms: dict[tuple[str, str], int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    telephoned: set[str] = field(default_factory=set)
    moved_ms: dict[str, int] = field(default_factory=dict)

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

    def ended(self, one: "Invocation", outcome: "Outcome") -> None:
        """Look at how an invocation ended."""
        mailed.doubted(self, one, outcome)
        answers.ended(self, one, outcome)

    def called(self, one: "Invocation", request: Request, fault: Fault) -> None:
        """Look at a call on its way."""
        mailed.sent(self, one, request, fault)

    def mailed(self, mail: Mail) -> None:
        """Look at a letter that left."""
        mailed.took(self, mail)

    def unmailed(self, place: tuple[str, str]) -> None:
        """Look at a letter that SES did not take."""
        mailed.refused(self, place)

    # Money

    def captured(self, taken: Transaction) -> None:
        """Look at a capture: I1, I2, I3. One that the bank made against our word is not ours."""
        self.world.story.tell("bank", f"captures {taken.trans_id}: {taken.amount_centimes}")
        order = self.order(taken.oid)
        if taken.defiant:
            return
        if self.world.frozen and POSTAUTH in taken.heard:
            # Asked for before the table was lost: the comparison finds it while all is frozen.
            self.world.sometimes("capture asked for before the table was lost")
            return
        if order is None or order.trans_id != taken.trans_id or order.state not in TAKEN:
            self.fail("I2", f"{taken.trans_id} was captured, and nothing that stands asked for it")
            return
        if taken.amount_centimes != order.total:
            self.fail("I3", f"{taken.trans_id} took {taken.amount_centimes}, not {order.total}")
        for key in order.due_keys:
            payers = list(self._payers(key))
            if len(payers) > 1:
                self.fail("I1", f"{key[1]} was captured more than once: {payers}")

    def _payers(self, key: tuple[str, str]) -> Iterator[str]:
        """Name the transactions that took money for a due and did not give it back."""
        for one in self.world.bank.ledger.values():
            order = self.order(one.oid) if one.state == "captured" and not one.defiant else None
            if order and key in order.due_keys and order.state not in GIVEN_BACK:
                yield one.trans_id

    # Payers

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

    def refused(self, request: Json, number: str, answer: Answer, since_ms: int) -> None:
        """Look at a refusal: free quarters are taken by nobody's having begun to pay (I12)."""
        keys = [(f"REG#{number}", f"DUE#{due_id}") for due_id in request["due_ids"]]
        free = all(
            text(self.world.table.get(key), "state") == "unpaid"
            and self.freed_ms.get(key, -1) < since_ms
            for key in keys
        )
        if answer.code in ("due_paid", "due_confirming") and free:
            self.fail("I12", f"{answer.code}, and all of {request['due_ids']} are free")

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
        """Look at what a payer is told: paid is never taken back, but by the operator (I22)."""
        paid = document["state"] == "paid"
        before = self.paid_shown.get(reference, since_ms + 1) <= since_ms
        if before and not paid and not self._taken_back(reference):
            self.fail("I22", f"{reference} was paid, and is {document['state']} now")
        if paid:
            self.paid_shown.setdefault(reference, self.world.hub.ms)

    def _taken_back(self, reference: str) -> bool:
        order = self.order(reference)
        back = order is not None and order.state in GIVEN_BACK
        if back:
            self.world.sometimes("paid, and taken back by the operator")
        return back
