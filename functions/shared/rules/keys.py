"""Keys that rotate: the current one, and for a while the one before (`reliability.md` §6.3)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

SHORTEST = 8
SAMPLES = frozenset({"TEST1234", "ABCD1234"})


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


def read(text: str) -> Keys:
    """Read a secret's JSON; raise ValueError for an empty, short or sample key."""
    facts = json.loads(text)
    until = facts.get("previous_until")
    keys = Keys(
        facts["current"],
        facts.get("previous"),
        datetime.fromisoformat(until) if until else None,
    )
    for key in filter(None, (keys.current or "-", keys.previous)):
        if len(key) < SHORTEST or key.upper() in SAMPLES:
            raise ValueError("a key is empty, short or a published sample")
    return keys


def key_id(key: str) -> str:
    """Name a key without telling it: orders remember under which one they were signed."""
    return hashlib.sha256(b"key id:" + key.encode()).hexdigest()[:8]
