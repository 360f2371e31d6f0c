"""A running copy of a function, seen from the outside: `local.worker` is its inside."""

import json
import os
import select
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from local.settings import ROOT
from local.template import ACCOUNT, REGION, Function

INIT_SECONDS = 30.0
DYING_SECONDS = 2.0
CHUNK_BYTES = 1 << 16


class Failed(Exception):  # noqa: N818 - Lambda's own word for a call that ended badly
    """The function raised, or its process died."""


class TimedOut(Failed):
    """The function did not answer in its time, and its process was stopped."""


class Process:
    """A process that holds one function and serves one call at a time."""

    def __init__(
        self, function: Function, environment: Mapping[str, str], log: Path, ahead_seconds: float
    ) -> None:
        self._timeout_seconds = float(function.timeout_seconds)
        self._unread = bytearray()
        self._loaded = False
        self._stopping = threading.Lock()
        self._answers, writing = os.pipe()
        facts = json.dumps(_facts(function, writing, ahead_seconds))
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "local.worker", function.handler, facts],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=[writing],
                env=dict(environment),
                cwd=ROOT,
                start_new_session=True,
            )
        os.close(writing)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can still serve a call."""
        return self._process.poll() is None

    def load(self) -> None:
        """Wait until the function is loaded; raise Failed."""
        if not self._loaded:
            self._message(INIT_SECONDS)
            self._loaded = True

    def call(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Give the function an event and return its answer; raise TimedOut or Failed."""
        self.load()
        self._send({"id": str(uuid.uuid4()), "event": event})
        message = self._message(self._timeout_seconds)
        if "error" in message:
            raise Failed(message["error"])
        return message["answer"]

    def stop(self) -> None:
        """End the process at once; nothing happens where it has ended."""
        with self._stopping:
            self._process.kill()
            self._process.wait()
            if self._process.stdin and not self._process.stdin.closed:
                self._process.stdin.close()
                os.close(self._answers)

    def _send(self, message: dict[str, Any]) -> None:
        if self._process.stdin is None:
            raise self._died()
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise self._died() from error

    def _message(self, seconds: float) -> dict[str, Any]:
        """Read the next message; end the process where it does not come in time."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            if not self._readable(deadline - time.monotonic()):
                self.stop()
                raise TimedOut(f"no answer in {seconds:g} s")
            self._unread += self._read()
        line, _, rest = bytes(self._unread).partition(b"\n")
        self._unread[:] = rest
        message: dict[str, Any] = json.loads(line)
        return message

    def _readable(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))

    def _read(self) -> bytes:
        chunk = os.read(self._answers, CHUNK_BYTES)
        if not chunk:
            raise self._died()
        return chunk

    def _died(self) -> Failed:
        """End what is left of the process, once it has had the time to log why."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING_SECONDS)
        self.stop()
        return Failed("the process died")


def environment(function: Function, aws_url: str) -> dict[str, str]:
    """Give the whole environment of a function: the template's variables and Lambda's own."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        **account(aws_url),
        **function.environment,
    }


def account(aws_url: str) -> dict[str, str]:
    """Give what turns any AWS client to the embedded AWS, and away from a developer's account."""
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _facts(function: Function, answers: int, ahead_seconds: float) -> dict[str, Any]:
    return {
        "name": function.name,
        "arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}",
        "memory_mb": function.memory_mb,
        "timeout_seconds": function.timeout_seconds,
        "ahead_seconds": ahead_seconds,
        "answers": answers,
    }
