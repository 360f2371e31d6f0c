"""Functions for the worker to run."""

import os
import time
from typing import Any

from functions.shared import outside

Json = dict[str, Any]


def tell(event: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's context
    """Say what a function sees of its surroundings."""
    print("told", event)  # noqa: T201 - the log is what is tested
    return {
        "event": event,
        "environment": dict(os.environ),
        "now": outside.now().isoformat(),
        "left": context.get_remaining_time_in_millis(),
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "arn": context.invoked_function_arn,
        "pid": os.getpid(),
    }


def misbehave(event: Json, _context: Any) -> Json:  # noqa: ANN401 - Lambda's context
    """Sleep, fail or die as the event says; answer with the process's number."""
    if "die" in event:
        os._exit(3)
    if "fail" in event:
        raise KeyError(event["fail"])
    time.sleep(event.get("sleep", 0))
    return {"pid": os.getpid()}
