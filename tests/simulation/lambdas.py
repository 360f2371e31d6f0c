"""Lambda: sandboxes that remember, invocations that sleep at each call, time-outs that kill.

A process runs many invocations in turns, and the functions keep things in their modules. So what
a module keeps belongs to a sandbox, and is put in place whenever one of its invocations wakes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from greenlet import getcurrent

from functions.lookup import listing
from functions.shared.aws import secrets
from tests.simulation.deployment import Function
from tests.simulation.faults import Fault
from tests.simulation.hub import START, Crash, Hub
from tests.simulation.story import Story
from tests.simulation.values import Json
from tests.simulation.wire import Request, Wire

# What modules keep between events: (module, name, what a cold start begins with).
KEPT: list[tuple[ModuleType, str, Callable[[], Any]]] = [
    (secrets, "_kept", dict),
    (listing, "_kept", listing._DataTime),
    (BaseRouter, "current_event", lambda: None),  # type: ignore[list-item] # a class keeps likewise
    (BaseRouter, "lambda_context", lambda: None),  # type: ignore[list-item] # likewise
]
NETWORK_MS = (1, 3, 10, 40)
JOB_TIMEOUT_MS = 300_000


@dataclass(slots=True)
class Sandbox:
    """A warm container: what it remembers, and how far its clock is off."""

    kept: list[Any] = field(default_factory=lambda: [fresh() for _, _, fresh in KEPT])
    skew_ms: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended: its answer, or what became of it."""

    answer: Any = None
    error: str = ""


@dataclass(slots=True, eq=False)
class Invocation:
    """One run of a function. `about` says what it is for, to whoever checks promises."""

    number: int
    name: str
    about: Json
    lambdas: "Lambdas"
    sandbox: Sandbox
    deadline_ms: int = 0
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    greenlet: Any = None
    timer: Any = None
    timed_out: bool = False
    started_ms: int = 0

    @property
    def arrived_at(self) -> datetime:
        """When it began, truly."""
        return START + timedelta(milliseconds=self.started_ms)

    def sleep(self, wait_ms: int) -> None:
        """Let time pass; others run meanwhile."""
        self.lambdas.leave(self)
        try:
            self.lambdas.hub.sleep(wait_ms)
        finally:
            self.lambdas.enter(self)

    def called(self, request: Request, fault: Fault, *, again: bool) -> None:
        """Take note of a call."""
        if not again:
            self.calls.append(request.operation)
        if fault is not Fault.NONE:
            self.faults.append(fault)
            self.lambdas.story.tell(str(self), f"{request.operation}: {fault}")
        for watcher in self.lambdas.watchers:
            watcher(self, request, fault)

    def crash(self) -> None:
        """Be gone."""
        raise Crash

    def __str__(self) -> str:
        return f"{self.name}#{self.number}"

    # What Lambda's context tells a function.
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "world"

    def get_remaining_time_in_millis(self) -> int:
        """Give the time that is left."""
        return self.deadline_ms - self.lambdas.hub.ms


@dataclass(slots=True)
class Lambdas:
    """Every function's sandboxes, and who runs now."""

    hub: Hub
    wire: Wire
    story: Story
    functions: dict[str, Function]
    idle: dict[str, list[Sandbox]] = field(default_factory=dict)
    running: set[Invocation] = field(default_factory=set)
    current: Invocation | None = None
    skew_ms: int = 0
    count: int = 0
    ended: list[Callable[[Invocation, Outcome], None]] = field(default_factory=list)
    watchers: list[Callable[[Invocation, Request, Fault], None]] = field(default_factory=list)

    def now(self) -> datetime:
        """Give the time as the running invocation's sandbox has it."""
        skew = self.current.sandbox.skew_ms if self.current else 0
        return self.hub.now + timedelta(milliseconds=skew)

    def pause(self, seconds: float) -> None:
        """Let the running invocation wait."""
        if self.current is not None:
            self.current.sleep(int(seconds * 1000))

    def enter(self, one: Invocation) -> None:
        """Put what a sandbox remembers in its place."""
        for (owner, name, _), value in zip(KEPT, one.sandbox.kept, strict=True):
            setattr(owner, name, value)
        self.current = self.wire.caller = one

    def leave(self, one: Invocation) -> None:
        """Take away what a sandbox remembers."""
        one.sandbox.kept = [getattr(owner, name, None) for owner, name, _ in KEPT]
        self.current = self.wire.caller = None

    def invoke(self, function: str, event: Json, **about: Any) -> Outcome:  # noqa: ANN401 - any facts
        """Run a function on an event and give how it ended; who calls sleeps meanwhile."""
        found = self.functions[function]
        short = function.removesuffix("Function").lower()
        return self._start(short, lambda one: found.handle(event, one), found.timeout_ms, about)

    def job(self, name: str, work: Callable[[], object], **about: Any) -> Outcome:  # noqa: ANN401 - any facts
        """Run the operator's or the core system's work, with the same wire and its faults."""
        return self._start(name, lambda _: work(), JOB_TIMEOUT_MS, about)

    def _start(
        self, name: str, work: Callable[[Invocation], object], timeout_ms: int, about: Json
    ) -> Outcome:
        self.count += 1
        idle = self.idle.setdefault(name, [])
        # Mostly a warm sandbox, sometimes a cold start beside it.
        cold = not idle or self.hub.random.random() < 0.1
        sandbox = Sandbox() if cold else idle.pop(self.hub.random.randrange(len(idle)))
        sandbox.skew_ms = self.skew_ms
        one = Invocation(self.count, name, {"kind": name} | about, self, sandbox)
        self.running.add(one)
        waiter = getcurrent()
        one.greenlet = self.hub.spawn(
            lambda: self._run(one, work, timeout_ms, waiter), self.hub.random.choice(NETWORK_MS)
        )
        outcome: Outcome = self.hub.park()
        return outcome

    def _run(
        self,
        one: Invocation,
        work: Callable[[Invocation], object],
        timeout_ms: int,
        waiter: Any,  # noqa: ANN401 - a greenlet
    ) -> None:
        one.started_ms = self.hub.ms
        one.deadline_ms = self.hub.ms + timeout_ms
        one.timer = self.hub.after(timeout_ms, lambda: self._time_out(one))
        self.enter(one)
        outcome = self._outcome(one, work)
        self.leave(one)
        one.timer.work = None
        self.running.discard(one)
        if outcome.error not in ("crash", "timeout"):
            self.idle.setdefault(one.name, []).append(one.sandbox)
        for watcher in self.ended:
            watcher(one, outcome)
        self.hub.wake(waiter, outcome, self.hub.random.choice(NETWORK_MS))

    def _outcome(self, one: Invocation, work: Callable[[Invocation], object]) -> Outcome:
        try:
            return Outcome(work(one))
        except Crash:
            error = "timeout" if one.timed_out else "crash"
        except Exception as raised:  # noqa: BLE001 - Lambda reports it to whoever asked
            error = f"raised {type(raised).__name__}"
        self.story.tell(str(one), error)
        return Outcome(error=error)

    def _time_out(self, one: Invocation) -> None:
        one.timed_out = True
        self.hub.kill(one.greenlet)
