"""What every JSON route refuses before it looks at anything (events 15, 16 and 19)."""

import base64
import json

import pytest

from functions.shared.web import HEADERS, LARGEST_BYTES
from tests.handlers.wire import calls
from tests.portal import TEMPLATE, Portal

ROUTES = sorted(
    path
    for method, path in TEMPLATE.routes()
    if method == "POST" and path.startswith("/api/") and path != "/api/csp"
)
JSON = {"Content-Type": "application/json"}
DEEP = b'{"a":' * 6 + b"1" + b"}" * 6

pytestmark = pytest.mark.parametrize("path", ROUTES)


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"", {}, 400, "malformed"),
        (b"{", {}, 400, "malformed"),
        (b"{} {}", {}, 400, "malformed"),
        (b'{"session": "a", "session": "b"}', {}, 400, "malformed"),  # event 16
        (b'{"a": {"b": 1, "b": 2}}', {}, 400, "malformed"),
        (b'{"a": NaN}', {}, 400, "malformed"),  # event 16
        (b'{"a": -Infinity}', {}, 400, "malformed"),
        (DEEP, {}, 400, "malformed"),  # event 16
        (b"[" * 4000, {}, 400, "malformed"),
        (b'{"a": "\xff\xfe"}', {}, 400, "malformed"),
        ('{"a": "é"}'.encode("utf-16"), {}, 400, "malformed"),  # event 16
        (b'{"a": "' + b"1" * LARGEST_BYTES + b'"}', {}, 413, "too_large"),
        (b'{"a": "' + b"1" * 1_000_000 + b'"}', {}, 413, "too_large"),  # event 16
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        (b"{}", {"Content-Type": ""}, 415, "unsupported_media_type"),
        (b"{}", {"Content-Type": "application/jsonp"}, 415, "unsupported_media_type"),
        (b"{}", {"Sec-Fetch-Site": "cross-site"}, 400, "cross_site"),  # event 15
        (b"{}", {"Sec-Fetch-Site": "same-site"}, 400, "cross_site"),
        (b"{}", {"Sec-Fetch-Site": "none"}, 400, "cross_site"),
        (b'{"own": 1}', {}, 422, "invalid"),
        (b"[]", {}, 422, "invalid"),
        (b'"text"', {}, 422, "invalid"),
        (b"null", {}, 422, "invalid"),
        (b'{"handle": "\\ud800", "session": "\\ud800"}', {}, 422, "invalid"),
    ],
)  # fmt: skip
def test_refused(
    portal: Portal, path: str, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """A body that is no exact JSON object of ours is refused before any read, never with 403.

    A form's type is refused too: only a page of ours can post JSON (events 15 and 16).
    """
    event = portal.event("POST", path, data=content, headers=headers)
    event |= {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}
    with calls() as made:
        answer = portal.handed("POST", path, event)
    assert (answer.status, answer.code) == (status, code)
    assert made == []
    assert answer.json["type"] == "about:blank"
    assert answer.json["status"] == status


@pytest.mark.parametrize("name", ["amount", "fee", "currency", "oid", "okUrl", "rnd", "__proto__"])
def test_unknown_fields(portal: Portal, path: str, name: str) -> None:
    """A field that is not ours is refused by name: no amount or address is taken (event 19)."""
    answer = portal.post(path, {name: "1"})
    assert answer.code == "invalid"
    assert answer.json["fields"][name] == "unknown"


def test_no_header_opens_the_door(portal: Portal, path: str) -> None:
    """Answers carry the API's headers and none that would let another site read them."""
    answer = portal.post(path, {"own": 1}, headers=JSON | {"Origin": "https://evil.example"})
    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert not {"server", "x-powered-by", "set-cookie"} & set(answer.headers)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_either_body(portal: Portal, path: str, encoded: bool, kind: str) -> None:
    """A body counts the same plain and in base64, with or without a charset (event 42)."""
    text = json.dumps({"own": 1})
    event = portal.event("POST", path, data=text, headers={"Content-Type": kind})
    body = base64.b64encode(text.encode()).decode() if encoded else text
    answer = portal.handed("POST", path, event | {"body": body, "isBase64Encoded": encoded})
    assert (answer.status, answer.json["fields"]["own"]) == (422, "unknown")
