"""The start of a container: Lambda gives it a whole processor, and an event only a share of one."""

import gc
import os
from collections.abc import Callable


def ready(*needed: Callable[[], object]) -> None:
    """Make what every event will need, once a handler's module is there.

    In Lambda only: elsewhere a handler is imported long before anybody knows where AWS is, and
    what is needed is made on first use. What stands by now, the garbage collector leaves alone.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        for make in needed:
            make()
        gc.freeze()
        gc.enable()
