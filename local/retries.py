"""How often a function that fails is called again, and what is said of what it never took."""

from collections.abc import Callable, Iterator
from itertools import count

from local.template import Rule, Stream

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
# Where a line for the log goes.
Tell = Callable[[str], None]


def pauses(retries: int) -> Iterator[float]:
    """Give for each call of a function the seconds to wait after it, should it fail.

    Lambda waits for minutes; nobody at a desk does. `retries` below zero is for ever.
    """
    for call in count():
        if call == retries:
            yield 0.0
            return
        yield min(FIRST_PAUSE_SECONDS * 2 ** min(call, 10), LONGEST_PAUSE_SECONDS)


def dropped(subscription: Stream | Rule, what: str) -> str:
    """Say what a function never took, after how many calls, and where it would have gone."""
    calls = subscription.retries + 1
    place = subscription.failed_to
    fate = f"deployed, {place} would get it" if place else "no failure destination: it is lost"
    return f"{subscription.function} failed {calls} times, dropped {what}; {fate}"
