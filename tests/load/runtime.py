"""A function as Lambda runs it under load: several real runtimes, and no more than are reserved.

A server of Lambda's Runtime API (developer guide, "Using the Lambda runtime API") hands events to
processes of `awslambdaric`. A call that finds none of them idle is refused, as Lambda refuses what
goes beyond a function's reserved concurrency.
"""

import json
import queue
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from local.process import Failed, TimedOut
from tests.artifact.emulator import runtime_command, runtime_environment

LOAD_SECONDS = 60


class Throttled(TimedOut):
    """As many calls were under way as the function may have: the gateway answers 503, as AWS's."""


@dataclass(slots=True)
class Invocation:
    """One call: the event, and later its answer."""

    event: Any
    seconds: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    done: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    failed: bool = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.waiting: queue.SimpleQueue[Invocation] = queue.SimpleQueue()
        self.taken: dict[str, Invocation] = {}
        self.asked = threading.Semaphore(0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    accepted: ClassVar[bytes] = b'{"status": "OK"}'

    def do_GET(self) -> None:
        """Hand the next event to a runtime, once there is one."""
        self.server.asked.release()
        invocation = self.server.waiting.get()
        self.server.taken[invocation.id] = invocation
        deadline = int((time.time() + invocation.seconds) * 1000)
        self._send(200, json.dumps(invocation.event).encode(), {
            "Lambda-Runtime-Aws-Request-Id": invocation.id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-3:1:function:load",
        })  # fmt: skip

    def do_POST(self) -> None:
        """Take an answer or an error back."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        _, _, identity, ending = self.path.rsplit("/", 3)
        invocation = self.server.taken.pop(identity, None)
        if invocation:
            invocation.answer = json.loads(content)
            invocation.failed = ending != "response"
            invocation.done.set()
        self._send(202, self.accepted, {})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Function:
    """A function of `reserved` runtimes, each a process with the built artifact."""

    def __init__(
        self,
        artifact: Path,
        handler: str,
        environment: Mapping[str, str],
        folder: Path,
        seconds: float,
        reserved: int,
    ) -> None:
        self._server = _Server()
        threading.Thread(target=self._server.serve_forever, args=[0.1], daemon=True).start()
        self._seconds = seconds
        self._idle = threading.Semaphore(reserved)
        api = f"127.0.0.1:{self._server.server_address[1]}"
        told = runtime_environment(artifact, environment, folder) | {"AWS_LAMBDA_RUNTIME_API": api}
        with (folder / f"{handler}.log").open("ab") as log:
            self._runtimes = [
                subprocess.Popen(
                    runtime_command(handler), env=told, cwd=artifact, stdout=log, stderr=log
                )
                for _ in range(reserved)
            ]

    def load(self) -> None:
        """Wait until every runtime has loaded the function: before its first event it asks once."""
        for _ in self._runtimes:
            assert self._server.asked.acquire(timeout=LOAD_SECONDS), "a runtime does not load"

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Call the function; raise Throttled, TimedOut or Failed."""
        if not self._idle.acquire(blocking=False):
            raise Throttled("no runtime is idle")
        try:
            invocation = Invocation(event, self._seconds)
            self._server.waiting.put(invocation)
            if not invocation.done.wait(self._seconds):
                raise TimedOut(f"no answer in {self._seconds:g} s")
            if invocation.failed:
                raise Failed(invocation.answer)
            return invocation.answer
        finally:
            self._idle.release()

    def stop(self) -> None:
        """End the runtimes and the server."""
        for runtime in self._runtimes:
            runtime.kill()
            runtime.wait()
        self._server.shutdown()
        self._server.server_close()
