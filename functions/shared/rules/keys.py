"""Keys that rotate: the current one, and for a while the one before (`reliability.md` §6.3)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

SHORTEST = 8
SAMPLES = frozenset({"TEST1234", "ABCD1234"})
# What `make run` works with: printed for anybody, so good on a developer's machine alone.
LOCAL = frozenset(
    {
        r"ASVI_local_2020|\key",
        "local-tokens-0123456789abcdefghijklmnopqrstuvwxyz",
        "asvi_api:asvi_local",
    }
)


@dataclass(frozen=True, slots=True)
class Keys:
    """A secret's value. `previous` is accepted until `previous_until`, and never signs."""

    current: str
    previous: str | None = None
    previous_until: datetime | None = None

    def accepted(self, now: datetime) -> list[tuple[str, str]]:
        """Give the keys in force as pairs of (key id, key), the current one first."""
        keys = [self.current]
        if self.previous and self.previous_until and now < self.previous_until:
            keys.append(self.previous)
        return [(key_id(key), key) for key in keys]

    def secrets(self, now: datetime) -> list[bytes]:
        """Give the keys in force as bytes, the current one first."""
        return [key.encode() for _, key in self.accepted(now)]


def read(text: str, *, local: bool = False) -> Keys:
    """Read a secret's JSON; raise ValueError for an empty, short or sample key, or a vague end.

    `local`: this is a developer's machine, the only place where its published keys are good.
    """
    facts = json.loads(text)
    until = facts.get("previous_until")
    keys = Keys(
        facts["current"],
        facts.get("previous"),
        datetime.fromisoformat(until) if until else None,
    )
    if keys.previous_until and keys.previous_until.tzinfo is None:
        raise ValueError("previous_until has no offset from UTC")
    for key in filter(None, (keys.current or "-", keys.previous)):
        seen = key.strip()
        if len(seen) < SHORTEST or seen.upper() in SAMPLES:
            raise ValueError("a key is empty, short or a published sample")
        if key in LOCAL and not local:
            raise ValueError("a key of the local stack is used elsewhere")
    return keys


def key_id(key: str) -> str:
    """Name a key without telling it: orders remember under which one they were signed."""
    return hashlib.sha256(b"key id:" + key.encode()).hexdigest()[:8]
