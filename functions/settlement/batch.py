"""Many matters, one after the other: each by itself, within the time that there is."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.settlement import work
from functions.settlement.api import CONNECT_SECONDS, WHOLE_SECONDS, Api
from functions.shared import outside, web
from functions.shared.aws import matters, table
from functions.shared.aws import work as index
from functions.shared.rules.errors import Problem
from functions.shared.rules.settlement import Do, Step
from functions.shared.rules.work import SHARDS, shard

MOST_A_SHARD = 25
# Whether more wait than this, nobody needs to know.
MOST_QUEUED = 500
# A batch stops here and leaves the rest to the next sweep: its last matter may ask CMI thrice.
RESERVE_MILLISECONDS = 3 * 1000 * (CONNECT_SECONDS + WHOLE_SECONDS) + 5_000
# CMI captures within seconds of our reply, which the stream is faster than.
SECOND_LOOK_SECONDS = 5
BROKEN = Step(Do.WAIT, "it broke, and could not be put off")


@dataclass(slots=True)
class Batch:
    """What settles matters in one invocation, and counts what was done.

    `cut`: it stopped before it had looked at all that waits.
    """

    api: Api | None
    context: LambdaContext
    logger: Logger
    metrics: Metrics
    counts: dict[str, int] = field(default_factory=dict)
    ages_seconds: list[float] = field(default_factory=list)
    cut: bool = False

    def stream(self, keys: Iterable[table.Key]) -> None:
        """Settle what was written just now; look twice at captures that CMI is about to make."""
        soon = [key for key, step in self.each(keys) if step.soon]
        if soon and not self._over():
            outside.pause(SECOND_LOOK_SECONDS)
            self.sweep(soon)

    def sweep(self, keys: Iterable[table.Key]) -> None:
        """Settle what waits."""
        for _ in self.each(keys):
            pass

    def each(self, keys: Iterable[table.Key]) -> Iterator[tuple[table.Key, Step]]:
        """Settle matters one by one, and say how, until time is up or CMI is silent."""
        for key in keys:
            if self._over():
                self.cut = True
                return
            step = self._settled(key)
            self.counts[step.do] = self.counts.get(step.do, 0) + 1
            if step.since:
                self.ages_seconds.append((outside.now() - step.since).total_seconds())
            if step.page:
                self._page(key, step)
            yield key, step

    def report(self) -> None:
        """Tell what was done."""
        if self.api and self.api.shut:
            name = "StatusApiRefused" if self.api.refused else "StatusApiSilent"
            self.metrics.add_metric(name, MetricUnit.Count, 1)
        for do, count in self.counts.items():
            self.metrics.add_metric(f"Settled.{do}", MetricUnit.Count, count)
        # Whoever did not look at all of it does not say that nothing is old.
        if self.ages_seconds or not self.cut:
            oldest = max(self.ages_seconds, default=0)
            self.metrics.add_metric("OldestUnsettled", MetricUnit.Seconds, oldest)
        self.metrics.flush_metrics()

    def count_queue(self) -> None:
        """Tell how much waits for the operator, what of it differs from CMI's list, how long."""
        now = outside.now()
        with suppress(Problem):
            found = index.queue(now, MOST_QUEUED)
            differing = [key for key, _ in found if key[1].startswith(matters.SORT)]
            oldest = max(((now - since).total_seconds() for _, since in found), default=0)
            self.metrics.add_metric("QueueLength", MetricUnit.Count, len(found))
            self.metrics.add_metric("QueueDifferences", MetricUnit.Count, len(differing))
            self.metrics.add_metric("QueueOldest", MetricUnit.Seconds, oldest)

    def _over(self) -> bool:
        late = self.context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS
        return late or (self.api is not None and self.api.shut)

    def _settled(self, key: table.Key) -> Step:
        """Settle one matter; one that breaks is put off and stops no other."""
        try:
            return work.settle(key, self.api)
        except Exception as error:  # noqa: BLE001 - told, and tried again later
            web.tell_broken(error, self.logger, self.metrics)
        with suppress(Problem):
            return work.put_off(key)
        return BROKEN

    def _page(self, key: table.Key, step: Step) -> None:
        oid = key[0].removeprefix("ORDER#")
        self.metrics.add_metric("Page", MetricUnit.Count, 1)
        self.logger.warning("page", extra={"oid": oid, "why": step.why, "do": step.do})


def waiting() -> Iterator[table.Key]:
    """Give what waits, shard by shard; each minute begins with another shard."""
    now = outside.now()
    for number in range(SHARDS):
        partition = shard("WORK", (number + now.minute) % SHARDS)
        yield from index.due(partition, now, MOST_A_SHARD)
