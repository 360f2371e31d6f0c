"""A built function under AWS's own emulator of the Lambda runtime, with AWS's own client.

The emulator comes with the SAM CLI; the client, `awslambdaric`, is what the managed runtime runs a
handler with. The function finds its artifact, that client and the standard library, nothing else.
"""

import importlib.util
import json
import os
import platform
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.stack import free_ports
from tools.artifact import ROOT

PROCESSOR = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
(EMULATOR,) = ROOT.glob(f".venv-sam/lib/*/site-packages/samcli/local/rapid/*-rie-{PROCESSOR}")
CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
PATH = "/2015-03-31/functions/function/invocations"
READY_SECONDS, STOP_SECONDS, ANSWER_SECONDS = 20.0, 5.0, 30.0


class Emulated:
    """A running emulator with one function in it. It takes one call at a time."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        self.process = process
        self._url = url
        self._log = log

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Call the function; give its answer, or what the emulator says where there is none."""
        request = urllib.request.Request(self._url, json.dumps(event).encode())  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - likewise
            content = answer.read().decode()
        try:
            return json.loads(content)
        except ValueError:
            return content

    def log(self) -> str:
        """Give what emulator and function have printed."""
        return self._log.read_text("utf-8", "replace")

    def runs(self) -> list[int]:
        """Give the processes that the emulator has started and that still run."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for thread in threads for child in thread.read_text().split()]


@contextmanager
def emulated(
    artifact: Path, handler: str, environment: Mapping[str, str], folder: Path, seconds: int
) -> Iterator[Emulated]:
    """Run a built function; its log and AWS's client stand in `folder`."""
    front, back = free_ports(2)
    told = runtime_environment(artifact, environment, folder)
    told["AWS_LAMBDA_FUNCTION_TIMEOUT"] = str(seconds)
    log = folder / f"{handler}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                str(EMULATOR),
                *("--runtime-interface-emulator-address", f"127.0.0.1:{front}"),
                *("--runtime-api-address", f"127.0.0.1:{back}"),
                *runtime_command(handler),
            ],
            env=told, cwd=artifact, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{front}/")
        yield Emulated(process, f"http://127.0.0.1:{front}{PATH}", log)
    finally:
        _stop(process)


def runtime_command(handler: str) -> list[str]:
    """Give the command by which a runtime loads a handler.

    -S: no site-packages of this machine's fill a gap in the artifact.
    """
    return [sys.executable, "-S", "-m", "awslambdaric", handler]


def runtime_environment(
    artifact: Path, environment: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Give a runtime's environment: the function's variables, its artifact, AWS's client."""
    return dict(environment) | {
        "PYTHONPATH": f"{artifact}{os.pathsep}{_client(folder)}",
        "LAMBDA_TASK_ROOT": str(artifact),
    }


def _client(folder: Path) -> Path:
    """Link AWS's client into a folder of its own."""
    target = folder / "client"
    target.mkdir(exist_ok=True)
    for name in CLIENT:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        if not (target / source.name).exists():
            (target / source.name).symlink_to(source)
    return target


def _await(url: str) -> None:
    """Wait until the emulator listens, whatever it answers."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the emulator does not start")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the emulator, which ends the function; both at once where it does not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
