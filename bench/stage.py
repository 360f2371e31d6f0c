"""Where events are made: a portal in this process on an engine, with the rest of AWS beside it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from bench import standing, stub
from bench.events import Journey
from bench.standing import Addresses


@contextmanager
def set_on(engine: AbstractContextManager[str]) -> Iterator[tuple[Addresses, Journey]]:
    """Run an engine and a portal on it; give where AWS is, and a maker of events."""
    with ExitStack() as stack:
        others = stack.enter_context(stub.running())
        addresses = Addresses(stack.enter_context(engine), others)
        yield addresses, Journey(stack.enter_context(standing.portal(addresses)))
