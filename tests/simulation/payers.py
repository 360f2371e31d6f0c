"""Payers: what somebody in front of a browser does, and what then happens at the bank's page."""

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from functions.shared.rules.orders import CardOrigin, Due
from functions.shared.rules.tokens import Session
from tests.simulation import visit
from tests.simulation.browser import Answer, Browser
from tests.simulation.deployment import TOKEN_KEY
from tests.simulation.hub import HOUR, MINUTE, SECOND
from tests.simulation.values import Json

if TYPE_CHECKING:
    from tests.simulation.world import World

TRIES = 3
POLLS = 4
LOST = (0, 500, 503)


@dataclass(frozen=True, slots=True)
class Person:
    """An insured person, and the quarters they owe."""

    number: str
    dues: tuple[Due, ...]


@dataclass(slots=True)
class Tab:
    """One tab of one payer's browser, from the look-up to the receipt."""

    world: "World"
    name: str
    person: Person
    email: str | None
    browser: Browser
    session: str = ""
    keys: int = 0
    order: Json = field(default_factory=dict)
    calm: bool = False
    handle: str = ""

    def chance(self, share: float) -> bool:
        """Do something odd, in some of the cases; whoever is calm never does."""
        return not self.calm and self.world.random.random() < share

    def tell(self, what: str) -> None:
        """Note what the payer does."""
        self.world.story.tell(self.name, what)

    def waits(self, least_ms: int, most_ms: int) -> None:
        """Take some time."""
        self.world.hub.sleep(self.world.random.randrange(least_ms, most_ms))

    def run(self) -> None:
        """Pay, in one of the ways that people do."""
        listed = self.look_up()
        if not listed:
            return
        if self.chance(0.25):
            self.waits(MINUTE, 28 * MINUTE)
        request = self.wanted(listed)
        if request is None or not self.check_out(request):
            return
        if self.chance(0.15):
            self.tell("closes the tab at the recap")
            return
        self.waits(SECOND, 3 * MINUTE)
        if self.chance(0.12):
            self.tell("sits at the card page past the order's time")
            self.waits(30 * MINUTE, 60 * MINUTE)
        visit.card_page(self, self.order)
        self.look_at_receipt()
        if self.chance(0.1):
            self.tell("is back at the recap and asks for the same form")
            self._asked(request)
        self.comes_back(listed)
        if self.chance(0.15):
            self.waits(10 * MINUTE, 2 * HOUR)
            self.look_at_receipt(times=1)

    def comes_back(self, listed: Json) -> None:
        """Use the form again with another card, or go back and start over with a new key."""
        draw = self.world.random.random()
        if draw < 0.12:
            self.tell("goes back and posts the form again, with a second card")
            visit.card_page(self, self.order)
            self.look_at_receipt()
        elif draw < 0.22:
            self.tell("starts again with a new key")
            request = self.wanted(listed)
            if request is not None and self.check_out(request):
                visit.card_page(self, self.order)
                self.look_at_receipt()

    # Looking up

    def look_up(self, *, ceremony: bool = False) -> Json:
        """Get a session, mostly without the ceremony, and the dues; nothing where it fails."""
        ceremony = ceremony or self.chance(0.3)
        for _ in range(TRIES):
            answer = self._with_code() if ceremony else self._with_session()
            if answer.status == 200:
                self.world.promises.listed(answer.json)
                self.session = answer.json["session"]
                return answer.json  # type: ignore[no-any-return] # any JSON
            self.waits(SECOND, 10 * SECOND)
        self.tell("gives up looking up")
        return {}

    def _with_session(self) -> Answer:
        if not self.session:
            session = Session.begun(self.person.number, self.world.hub.now)
            self.session = session.sealed(TOKEN_KEY.encode())
        request = {"session": self.session}
        self.world.spent.append(request)
        return self.browser.post("/api/lookup", request, session=self.session)

    def _with_code(self) -> Answer:
        shown = self.browser.post("/api/control-code", {})
        if shown.status != 200:
            return shown
        request = copied(shown.json, self.person.number)
        self.waits(SECOND, MINUTE)
        if self.chance(0.1):
            self.waits(4 * MINUTE, 16 * MINUTE)
        if self.chance(0.1):
            self.tell("types the control code wrong")
            request["control_code"] = str((int(request["control_code"]) + 1) % 10_000).zfill(4)
        twice = self.chance(0.2)
        if twice:
            self.tell("sends the control code from two tabs at once")
            self.world.spawn(lambda: self._looked_up(shown.json, request))
        return self._looked_up(shown.json, request)

    def _looked_up(self, shown: Json, request: Json) -> Answer:
        self.world.spent.append(request)
        answer = self.browser.post("/api/lookup", request, ticket=shown["ticket"])
        self.world.promises.code_spent(shown["ticket"], answer)
        return answer

    # Checking out

    def wanted(self, listed: Json, *, everything: bool = False) -> Json | None:
        """Choose quarters and fill the recap in; None where nothing is left to pay."""
        free = [due for due in listed["dues"] if due["state"] == "unpaid"]
        if not free:
            self.tell("has nothing to pay")
            return None
        count = len(free) if everything else self.world.random.choice((1, 1, len(free)))
        chosen = self.world.random.sample(free, count)
        origin: CardOrigin = self.world.random.choice(("LOC", "INT"))
        owed = sum(due["amount_centimes"] for due in chosen)
        self.keys += 1
        return {
            "session": self.session, "due_ids": [due["id"] for due in chosen],
            "card_origin": origin, "accept_terms": True, "terms_version": "2020-05",
            "email": self.email, "language": self.world.random.choice(("fr", "ar")),
            "seen_total_centimes": owed + (owed * 11 + 500) // 1000,
            "key": f"key-{self.name}-{self.keys:04d}",
        }  # fmt: skip

    def check_out(self, request: Json) -> bool:
        """Ask for the form, twice at once by a double click, again where the answer is lost."""
        if self.chance(0.15):
            self.tell("clicks twice")
            self.world.spawn(lambda: self._asked(request))
        if self.chance(0.04):
            other = request | {"email": "other@canary.example"}
            self.world.spawn(lambda: self._asked(other), self.world.random.randrange(4000))
        for _ in range(TRIES):
            answer = self._asked(request)
            if answer.status == 201:
                self.order = answer.json
                return True
            if answer.code == "total_changed":
                request = request | {"seen_total_centimes": answer.json["total_centimes"]}
            elif answer.status not in LOST:
                break
            self.waits(SECOND, 30 * SECOND)
        self.tell("gives up checking out")
        return False

    def _asked(self, request: Json) -> Answer:
        since_ms = self.world.hub.ms
        answer = self.browser.post("/api/checkout", request, session=request["session"])
        self.tell(
            f"checks out {request['key']}: {answer.status} {answer.code if answer.status != 201 else answer.json['reference']}"
        )
        self.world.promises.formed(request, answer)
        self.world.promises.refused(request, self.person.number, answer, since_ms)
        if answer.status == 409:
            self.world.sometimes(answer.code)
        return answer

    # Afterwards

    def look_at_receipt(self, times: int | None = None) -> None:
        """Ask how the payment stands, some times."""
        if not self.order:
            return
        times = self.world.random.randrange(POLLS) if times is None else times
        for _ in range(times):
            since, asked = self.world.hub.ms, self._named()
            answer = self.browser.post("/api/receipt", asked)
            if answer.status == 200:
                self.world.promises.shown(answer.json["reference"], answer.json, since)
            self.waits(2 * SECOND, 20 * SECOND)
        if self.chance(0.12):
            self._letter_again()

    def _named(self) -> Json:
        """Name the payment by its handle, as the way back does, or by reference and number."""
        if self.handle and self.world.random.random() < 0.5:
            return {"handle": self.handle}
        reference = self.order["reference"]
        return {"reference": reference, "registration_number": self.person.number}

    def _letter_again(self) -> None:
        """Ask for the letter again, or at another address; minutes later, for it was just sent."""
        self.waits(2 * MINUTE, 30 * MINUTE)
        asked = self._named()
        if "handle" in asked:
            asked |= {"email": f"corrected-{self.name}@canary.example"}
        answer = self.browser.post("/api/receipt/letter", asked)
        self.tell(f"asks for the letter again: {answer.status} {answer.code}")
        if answer.status == 202:
            self.world.sometimes(
                "letter asked again" if "email" not in asked else "address corrected"
            )


def copied(shown: Json, number: str) -> Json:
    """Give the look-up request of somebody who copied a code and did its proof of work."""
    proof = shown["proof"]
    solution = next(
        guess
        for guess in range(proof["maxnumber"] + 1)
        if hashlib.sha256(f"{proof['salt']}{guess}".encode()).hexdigest() == proof["challenge"]
    )
    return {
        "registration_number": number, "control_code": shown["control_code"],
        "ticket": shown["ticket"], "proof": {"number": solution},
    }  # fmt: skip
