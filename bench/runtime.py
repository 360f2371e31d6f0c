"""A function in a process of its own, under Lambda's own runtime client for Python.

The client (`awslambdaric`, what Lambda's image runs) asks a Runtime API for events; here that is a
socket on loopback, which the measuring thread serves itself, so that nothing else competes.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from bench.figures import Json
from bench.places import ISOLATED
from bench.spent import cpu_seconds, peak_mebibytes

PATIENCE_SECONDS = 30.0
# What a function is told that it has: the most that any of ours is given.
EVENT_SECONDS = 60.0
REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_ARN = "arn:aws:lambda:eu-west-3:123456789012:function:bench"


class FunctionError(Exception):
    """The function could not start, or raised; the message is what the runtime client told."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a start or an event took."""

    cpu_ms: float
    wall_ms: float


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the runtime client, and the line that it waits on."""

    path: str
    body: bytes
    line: socket.socket

    def answer(
        self, status: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer it."""
        told = {"Content-Length": str(len(body)), **(headers or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self.line.sendall(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)


@dataclass(slots=True)
class Api:
    """The Runtime API of one process."""

    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    lines: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        """Listen."""
        self.lines.register(self.listener, selectors.EVENT_READ)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def call(self) -> Call:
        """Wait for the next request; raise FunctionError where none comes in time."""
        while ready := self.lines.select(PATIENCE_SECONDS):
            for key, _ in ready:
                if key.fileobj is self.listener:
                    line, _ = self.listener.accept()
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.lines.register(line, selectors.EVENT_READ, line.makefile("rb"))
                elif call := _read(key.data, key.fileobj):  # type: ignore[arg-type] # only sockets are registered
                    return call
                else:
                    self.lines.unregister(key.fileobj)
        raise FunctionError("the runtime client is silent")

    def close(self) -> None:
        """Hang up."""
        for key in list(self.lines.get_map().values()):
            self.lines.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr] # likewise
        self.lines.close()


def _read(stream: IO[bytes], line: socket.socket) -> Call | None:
    """Read one request; None where the other side hung up."""
    first = stream.readline()
    if not first:
        return None
    length = 0
    while (header := stream.readline().strip()) != b"":
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return Call(first.split()[1].decode(), stream.read(length), line)


def _first(process: subprocess.Popen[bytes], api: Api) -> Call:
    """Wait until a started function wants an event; raise FunctionError, and end it, if not."""
    told = "the runtime client is silent"
    with suppress(FunctionError):
        call = api.call()
        if call.path.endswith("/next"):
            return call
        told = call.body.decode()
    process.kill()
    process.wait()
    api.close()
    raise FunctionError(told)


@dataclass(slots=True)
class Function:
    """A running function; `started` is what its start took, up to its first wish for an event."""

    process: subprocess.Popen[bytes]
    api: Api
    waiting: Call
    started: Spent

    @classmethod
    def start(
        cls,
        handler: str,
        path: Sequence[Path],
        environment: Mapping[str, str],
        log: IO[bytes] | int,
    ) -> Self:
        """Start a handler with these folders to import from; its log goes to `log`."""
        api = Api()
        told = {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{PYTHON}",
            "LAMBDA_TASK_ROOT": str(path[0]),
            "PYTHONPATH": ":".join(map(str, path)),
            **environment,
        }
        since = time.perf_counter()
        process = subprocess.Popen(
            [*ISOLATED, "-m", "awslambdaric", handler],
            env=told, cwd=path[0], stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        call = _first(process, api)
        spent = Spent(cpu_seconds(process.pid) * 1e3, (time.perf_counter() - since) * 1e3)
        return cls(process, api, call, spent)

    def invoke(self, event: Json) -> tuple[Json, Spent]:
        """Hand an event over; give the answer and what it took, as the caller would see it."""
        headers = {
            "Lambda-Runtime-Aws-Request-Id": REQUEST_ID,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + EVENT_SECONDS) * 1e3)),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            "Content-Type": "application/json",
        }
        body = json.dumps(event).encode()
        before, since = cpu_seconds(self.process.pid), time.perf_counter()
        self.waiting.answer("200 OK", body, headers)
        answered = self.api.call()
        wall = time.perf_counter() - since
        answered.answer("202 Accepted")
        self.waiting = self.api.call()
        spent = Spent((cpu_seconds(self.process.pid) - before) * 1e3, wall * 1e3)
        if not answered.path.endswith("/response"):
            raise FunctionError(answered.body.decode())
        answer: Json = json.loads(answered.body)
        return answer, spent

    @property
    def memory_mebibytes(self) -> float:
        """The most memory that it has held."""
        return peak_mebibytes(self.process.pid)

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self.api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
