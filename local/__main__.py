"""Run the portal on this machine: `python -m local` (`make run` installs what it needs first).

`python -m local dev` also takes up what changes in the tree (`make dev`).
"""

import sys
import time
from contextlib import ExitStack

from local import interrupts, settings


def main() -> int:
    """Start, say what there is, and stop at Ctrl-C; give the process's exit code."""
    if sys.argv[1:] not in ([], ["run"], ["dev"]):
        print(__doc__, file=sys.stderr)
        return 2
    began = time.monotonic()
    interrupts.listen()
    try:
        # Loading AWS takes a second or two, in which Ctrl-C is already understood.
        from local import dev, stack, welcome  # noqa: PLC0415 - see above

        with ExitStack() as parts:
            told = settings.read()
            running = stack.start(told, parts)
            welcome.show(told, time.monotonic() - began)
            watch = dev.watch if sys.argv[1:] == ["dev"] else stack.watch
            watch(running, told)
    except settings.Unusable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
