"""The deployment of a world: the template's functions, and what their environment tells them."""

import gc
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from io import StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from aws_lambda_powertools.metrics import base
from aws_lambda_powertools.metrics.provider.cloudwatch_emf import cloudwatch

from functions.shared import outside, settings
from functions.shared.aws import mail, secrets, signing, table
from functions.shared.rules import control
from local import template
from local.settings import ORIGIN_WORD
from tests.simulation.exchange import attach_all, posted

PORTAL_URL = "https://asvi.example.ma"
MERCHANT = "600000001"
STORE_KEY = r"ASVI_world_2020|\key"
TOKEN_KEY = "world-tokens-0123456789abcdefghijklmnopqrstuvwxyz"
# The template's parameters; the others keep their defaults.
PARAMETERS = {
    "Stage": "local",
    "PortalUrl": PORTAL_URL,
    "GatewayOrigin": "https://bank.example",
    "MerchantId": MERCHANT,
    "MailFrom": "asvi@cnss.example.ma",
    "OriginDigests": hashlib.sha256(ORIGIN_WORD.encode()).hexdigest(),
}
QUIET = {"POWERTOOLS_SERVICE_NAME": "world", "POWERTOOLS_TRACE_DISABLED": "true"}
# A region and names for boto3, which signs nothing here.
REGION = {"AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
_NAME = re.compile(r"\$\{([A-Za-z]+)(?:\.Arn)?\}")
# So few numbers to try that a payer's browser finds the proof of work at once.
MOST_GUESSES = 7


@cache
def described() -> template.Template:
    """Give the template, read once."""
    with patch.dict(os.environ, REGION):
        return template.read()


@cache
def environment() -> dict[str, str]:
    """Give what the template tells all functions; its resources go by their own names here."""
    plain = described().plain
    names = {name: name for name in plain["Resources"]}
    names |= {name: str(one.get("Default", "")) for name, one in plain["Parameters"].items()}
    names |= PARAMETERS
    told: dict[str, str] = {}
    for function in described().functions():
        told |= {name: _plain(value, names) for name, value in function.environment.items()}
    return told | QUIET | REGION


def _plain(value: Any, names: dict[str, str]) -> str:  # noqa: ANN401 - a text or an intrinsic
    """Resolve the intrinsics that the functions' environments use."""
    match value:
        case {"Ref": name}:
            return names[name]
        case {"Fn::GetAtt": [name, "Arn"]}:
            return names[name]
        case {"Fn::Sub": str(text)}:
            return _NAME.sub(lambda found: names[found.group(1)], text)
    return str(value)


@cache
def indexes() -> dict[str, tuple[str, str]]:
    """Give the partition and sort key of each of the table's indexes; all hold keys only."""
    (described_,) = described().resources("AWS::DynamoDB::Table").values()
    found = {}
    for index in described_["GlobalSecondaryIndexes"]:
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
        partition, sort = (key["AttributeName"] for key in index["KeySchema"])
        found[index["IndexName"]] = (partition, sort)
    return found


@dataclass(frozen=True, slots=True)
class Function:
    """A function as Lambda runs it."""

    name: str
    handle: Callable[[Any, Any], Any]
    timeout_ms: int


@cache
def functions() -> dict[str, Function]:
    """Import every function of the template."""
    found = {}
    for one in described().functions():
        module, _, name = one.handler.rpartition(".")
        handle = getattr(import_module(module), name)
        found[one.name] = Function(one.name, handle, one.timeout_seconds * 1000)
    return found


@dataclass(slots=True)
class Outside:
    """Where the functions' time and chance come from, for as long as a world runs."""

    now: Callable[[], datetime]
    pause: Callable[[float], None]
    random_bytes: Callable[[int], bytes]


class _Doors:
    """The world that is running."""

    outside: Outside | None = None


def open_doors(to: Outside | None) -> None:
    """Let time and chance come from a world."""
    _Doors.outside = to


def _door() -> Outside:
    if _Doors.outside is None:
        raise AssertionError("time was asked for outside any world")
    return _Doors.outside


class Screen:
    """Stand for the operator's screen, which nobody looks at."""

    def __init__(self, **_: object) -> None:
        """Be of any size."""

    def print(self, *_: object, **__: object) -> None:
        """Show nothing."""


def letter(kind: str, receipt: Any, words: object, portal_url: str) -> Any:  # noqa: ANN401 - as `compose`
    """Stand for the letter's composition: the facts in plain lines, no typst."""
    del words, portal_url
    facts = {"kind": kind, "reference": receipt.reference, "total": receipt.total_centimes}
    text = "".join(f"fact-{name}: {value}\n" for name, value in facts.items())
    return SimpleNamespace(subject="S", text=text, html="<p>", pdf=None, pdf_name="p.pdf")


def _message(letter: Any, sender: str, to: str, *_: object) -> bytes:  # noqa: ANN401 - as `message`
    """Stand for the MIME message, which the letters' own tests look at."""
    return f"From: {sender}\r\nTo: {to}\r\n\r\n{letter.text}".encode()


@contextmanager
def standing() -> Iterator[StringIO]:
    """Set the process up for worlds; put everything back afterwards. Give what is printed."""
    printed = StringIO()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environment()))
        functions()
        for name in ("now", "pause", "random_bytes"):
            stack.enter_context(patch.object(outside, name, _opened(name)))
        stack.enter_context(patch.object(control, "MOST", MOST_GUESSES))
        stack.enter_context(patch("functions.letter.compose.compose", letter))
        stack.enter_context(patch("functions.letter.mail.message", _message))
        stack.enter_context(patch("functions.letter.words.load", lambda _: None))
        stack.enter_context(patch("functions.settlement.api.Api._post", posted))
        stack.enter_context(patch("ops.screen.Console", Screen))
        stack.enter_context(patch("ops.comparing.tried", lambda _: None))
        stack.enter_context(patch("ops.comparing.write", lambda *_: None))
        _stream_to(printed, stack)
        settings.read.cache_clear()
        attach_all()
        stack.callback(_forget)
        # What is loaded by now the garbage collector need not look at, world after world.
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        yield printed


def _opened(name: str) -> Callable[..., Any]:
    def asked(*given: Any) -> Any:  # noqa: ANN401 - as the function of `outside.py`
        return getattr(_door(), name)(*given)

    return asked


def _stream_to(printed: StringIO, stack: ExitStack) -> None:
    """Let the functions' loggers and metrics write to memory, wherever standard output goes."""
    told = partial(print, file=printed)
    for writer in (base, cloudwatch):
        stack.enter_context(patch.object(writer, "print", told, create=True))
    for function in functions().values():
        module: Any = sys.modules[function.handle.__module__]
        for handler in module.logger.handlers:
            stack.callback(handler.setStream, handler.setStream(printed))
        # What these loggers say is read from memory; nobody else keeps a million lines.
        stack.enter_context(patch.object(module.logger._logger, "propagate", new=False))
        provider = module.metrics.provider
        stack.enter_context(patch.object(provider, "namespace", "asvi"))


def _forget() -> None:
    """Let the next test make its own clients."""
    for made in (table.client, secrets.client, mail.client, signing.client):
        made.cache_clear()
    settings.read.cache_clear()
