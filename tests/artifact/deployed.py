"""The portal with its built functions under the emulator, and moto as AWS on loopback."""

import os
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import boto3

from local import resources
from local.aws import Cloud
from local.process import account, environment
from local.settings import Settings
from local.template import Function
from tests.artifact.conftest import Built
from tests.artifact.emulator import Emulated, emulated
from tests.portal import TEMPLATE, Json, Portal, forget

GENEROUS_SECONDS = 60


@dataclass(slots=True)
class Deployed(Portal):
    """A portal whose functions run from their artifacts; each is started when first called."""

    started: dict[str, Emulated] = field(default_factory=dict)
    parts: ExitStack = field(default_factory=ExitStack)
    built: Built | None = None
    described: dict[str, Function] = field(default_factory=dict)
    folder: Path = field(default_factory=Path)

    def invoke(self, function: str, event: Json) -> Json:
        """Call a function's artifact."""
        if function not in self.started:
            self.started[function] = self.parts.enter_context(self.run(function))
        answer: Json = self.started[function].invoke(event)
        return answer

    @contextmanager
    def run(
        self, function: str, seconds: int = GENEROUS_SECONDS, aws_url: str | None = None
    ) -> Iterator[Emulated]:
        """Run an artifact with the template's variables of that function, and no others."""
        assert self.built
        one = self.described[function]
        told = environment(one, aws_url or os.environ["AWS_ENDPOINT_URL"])
        if "STATUS_API" in told:
            told["STATUS_API"] = "off"  # no CMI stands behind these tests
        with emulated(
            self.built.folder(function), one.handler, told, self.folder, seconds
        ) as running:
            yield running


@contextmanager
def deployed(built: Built, folder: Path) -> Iterator[Deployed]:
    """Make the template's table, secrets and key, and a portal of the built functions on them."""
    listening = listening_socket()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    cloud = Cloud(listening)
    with patch.dict(os.environ, account(url)), listening, ExitStack() as parts:
        parts.callback(forget)
        parts.callback(cloud.stop)
        parts.callback(_reset, url)
        _reset(url)
        forget()
        made = resources.make(TEMPLATE, boto3.Session(), Settings(8000, 8001, 8002, timedelta()))
        os.environ |= {"TABLE": made.table, "STAGE": "local"}
        described = {one.name: one for one in made.functions}
        yield Deployed(parts=parts, built=built, described=described, folder=folder)


def listening_socket() -> socket.socket:
    """Give a socket that listens on loopback; nobody answers on it yet."""
    return socket.create_server(("127.0.0.1", 0))


def _reset(url: str) -> None:
    """Empty the embedded AWS: its memory is one for all tests of a process."""
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()  # noqa: S310 - loopback
