"""Mozilla's HTTP Observatory, as far as response headers go: its tests and what each is worth.

Source: MDN, "HTTP Observatory: tests and scoring" (2024 method). Bonuses count from 90 points on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SIX_MONTHS_SECONDS = 15_768_000
BASE, BONUS_FROM = 100, 90
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "http:", "*"}
RUNS = ("script-src", "style-src", "object-src", "default-src")


@dataclass(frozen=True, slots=True)
class Mark:
    """A test's name, its finding, and what it adds or takes."""

    test: str
    finding: str
    points: int


def marks(headers: Mapping[str, str]) -> list[Mark]:
    """Give the mark of every test; names of headers in lower case."""
    policy = directives(headers.get("content-security-policy", ""))
    return [
        _policy(policy),
        _transport(headers.get("strict-transport-security", "")),
        _referrer(headers.get("referrer-policy", "")),
        _sniffing(headers.get("x-content-type-options", "")),
        _frames(policy, headers.get("x-frame-options", "")),
        _resources(headers.get("cross-origin-resource-policy", "")),
        _cookies(headers.get("set-cookie", "")),
        _sharing(headers.get("access-control-allow-origin", "")),
    ]


def score(headers: Mapping[str, str]) -> int:
    """Give the score: what is lost first, then what is won."""
    given = [mark.points for mark in marks(headers)]
    lost = BASE + sum(points for points in given if points < 0)
    won = sum(points for points in given if points > 0)
    return max(0, lost + won if lost >= BONUS_FROM else lost)


def directives(policy: str) -> dict[str, list[str]]:
    """Read a content security policy."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): values for name, *values in parts}


def _policy(policy: dict[str, list[str]]) -> Mark:
    test = "content security policy"
    if not policy:
        return Mark(test, "none", -25)
    sources = {word for name in RUNS for word in policy.get(name, policy.get("default-src", ["*"]))}
    if sources & UNSAFE:
        return Mark(test, "unsafe", -20)
    closed = policy.get("default-src") == ["'none'"]
    return Mark(test, "no unsafe, default none" if closed else "no unsafe", 10 if closed else 5)


def _transport(said: str) -> Mark:
    found = re.search(r"max-age=(\d+)", said)
    long = found is not None and int(found[1]) >= SIX_MONTHS_SECONDS
    return Mark("strict transport security", said or "none", 0 if long else -20)


def _referrer(said: str) -> Mark:
    return Mark("referrer policy", said or "none", 5 if said in PRIVATE else -5 if said else 0)


def _sniffing(said: str) -> Mark:
    return Mark("content type options", said or "none", 0 if said == "nosniff" else -5)


def _frames(policy: dict[str, list[str]], said: str) -> Mark:
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        return Mark("frames", "by the policy", 5)
    return Mark("frames", said or "none", 0 if said in ("DENY", "SAMEORIGIN") else -20)


def _resources(said: str) -> Mark:
    worth = {"same-origin": 10, "same-site": 10, "cross-origin": -5}
    return Mark("cross-origin resources", said or "none", worth.get(said, 0))


def _cookies(said: str) -> Mark:
    return Mark("cookies", "set" if said else "none", -20 if said else 0)


def _sharing(said: str) -> Mark:
    return Mark("cross-origin sharing", said or "none", -50 if said == "*" else 0)
