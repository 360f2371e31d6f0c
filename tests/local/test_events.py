import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from local.events import event_of, response_of

NOW = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "version": "2.0",
    "routeKey": "POST /api/lookup",
    "rawPath": "/api/lookup",
    "rawQueryString": "l=fr&l=ar&q=a%20b",
    "cookies": ["a=1", "b=2"],
    "headers": {
        "host": "127.0.0.1:8000",
        "content-type": "application/json",
        "content-length": "2",
        "user-agent": "Mozilla/5.0",
        "x-two": "1",
        "cloudfront-viewer-address": "192.0.2.7:51234",
        "x-forwarded-for": "192.0.2.7",
        "x-forwarded-port": "8000",
        "x-forwarded-proto": "http",
    },
    "queryStringParameters": {"l": "fr,ar", "q": "a b"},
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "local",
        "domainName": "127.0.0.1:8000",
        "domainPrefix": "127",
        "http": {
            "method": "POST",
            "path": "/api/lookup",
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.7",
            "userAgent": "Mozilla/5.0",
        },
        "routeKey": "POST /api/lookup",
        "stage": "$default",
        "time": "05/May/2020:21:50:51 +0000",
        "timeEpoch": 1588715451000,
    },
    "body": "{}",
    "isBase64Encoded": False,
}


def request(method: str = "POST", path: str = "/api/lookup", **facts: Any) -> Request:  # noqa: ANN401 - a request's facts
    """Make a request as a browser at 192.0.2.7 sends it."""
    facts = {"base_url": "http://127.0.0.1:8000"} | facts
    builder = EnvironBuilder(path, method=method, **facts)
    builder.environ_base = {"REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "51234"}
    return builder.get_request()


def test_whole_event() -> None:
    """An event has every part that API Gateway's format 2.0 has, in its form."""
    sent = {"User-Agent": "Mozilla/5.0", "Cookie": "a=1; b=2", "X-Two": "1"}
    event = event_of(
        request(
            query_string="l=fr&l=ar&q=a%20b",
            headers=sent,
            data="{}",
            content_type="application/json",
        ),
        NOW,
    )
    context = event["requestContext"]
    assert len(context.pop("requestId")) == 36
    assert event["headers"].pop("x-amzn-trace-id").startswith("Root=1-")
    assert event == WHOLE


def test_nothing_sent() -> None:
    """A request without query, cookies and body has none of these parts, not empty ones."""
    event = event_of(request("GET", "/api/health"), NOW)
    assert {"cookies", "queryStringParameters", "body"}.isdisjoint(event)
    assert (event["rawQueryString"], event["isBase64Encoded"]) == ("", False)


@pytest.mark.parametrize(
    ("kind", "encoded"),
    [
        ("application/json", False),
        ("application/json; charset=utf-8", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", True),
        ("application/octet-stream", True),
        (None, True),
    ],
)
def test_bodies(kind: str | None, encoded: bool) -> None:
    """Text and JSON come as they are; a form, anything else and an unnamed type in base64."""
    event = event_of(request(data=b"amount=1467.06", content_type=kind), NOW)
    assert event["isBase64Encoded"] is encoded
    body = base64.b64decode(event["body"]) if encoded else event["body"].encode()
    assert body == b"amount=1467.06"


def test_forged_network_headers() -> None:
    """What a client says of its own address never reaches a function."""
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "CloudFront-Viewer-Address": "203.0.113.9:1",
        "CloudFront-Viewer-Country": "MA",
    }
    headers = event_of(request(headers=forged), NOW)["headers"]
    assert "203.0.113.9" not in json.dumps(headers)
    assert "cloudfront-viewer-country" not in headers


def test_header_sent_twice() -> None:
    """Values of a header that was sent twice are joined with a comma."""
    event = event_of(request(headers=[("X-Two", "1"), ("X-Two", "2")]), NOW)
    assert event["headers"]["x-two"].replace(" ", "") == "1,2"


def test_answer() -> None:
    """Status, headers, cookies and a base64 body come out as the function meant them."""
    answer = {
        "statusCode": 201,
        "headers": {"Content-Type": "application/pdf"},
        "cookies": ["a=1", "b=2"],
        "body": base64.b64encode(b"%PDF\xff").decode(),
        "isBase64Encoded": True,
    }
    response = response_of(answer)
    assert (response.status_code, response.data) == (201, b"%PDF\xff")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_answer_without_status() -> None:
    """An answer that is no response becomes 200 with its JSON, as in format 2.0."""
    response = response_of({"é": 1})
    assert (response.status_code, response.get_json()) == (200, {"é": 1})


@pytest.mark.parametrize("answer", [{"statusCode": "abc"}, {"statusCode": 200, "body": {"a": 1}}])
def test_answer_out_of_format(answer: dict[str, Any]) -> None:
    """An answer that API Gateway could not read is refused, not guessed at."""
    with pytest.raises(TypeError):
        response_of(answer)
