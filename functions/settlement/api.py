"""CMI's XML API over HTTPS: one constant host, no redirects, short time-outs (`reliability.md`)."""

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal
from urllib.parse import quote_plus, urlsplit

from functions.settlement import xml
from functions.shared.rules.settlement import Status

CONNECT_SECONDS = 3
READ_SECONDS = 5
Transport = Literal["body", "form"]


@dataclass(slots=True)
class Api:
    """A merchant's access. Once it refuses our credentials it is not asked again (`shut`)."""

    url: str
    transport: Transport
    who: xml.Credentials
    shut: bool = field(default=False, init=False)

    def status(self, oid: str) -> Status:
        """Ask what became of an order; unknown where no usable answer came."""
        return xml.status(self._post(xml.question(self.who, oid)), oid)

    def capture(self, oid: str, trans_id: str, amount_centimes: int) -> bool:
        """Ask for the capture of a pre-authorisation; say whether CMI did it."""
        asked = xml.order_to("PostAuth", self.who, oid, trans_id, amount_centimes)
        return xml.done(self._post(asked), oid)

    def void(self, oid: str, trans_id: str) -> bool:
        """Ask for the release of a transaction; say whether CMI did it."""
        return xml.done(self._post(xml.order_to("Void", self.who, oid, trans_id, 0)), oid)

    def _post(self, document: bytes) -> bytes:
        """Post a document; an empty answer stands for none."""
        if self.shut:
            return b""
        try:
            answer = self._exchange(document)
        except (OSError, HTTPException):
            return b""
        self.shut = xml.refuses_us(answer)
        return answer

    def _exchange(self, document: bytes) -> bytes:
        place = urlsplit(self.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
            connection.sock.settimeout(READ_SECONDS)
            content, media = self._dressed(document)
            connection.request("POST", place.path, content, {"Content-Type": media})
            response = connection.getresponse()
            # A redirect is no answer, and is not followed.
            return response.read(xml.LARGEST_BYTES + 1) if response.status == 200 else b""  # noqa: PLR2004 - OK
        finally:
            connection.close()

    def _dressed(self, document: bytes) -> tuple[bytes, str]:
        if self.transport == "body":
            return document, "text/xml; charset=utf-8"
        return b"DATA=" + quote_plus(document).encode(), "application/x-www-form-urlencoded"
