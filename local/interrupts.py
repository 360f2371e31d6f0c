"""Ctrl-C and a polite kill: they end the stack, but never while a program is half started."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class _State:
    """Whether an interruption has to wait, and whether one waits."""

    holding: bool = False
    waiting: bool = False


_state = _State()


def listen() -> None:
    """Raise KeyboardInterrupt in the main thread at the first signal to end; ignore the next."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)


@contextmanager
def held() -> Iterator[None]:
    """Let an interruption wait until the block is done: a program half started would outlive us.

    Python interrupts the main thread only, so that the others have nothing to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state.holding = True
    try:
        yield
    finally:
        _state.holding = False
        if _state.waiting:
            _interrupt()


def _interrupt(*_: object) -> None:
    if _state.holding:
        _state.waiting = True
        return
    # Let nothing interrupt the stopping: it is short, and leaves no process.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
