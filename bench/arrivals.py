"""Payers at a quarter's end, drawn by chance: how many come at once, and how many find it cold.

Half of a quarter's payers come in its last twenty working hours, and the last of these hours has
twice its share. A journey's calls come one after another, with people's pauses between them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

QUARTERS_A_YEAR = 4
LATE_SHARE, LATE_HOURS, LAST_HOUR_TIMES = 0.5, 20, 2
HOUR_SECONDS = 3_600
# A quiet hour stands for the rest of a quarter: thirteen weeks of ten-hour days but the last two.
QUIET_HOURS = 63 * 10
IDLE_SECONDS = 360  # after which a sandbox is assumed to be gone
# The function of each call of a journey, and about how long after the one before it comes.
JOURNEY = (
    ("lookup", 0), ("lookup", 25), ("lookup", 5), ("checkout", 60), ("callback", 90),
    ("callback", 2), ("receipt", 1), ("letter", 0), ("letter", 2), ("letter", 5),
)  # fmt: skip
# Beyond these a part of the hour is drawn, as the rest is like it.
MOST_JOURNEYS = 90_000


@dataclass(frozen=True, slots=True)
class Peak:
    """The last hour of a quarter: payments in it, most calls and payments in a second."""

    payments: int
    calls_a_second: int
    payments_a_second: float
    concurrency: float


def hourly(insured: int, *, last: bool) -> float:
    """Give the payments of an hour, when each insured person pays each quarter."""
    late = insured * LATE_SHARE / (LATE_HOURS + LAST_HOUR_TIMES - 1)
    return late * LAST_HOUR_TIMES if last else insured * (1 - LATE_SHARE) / QUIET_HOURS


def calls(payments_an_hour: float, seed: int) -> list[tuple[float, str]]:
    """Draw the calls of an hour, or of a part of it, by time: (second, function)."""
    random = Random(seed)  # noqa: S311 - arrivals, no secret
    seconds = HOUR_SECONDS * min(1.0, MOST_JOURNEYS / payments_an_hour)
    rate, at = payments_an_hour / HOUR_SECONDS, 0.0
    drawn: list[tuple[float, str]] = []
    while (at := at + random.expovariate(rate)) < seconds:
        then = at
        for function, pause in JOURNEY:
            then += random.expovariate(1 / pause) if pause else 0.0
            drawn.append((then, function))
    return sorted(drawn)


def peak(insured: int, seconds_a_call: Mapping[str, float], seed: int) -> Peak:
    """Draw the last hour of a quarter; `seconds_a_call`: how long each function takes."""
    an_hour = hourly(insured, last=True)
    drawn = calls(an_hour, seed)
    busiest = Counter(int(at) for at, _ in drawn).most_common(1)
    most = busiest[0][1] if busiest else 0
    mean = sum(seconds_a_call[function] for _, function in drawn) / max(1, len(drawn))
    return Peak(round(an_hour), most, most / len(JOURNEY), most * mean)


def cold_share(payments_an_hour: float, seed: int) -> float:
    """Draw an hour; give the share of calls that find no sandbox, one at a time being enough."""
    last: dict[str, float] = {}
    cold = 0
    drawn = calls(payments_an_hour, seed)
    for at, function in drawn:
        cold += at - last.get(function, -IDLE_SECONDS) >= IDLE_SECONDS
        last[function] = at
    return cold / len(drawn) if drawn else 1.0
