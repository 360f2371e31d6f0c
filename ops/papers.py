"""Files that the commands leave: whole or not at all, and readable by their owner alone."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from ops.screen import End, stop


def tried(path: Path) -> None:
    """End the command where a file cannot be written, before anything is done that it tells."""
    try:
        with _coming(path):
            pass
    except OSError as error:
        stop(
            End.UNUSABLE,
            f"{path} cannot be written, and nothing was done: {error.strerror}.",
            "What to do: begin again in a folder where you may write, under a short name.",
        )


def write(path: Path, text: str) -> None:
    """Write a file; whoever reads it meanwhile sees the one before, or none."""
    try:
        with _coming(path) as opened:
            opened.write(text)
            opened.flush()
            Path(opened.name).replace(path)
    except OSError as error:
        stop(
            End.UNUSABLE,
            f"{path} could not be written: {error.strerror}.",
            "What to do: make room for it or name another place, and run the command again; "
            "what it did before stands.",
        )


@contextmanager
def _coming(path: Path) -> Iterator[IO[str]]:
    """Give a file beside `path` under a name that nobody can guess; none is left there after."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as opened:
        try:
            yield opened
        finally:
            Path(opened.name).unlink(missing_ok=True)
