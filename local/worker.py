"""One function in a process of its own: `python -m local.worker <handler> <facts as JSON>`.

Reads an invocation a line on standard input, writes its answer as a line on the pipe whose number
is in the facts. What the function prints goes where standard output goes: its log. The only part
of the functions that is replaced is their clock.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

from functions.shared import outside

Handler = Callable[[dict[str, Any], "Context"], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda hands a function beside the event (its names, so that any handler finds them)."""

    aws_request_id: str
    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    log_group_name: str
    deadline: float
    function_version: str = "$LATEST"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds left before the function is stopped; never less than zero."""
        return max(0, round((self.deadline - time.monotonic()) * 1000))


def run(handler_name: str, facts: dict[str, Any], requests: TextIO, answers: TextIO) -> None:
    """Load the handler, say so, then answer each invocation until `requests` ends."""
    move_clock(timedelta(seconds=facts["ahead_seconds"]))
    module, _, name = handler_name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    _send(answers, {"ready": True})
    for line in requests:
        _send(answers, _answer(handler, facts, json.loads(line)))


def move_clock(ahead: timedelta) -> None:
    """Put the functions' clock ahead of the machine's; it runs on from there."""
    outside.now = lambda: datetime.now(UTC) + ahead


def _answer(handler: Handler, facts: dict[str, Any], invocation: dict[str, Any]) -> dict[str, Any]:
    context = Context(
        aws_request_id=invocation["id"],
        function_name=facts["name"],
        memory_limit_in_mb=facts["memory_mb"],
        invoked_function_arn=facts["arn"],
        log_group_name=f"/aws/lambda/{facts['name']}",
        deadline=time.monotonic() + facts["timeout_seconds"],
    )
    try:
        return {"answer": json.loads(json.dumps(handler(invocation["event"], context)))}
    except Exception as error:  # noqa: BLE001 - Lambda too turns any exception into a failed call
        traceback.print_exc()
        return {"error": type(error).__name__}


def _send(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def main() -> None:
    """Run as a process started by `local.functions`."""
    facts = json.loads(sys.argv[2])
    with os.fdopen(facts["answers"], "w", encoding="utf-8") as answers:
        run(sys.argv[1], facts, sys.stdin, answers)


if __name__ == "__main__":
    main()
