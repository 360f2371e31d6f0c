"""What happened in a world, in order: the trace that two runs of a seed must share."""

import hashlib
from dataclasses import dataclass, field

from tests.simulation.hub import Hub


@dataclass(slots=True)
class Story:
    """Who did what, when."""

    hub: Hub
    lines: list[tuple[int, str, str]] = field(default_factory=list)

    def tell(self, who: str, what: str) -> None:
        """Note something."""
        self.lines.append((self.hub.ms, who, what))

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the whole story."""
        text = "\n".join(f"{ms}|{who}|{what}" for ms, who, what in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()

    def told(self) -> str:
        """Write the story for a person."""
        return "\n".join(f"{_clock(ms)}  {who:<14} {what}" for ms, who, what in self.lines)


def _clock(ms: int) -> str:
    days, rest = divmod(ms, 86_400_000)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    day = f"{days}d " if days else ""
    return f"{day}{hours:02d}:{minutes:02d}:{rest / 1000:06.3f}"
