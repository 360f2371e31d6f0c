"""CMI's XML API over HTTPS: one constant host, no redirects, short time-outs (`reliability.md`)."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from typing import Literal
from urllib.parse import quote_plus, urlsplit

from functions.settlement import xml
from functions.settlement.settings import Settings
from functions.shared.aws import secrets
from functions.shared.rules.errors import Unavailable
from functions.shared.rules.settlement import Status

CONNECT_SECONDS = 3
READ_SECONDS = 5
# Each read has its own time-out; this ends an answer that comes drop by drop.
WHOLE_SECONDS = 8
MOST_SILENCES = 3
Transport = Literal["body", "form"]


@dataclass(slots=True)
class Api:
    """A merchant's access.

    `refused`: CMI refuses our credentials. `silences`: how often in a row no answer came.
    `names_transactions`: a Void releases the transaction that it names, and no other of the order.
    """

    url: str
    transport: Transport
    who: xml.Credentials
    refused: bool = False
    names_transactions: bool = False
    silences: int = field(default=0, init=False)

    @property
    def shut(self) -> bool:
        """Whether there is no use in asking on for now (event 98)."""
        return self.refused or self.silences >= MOST_SILENCES

    def status(self, oid: str) -> Status:
        """Ask what became of an order; unknown where no usable answer came."""
        return xml.status(self._ask(xml.question(self.who, oid)), oid)

    def capture(self, oid: str, trans_id: str, amount_centimes: int) -> bool:
        """Ask for the capture of a pre-authorisation; say whether CMI did it."""
        asked = xml.order_to("PostAuth", self.who, oid, trans_id, amount_centimes)
        return xml.done(self._ask(asked), oid)

    def void(self, oid: str, trans_id: str) -> bool:
        """Ask for the release of a transaction; say whether CMI did it."""
        return xml.done(self._ask(xml.order_to("Void", self.who, oid, trans_id, 0)), oid)

    def _ask(self, document: bytes) -> xml.Answer | None:
        if self.shut:
            return None
        answer = xml.read(self._post(document))
        self.silences = 0 if answer else self.silences + 1
        self.refused = answer is not None and answer.refuses_us
        return answer

    def _post(self, document: bytes) -> bytes:
        """Post a document; an empty answer stands for none."""
        place = urlsplit(self.url)
        host = place.hostname or ""
        port = place.port or (443 if place.scheme == "https" else 80)
        content, media = self._dressed(document)
        try:
            with _line(host, port, secure=place.scheme == "https") as line:
                connection = HTTPConnection(host, port)
                connection.sock = line
                connection.request("POST", place.path, content, {"Content-Type": media})
                response = connection.getresponse()
                # A redirect is no answer, and is not followed.
                return _whole(response) if response.status == 200 else b""  # noqa: PLR2004 - HTTP's OK
        except (OSError, HTTPException):
            return b""

    def _dressed(self, document: bytes) -> tuple[bytes, str]:
        if self.transport == "body":
            return document, "text/xml; charset=utf-8"
        return b"DATA=" + quote_plus(document).encode(), "application/x-www-form-urlencoded"


def _whole(response: HTTPResponse) -> bytes:
    """Read an answer up to the limit; one that was cut short is none."""
    body = response.read(xml.LARGEST_BYTES + 1)
    return b"" if response.length else body


def access(told: Settings, now: datetime) -> Api | None:
    """Give the access that was bought, if any; one without its password asks nothing."""
    if told.status_api == "off":
        return None
    try:
        user = secrets.read(told.status_api_secret, now).current
    except Unavailable:
        nobody = xml.Credentials(told.merchant_id, "", "")
        return Api(told.status_api_url, told.status_api, nobody, refused=True)
    name, _, password = user.partition(":")
    who = xml.Credentials(told.merchant_id, name, password)
    names = told.void_by_transaction == "on"
    return Api(told.status_api_url, told.status_api, who, names_transactions=names)


@contextmanager
def _line(host: str, port: int, *, secure: bool) -> Iterator[socket.socket]:
    """Open a line to a host whose certificate is verified, and cut it when its time is over."""
    with (
        closing(socket.create_connection((host, port), CONNECT_SECONDS)) as plain,
        _cut_after(plain),
    ):
        plain.settimeout(READ_SECONDS)
        if not secure:
            yield plain
            return
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as line:
            yield line


@contextmanager
def _cut_after(line: socket.socket) -> Iterator[None]:
    def cut() -> None:
        with suppress(OSError):
            same.shutdown(socket.SHUT_RDWR)

    with line.dup() as same:
        timer = Timer(WHOLE_SECONDS, cut)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
