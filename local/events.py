"""What API Gateway hands a function and takes from it: HTTP API, payload format version 2.0.

Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from local.template import ACCOUNT

API_ID = "local"
TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
# What only the network may say: a client's own word for it is dropped.
NETWORK_HEADERS = ("x-forwarded-", "cloudfront-", "x-amz", "forwarded", "via")
Json = dict[str, Any]


def event_of(request: Request, now: datetime) -> Json:
    """Turn a request into the event that the function of its route gets."""
    route = f"{request.method} {request.path}"
    query = request.query_string.decode("latin-1")
    event: Json = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.path,
        "rawQueryString": query,
        "headers": _headers(request),
        "requestContext": _context(request, route, now),
        "isBase64Encoded": False,
    }
    if cookies := request.headers.get("Cookie"):
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if query:
        event["queryStringParameters"] = {
            name: ",".join(values) for name, values in request.args.lists()
        }
    return event | _body(request)


def response_of(answer: Any) -> Response:  # noqa: ANN401 - a function may return any JSON
    """Turn a function's answer into a response; raise TypeError for one that is not in format."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return Response(json.dumps(answer), content_type="application/json")
    body = answer.get("body") or ""
    if not isinstance(answer["statusCode"], int) or not isinstance(body, str):
        raise TypeError("statusCode is a number and body a text")
    headers = Headers([(name, str(value)) for name, value in answer.get("headers", {}).items()])
    headers.extend([("Set-Cookie", cookie) for cookie in answer.get("cookies", [])])
    headers.setdefault("Content-Type", "text/plain;charset=UTF-8")
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return Response(content, answer["statusCode"], headers)


def _headers(request: Request) -> dict[str, str]:
    """Give the headers by name in lower case (WSGI has joined those sent twice), and our own."""
    headers = {
        name.lower(): value
        for name, value in request.headers.items()
        if not name.lower().startswith(NETWORK_HEADERS) and name != "Cookie"
    }
    address = request.remote_addr or ""
    return headers | {
        "cloudfront-viewer-address": f"{address}:{request.environ.get('REMOTE_PORT', 0)}",
        "x-amzn-trace-id": f"Root=1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]}",
        "x-forwarded-for": address,
        "x-forwarded-port": request.environ["SERVER_PORT"],
        "x-forwarded-proto": request.scheme,
    }


def _context(request: Request, route: str, now: datetime) -> Json:
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "sourceIp": request.remote_addr or "",
            "userAgent": request.headers.get("User-Agent", ""),
        },
        "requestId": str(uuid.uuid4()),
        "routeKey": route,
        "stage": "$default",
        "time": now.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }


def _body(request: Request) -> Json:
    """Give the body: as text where its type is a text or JSON, else in base64; none if empty."""
    content = request.get_data()
    if not content:
        return {}
    if request.mimetype.startswith("text/") or request.mimetype in TEXT_TYPES:
        return {"body": content.decode("utf-8", "replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}
