"""The wire between the functions' clients and the services that stand in for AWS: it fails.

botocore's retries are played here, for they matter: a request that was applied and whose answer
was lost is sent again, conditions and all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from tests.simulation.faults import Fault
from tests.simulation.values import DynamoError, Json

Service = Callable[[str, Json], Json]
URL = "https://aws.example"
# What botocore's standard and legacy modes try again, besides time-outs.
RETRIED = frozenset({
    "ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError",
    "RequestLimitExceeded", "TransactionInProgressException", "TooManyRequestsException",
})  # fmt: skip
BROKEN = "InternalServerError"
LATENCIES_MS = (1, 2, 3, 5, 8, 20, 60, 250)
LANDS_LATE_MS = (1_000, 120_000)
SLOW_MS = (300, 4_000)
FOR_EVER_MS = 900_000  # the longest that Lambda lets anything run


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it goes over the wire, and how long botocore waits for its answer."""

    service: str
    operation: str
    params: Json
    tries: int
    patience_ms: int


class Caller(Protocol):
    """Who makes calls: an invocation, which can sleep and crash."""

    def sleep(self, wait_ms: int) -> None:
        """Let time pass."""

    def called(self, request: Request, fault: Fault, *, again: bool) -> None:
        """Take note of a call."""

    def crash(self) -> None:
        """Be gone."""


class Drawing(Protocol):
    """Where faults come from."""

    on: bool

    def draw(self, operation: str, *, again: bool = False) -> Fault:
        """Say what befalls a request."""

    def told(self) -> str:
        """Say which faults there are."""


@dataclass(slots=True)
class Wire:
    """A world's wire to its services. `caller` None: somebody outside the world, undisturbed.

    `down`: each says which requests find their service down.
    """

    services: dict[str, Service]
    faults: Drawing
    random: Random
    later: Callable[[int, Callable[[], None]], Any]
    caller: Caller | None = None
    author: Caller | None = None
    count: int = 0
    down: list[Callable[[Request], bool]] = field(default_factory=list)

    def call(self, request: Request) -> Json:
        """Do a call with the retries that botocore's settings ask for."""
        caller = self.caller
        if caller is None:
            return self.apply(request, None)
        for attempt in range(request.tries):
            try:
                return self._attempt(request, caller, again=attempt > 0)
            except (ReadTimeoutError, ConnectTimeoutError):
                if attempt + 1 == request.tries:
                    raise
            except DynamoError as error:
                if attempt + 1 == request.tries or error.code not in RETRIED:
                    raise
            caller.sleep(self.random.randrange(20, 1000))
        raise AssertionError("a call without a try")

    def _attempt(self, request: Request, caller: Caller, *, again: bool) -> Json:
        self.count += 1
        fault = self.faults.draw(request.operation, again=again)
        caller.called(request, fault, again=again)
        if fault is Fault.CRASH_BEFORE:
            caller.crash()
        slow = self.random.randrange(*SLOW_MS) if fault is Fault.SLOW else 0
        caller.sleep(slow + self.random.choice(LATENCIES_MS))
        if fault is Fault.FROZEN:
            self.later(
                self.random.randrange(*LANDS_LATE_MS), lambda: self._unheard(request, caller)
            )
        if fault in (Fault.LOST, Fault.FROZEN):
            self._never(request, caller, fault)
        if any(fails(request) for fails in self.down):
            raise DynamoError(BROKEN, "the service is down")
        if fault is Fault.THROTTLE:
            raise _throttled(request)
        if fault is Fault.CONFLICT:
            raise _conflict(request)
        if fault is Fault.TORN:
            return self._torn(request, caller)
        return self._applied(request, caller, fault)

    def _applied(self, request: Request, caller: Caller, fault: Fault) -> Json:
        if fault is Fault.UNKNOWN:
            self._unheard(request, caller)
            self._never(request, caller, fault)
        answer = self.apply(request, caller)
        if fault is Fault.CRASH_AFTER:
            caller.crash()
        return answer

    def _unheard(self, request: Request, caller: Caller) -> None:
        """Apply a request whose answer nobody will hear."""
        try:
            self.apply(request, caller)
        except DynamoError:
            return

    def _never(self, request: Request, caller: Caller, fault: Fault) -> None:
        """Wait for an answer that does not come; a frozen sandbox may wait for ever."""
        frozen = fault is Fault.FROZEN and self.random.random() < 0.5
        caller.sleep(FOR_EVER_MS if frozen else request.patience_ms)
        raise ReadTimeoutError(endpoint_url=URL)

    def _torn(self, request: Request, caller: Caller) -> Json:
        """Read in two halves: what is read together is not of one instant."""
        if request.operation == "Query":
            return self._torn_query(request, caller)
        ((name, wanted),) = request.params["RequestItems"].items()
        keys = list(wanted["Keys"])
        self.random.shuffle(keys)
        rows: list[Json] = []
        for key in keys:
            one = {"RequestItems": {name: wanted | {"Keys": [key]}}}
            answer = self.apply(Request(request.service, request.operation, one, 1, 0), caller)
            rows += answer["Responses"][name]
            caller.sleep(self.random.choice(LATENCIES_MS))
        return {"Responses": {name: rows}, "UnprocessedKeys": {}}

    def _torn_query(self, request: Request, caller: Caller) -> Json:
        """Give some rows as they were before, and the others as they are after a pause."""
        before = self.apply(request, caller)
        caller.sleep(self.random.choice(LATENCIES_MS))
        after = self.apply(request, caller)
        if [_key(row) for row in before["Items"]] != [_key(row) for row in after["Items"]]:
            return after
        pairs = zip(before["Items"], after["Items"], strict=True)
        return after | {"Items": [self.random.choice(pair) for pair in pairs]}

    def apply(self, request: Request, author: Caller | None) -> Json:
        """Let a service do a request, now; who watches it can ask whose it is."""
        self.author = author
        try:
            return self.services[request.service](request.operation, request.params)
        finally:
            self.author = None


def _key(row: Json) -> tuple[str, str]:
    return row["pk"]["S"], row["sk"]["S"]


def _throttled(request: Request) -> DynamoError:
    if request.operation == "TransactWriteItems":
        return _cancelled(request, "ThrottlingError")
    if request.service == "dynamodb":
        return DynamoError("ProvisionedThroughputExceededException", "too fast")
    return DynamoError("ThrottlingException", "Rate exceeded")


def _conflict(request: Request) -> DynamoError:
    if request.operation == "TransactWriteItems":
        return _cancelled(request, "TransactionConflict")
    return DynamoError("TransactionConflictException", "another transaction is at it")


def _cancelled(request: Request, code: str) -> DynamoError:
    """Cancel a transaction for one of its rows; the others had nothing against them."""
    count = len(request.params["TransactItems"])
    reasons = [{"Code": code if place == count - 1 else "None"} for place in range(count)]
    return DynamoError("TransactionCanceledException", code, CancellationReasons=reasons)
