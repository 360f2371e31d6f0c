"""The least that Lambda can run: a function that returns a dict."""

from typing import Any


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer."""
    del event, context
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
