"""The one door through which time and randomness come in.

Handlers ask here and hand the answers down as arguments; nothing else reads a clock or draws a
random number (`tests/test_shape.py`). Whoever runs the functions on another clock, such as the
local stack, replaces these functions.
"""

import secrets
import time
from datetime import UTC, datetime


def now() -> datetime:
    """Give the present instant, in UTC."""
    return datetime.now(UTC)


def random_bytes(count: int) -> bytes:
    """Give `count` bytes that nobody can predict."""
    return secrets.token_bytes(count)


def pause(seconds: float) -> None:
    """Wait, before something is tried again."""
    time.sleep(seconds)
