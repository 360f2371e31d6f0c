"""What every contender does alike: read a session, list dues. Only how they call AWS differs."""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterable
from typing import Any

TABLE = os.environ.get("TABLE", "Table")
SECRET = os.environ.get("TOKEN_SECRET", "TokenSecret")
FIELDS = ("year", "quarter", "amount_centimes", "reference", "account", "state")
Json = dict[str, Any]


def number_of(session: str, key: str) -> str:
    """Give the registration number of a session; raise ValueError for none of ours."""
    head, _, tail = session.partition(".")
    text = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    mac = hmac.digest(key.encode(), b"session:" + text, hashlib.sha256)
    if not hmac.compare_digest(base64.urlsafe_b64encode(mac).rstrip(b"=").decode(), tail):
        raise ValueError("not a session of ours")
    facts: Json = json.loads(text)
    if facts["expires"] < time.time():
        raise ValueError("expired")
    return str(facts["number"])


def key_of(secret_string: str) -> str:
    """Give the key that a secret holds."""
    return str(json.loads(secret_string)["current"])


def question(registration_number: str) -> Json:
    """Give the parameters of the one query."""
    return {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :pk AND sk <= :last",
        "ExpressionAttributeValues": {
            ":pk": {"S": f"REG#{registration_number}"}, ":last": {"S": "OPEN$"},
        },
        "ConsistentRead": True,
        "Limit": 500,
    }  # fmt: skip


def listed(items: Iterable[Json]) -> Json:
    """Give the answer from items as DynamoDB writes them."""
    return answer({name: _plain(value) for name, value in item.items()} for item in items)


def answer(rows: Iterable[Json]) -> Json:
    """Give the answer from rows of plain values."""
    dues = [
        {"id": row["sk"][4:]} | {name: row[name] for name in FIELDS}
        for row in rows
        if row["sk"].startswith("DUE#")
    ]
    return {"dues": dues, "unpaid_count": sum(due["state"] == "unpaid" for due in dues)}


def _plain(value: Json) -> Any:  # noqa: ANN401 - a text or a number
    return int(value["N"]) if "N" in value else value["S"]
