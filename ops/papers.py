"""Files that the commands leave: whole or not at all, and readable by their owner alone."""

import os
from pathlib import Path

_OWNER = 0o600


def write(path: Path, text: str) -> None:
    """Write a file; whoever reads it meanwhile sees the one before, or none."""
    coming = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
        opened.write(text)
    coming.replace(path)
