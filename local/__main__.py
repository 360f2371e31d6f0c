"""Run the portal on this machine: `python -m local` (`make run` installs what it needs first)."""

import signal
import sys
import time
from contextlib import ExitStack

from local import settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Start, say what there is, and stop at Ctrl-C; give the process's exit code."""
    began = time.monotonic()
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        # Loading AWS takes a second or two, in which Ctrl-C is already understood.
        from local import stack, welcome  # noqa: PLC0415 - see above

        with ExitStack() as parts:
            told = settings.read()
            bank = stack.start(told, parts)
            welcome.show(told, time.monotonic() - began)
            stack.watch(bank, told)
    except settings.Unusable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def _interrupt(*_: object) -> None:
    _be_deaf()
    raise KeyboardInterrupt


def _be_deaf() -> None:
    """Let nothing interrupt the stopping: it is short, and leaves no process."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
