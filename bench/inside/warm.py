"""Run inside a function's artifact: an event again and again, AWS's answers played from a tape.

Prints the processor time of each event and of the same calls made of the SDK alone, by turns, and
in whose code an event's time goes.
"""

import base64
import cProfile
import importlib
import io
import itertools
import json
import os
import pstats
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

Json = dict[str, Any]
tape: Json = json.loads(
    Path(sys.argv[1]).read_text(),
    object_hook=lambda read: base64.b64decode(read["__bytes__"]) if "__bytes__" in read else read,
)
times = int(sys.argv[2])
# The functions' log is written as always, but to memory.
told, sys.stdout = sys.stdout, io.StringIO()
module = importlib.import_module(tape["handler"].rpartition(".")[0])
from functions.shared.aws import mail, secrets, signing, table  # noqa: E402 - the handler first

CLIENTS = {
    "dynamodb": table.client, "secretsmanager": secrets.client, "sesv2": mail.client,
    "kms": signing.client,
}  # fmt: skip
answers = itertools.chain(tape["first"], itertools.cycle(tape["calls"]))
ARTIFACT = os.environ["PYTHONPATH"]
NATIVE = "Python and native code"
OWNERS = {
    "functions": "this portal's code", "pydantic": "validation",
    "aws_lambda_powertools": "Powertools", "botocore": "the SDK", "urllib3": "the SDK",
    "dateutil": "the SDK", "jmespath": "the SDK", "segno": "the QR",
}  # fmt: skip


class Raw(io.BytesIO):
    """As much of urllib3's answer as botocore reads."""

    def stream(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - parts of bytes
        """Give all at once."""
        yield self.read()


def played(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
    """Answer a call from the tape instead of the network."""
    call = next(answers)
    media = HTTPHeaders()
    media["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse(request.url, call["status"], media, Raw(base64.b64decode(call["body"])))


class Context:
    """What Lambda tells of an invocation."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Give all the time there is."""
        return 60_000


def event() -> None:
    """Hand the event over."""
    answer = module.handle(tape["event"], Context())
    if answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures"):  # noqa: PLR2004 - a status of HTTP
        raise ValueError(answer)


def calls() -> None:
    """Make the same calls by clients as the SDK makes them, and do nothing else."""
    for call in tape["calls"]:
        client: Any = plain[call["service"]]
        client._make_api_call(call["operation"], call["params"])  # noqa: SLF001 - by its name on the tape


def spent_us(work: Any) -> float:  # noqa: ANN401 - either of the above
    """Give the processor time of a piece of work, in microseconds."""
    since = time.process_time_ns()
    work()
    return (time.process_time_ns() - since) / 1e3


def shares() -> dict[str, float]:
    """Give in whose code the time of an event goes, as shares of one."""
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for _ in range(times):
        event()
    profile.disable()
    spent: Counter[str] = Counter()
    for (path, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined] # it has
        spent[owner(path)] += own
    return {name: share / spent.total() for name, share in spent.items()}


def owner(path: str) -> str:
    """Say whose a file is; the profiler names none where the code is native."""
    first = path.removeprefix(ARTIFACT).strip("/").partition("/")[0]
    return OWNERS.get(first.removesuffix(".py"), NATIVE)


session = botocore.session.get_session()
services = {call["service"] for call in tape["first"]}
plain = {service: session.create_client(service) for service in services}
made: Any
for made in [*plain.values(), *(CLIENTS[service]() for service in services)]:
    made.meta.events.register_first("before-send", played)
event()
calls()
turns = [(spent_us(event), spent_us(calls)) for _ in range(times)]
found = {"event": [one for one, _ in turns], "calls": [one for _, one in turns], "shares": shares()}
print(json.dumps(found), file=told, flush=True)
