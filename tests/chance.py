"""How many generated cases a test has.

`make test` takes few, the same ones each time, so that it says the same of the same code twice.
`EXAMPLES=20`, as in `make test-all`, takes twenty times as many, and others in each run.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(count: int) -> settings:
    """Give the settings of a test that has `count` cases in `make test`."""
    return settings(
        max_examples=count * TIMES,
        derandomize=TIMES == 1,
        deadline=None,  # a busy machine makes no code wrong
        suppress_health_check=list(HealthCheck),  # likewise; and fixtures here outlive their cases
    )
