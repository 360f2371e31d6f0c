"""The table's stream and SES's events, brought to the functions late, twice, out of order."""

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from local.patterns import matches
from local.template import Stream as Subscription
from tests.simulation.clouds import Mail
from tests.simulation.deployment import described
from tests.simulation.hub import HOUR, MINUTE, SECOND
from tests.simulation.table import Change, Key
from tests.simulation.values import Json

if TYPE_CHECKING:
    from tests.simulation.world import World

SUBSCRIPTIONS = described().streams()
EVENT_TRIES = 4
# How often SES says that it took a letter; it may say nothing at all.
SAID = 0.9


@dataclass(slots=True)
class Stream:
    """Records of one subscriber that wait, those it gave up, and all there ever were."""

    world: "World"
    subscription: Subscription
    waiting: deque[Json] = field(default_factory=deque)
    given_up: list[Json] = field(default_factory=list)
    seen: list[Json] = field(default_factory=list)
    arrivals: dict[Key, int] = field(default_factory=dict)
    busy: bool = False

    def wrote(self, changes: list[Change]) -> None:
        """Let each record of a write arrive by itself, in order only with those of its row."""
        for change in changes:
            told = record(change, len(self.seen))
            patterns = self.subscription.patterns
            if patterns and not any(matches(pattern, told) for pattern in patterns):
                continue
            self.seen.append(told)
            self._arrives(change.key, told)

    def _arrives(self, key: Key, record: Json) -> None:
        random, hub = self.world.random, self.world.hub
        late = random.choice((50, 200, 1000, 5000))
        if self.world.faults.on and random.random() < 0.05:
            late = random.randrange(MINUTE, HOUR)
            self.world.sometimes("stream record that came late")
        at = max(hub.ms + late, self.arrivals.get(key, 0))
        self.arrivals[key] = at
        hub.after(at - hub.ms, lambda: self._add(record))

    def _add(self, record: Json) -> None:
        self.waiting.append(record)
        if self.world.faults.on and self.world.random.random() < 0.1:
            self.waiting.append(record)
            self.world.sometimes("stream record that came twice")
        if not self.busy:
            self.busy = True
            self.world.spawn(self._deliver, self.world.random.choice((0, 50, 500)))

    def _deliver(self) -> None:
        while self.waiting:
            size = min(
                len(self.waiting), self.world.random.randrange(1, self.subscription.batch_size + 1)
            )
            self._batch([self.waiting.popleft() for _ in range(size)])
        self.busy = False

    def _batch(self, records: list[Json]) -> None:
        """Deliver until nothing is left, with the retries of the event source mapping."""
        for attempt in range(self.subscription.retries + 1):
            left = self.deliver(records)
            if not left:
                return
            records = left
            self.world.hub.sleep(min(SECOND << attempt, MINUTE))
        self.given_up += records
        self.world.sometimes("stream record given up")

    def deliver(self, records: list[Json]) -> list[Json]:
        """Call the subscriber once; give the records that it has to see again."""
        outcome = self.world.lambdas.invoke(self.subscription.function, {"Records": records})
        if outcome.error:
            return records
        failed = {
            one["itemIdentifier"] for one in (outcome.answer or {}).get("batchItemFailures", [])
        }
        places = [place for place, one in enumerate(records) if number(one) in failed]
        return records[min(places) :] if places else []


def number(record: Json) -> str:
    """Give a record's sequence number."""
    return str(record["dynamodb"]["SequenceNumber"])


def record(change: Change, count: int) -> Json:
    """Give the stream's record of a change, NEW_IMAGE."""
    pk, sk = change.key
    name = "REMOVE" if change.new is None else "INSERT" if change.old is None else "MODIFY"
    image = {} if change.new is None else {"NewImage": change.new}
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    return {
        "eventName": name,
        "dynamodb": {"Keys": keys, "SequenceNumber": f"{count:021d}", **image},
    }


@dataclass(slots=True)
class Post:
    """What becomes of a letter that SES took, and the events that tell of it."""

    world: "World"

    def took(self, mail: Mail) -> None:
        """Let the events of a letter come: unordered, twice, or before SES's own answer."""
        self.world.story.tell("SES", f"takes letter {mail.name} of {mail.reference} to {mail.to}")
        random = self.world.random
        end = random.choices(("Delivery", "Bounce", "Complaint", "Reject", ""), (80, 8, 3, 3, 6))[0]
        begin = "Send" if random.random() < SAID else ""
        for kind in filter(None, (begin, end)):
            for _ in range(1 + (random.random() < 0.1)):
                wait = random.choice((0, 5, 300, 5 * SECOND, MINUTE, 20 * MINUTE))
                self.world.spawn(partial(self._event, mail, kind), wait)
        if end == "Bounce":
            self.world.sometimes("letter that bounced")

    def _event(self, mail: Mail, kind: str) -> None:
        tags = {"oid": [mail.reference], "letter": [mail.name]}
        detail: dict[str, Any] = {
            "eventType": kind,
            "mail": {"tags": tags, "destination": [mail.to]},
        }
        event = {"source": "aws.ses", "detail-type": "Email", "detail": detail}
        for attempt in range(EVENT_TRIES):
            if not self.world.lambdas.invoke("LetterFunction", event, news=kind).error:
                return
            self.world.hub.sleep(MINUTE << attempt)
