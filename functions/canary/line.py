"""The portal over HTTP as anybody reaches it: its constant host, no redirects, short time-outs."""

from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 8
LARGEST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    text: str


def ask(portal_url: str, path: str, body: str | None = None, media: str = "") -> Answer:
    """Get a path, or post `body` to it; raise OSError or HTTPException where nothing came."""
    place = urlsplit(portal_url)
    host = place.hostname or ""
    made = HTTPSConnection if place.scheme == "https" else HTTPConnection
    with closing(made(host, place.port, timeout=SECONDS)) as connection:
        sent = {"Content-Type": media} if media else {}
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        text = answer.read(LARGEST_BYTES).decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, text)
