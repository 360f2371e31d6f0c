"""The demo data: dues read from `demo/dues.csv` as intake will read them, and one open payment."""

import hashlib
import json
import secrets
import urllib.request
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions.intake.lines import read
from functions.shared.aws import dues
from functions.shared.rules import fees
from local.settings import Unusable

if TYPE_CHECKING:
    import boto3

FILE = Path(__file__).parent / "demo" / "dues.csv"
OPEN_PAYMENT = "500000005"
SHOWN = {
    "123456789": "one quarter unpaid, 1451.10 DH: the worked example of the guide",
    "200000002": "nothing to pay",
    "300000003": "thirteen quarters unpaid, over four years",
    "400000004": "two quarters: 0.05 DH (no fee) and 99 999.99 DH",
    "500000005": "one quarter, and a payment already open for it",
    "600000006": "one quarter paid elsewhere, one unpaid",
}
PAGE = 25
TIMEOUT_SECONDS = 20.0


def load(session: "boto3.Session", table: str, now: datetime) -> None:
    """Empty the table, then load the dues; raise Unusable for a refused line."""
    _empty(session, table)
    # The demo's clock starts where one likes, also before its quarters were paid.
    reading = read(FILE.read_text(encoding="utf-8"), date.max)
    if reading.rejects:
        raise Unusable(f"{FILE.name} has lines that are refused: {reading.rejects}")
    for due in reading.dues:
        dues.load(due, now)
    dues.put_data_time(now)


def start_payment(portal_url: str) -> str:
    """Open a payment for OPEN_PAYMENT as its payer would, through the API; give its reference."""
    shown = _post(f"{portal_url}/api/control-code", {})
    found = _post(
        f"{portal_url}/api/lookup",
        {
            "registration_number": OPEN_PAYMENT,
            "control_code": shown["control_code"],
            "ticket": shown["ticket"],
            "proof": {"number": solve(**shown["proof"])},
        },
    )
    (due,) = found["dues"]
    order = _post(
        f"{portal_url}/api/checkout",
        {
            "session": found["session"],
            "due_ids": [due["id"]],
            "card_origin": "LOC",
            "accept_terms": True,
            "terms_version": "demo",
            "email": None,
            "language": "fr",
            "seen_total_centimes": _total_centimes(due["amount_centimes"], found["fees"]),
            "key": secrets.token_urlsafe(16),
        },
    )
    return str(order["reference"])


def _total_centimes(contributions_centimes: int, shown: object) -> int:
    """Add the fee as the page does, from the tariffs that the look-up showed."""
    tariff = fees.tariffs(json.dumps(shown))["LOC"]
    return contributions_centimes + fees.fee_centimes(contributions_centimes, tariff)


def solve(salt: str, challenge: str, maxnumber: int, **_: object) -> int:
    """Find the number of a proof of work; raise ValueError where there is none."""
    for number in range(maxnumber + 1):
        if hashlib.sha256(f"{salt}{number}".encode()).hexdigest() == challenge:
            return number
    raise ValueError("this proof of work has no solution")


def _post(url: str, body: object) -> Any:  # noqa: ANN401 - an answer is any JSON
    request = urllib.request.Request(  # noqa: S310 - the address is the stack's own
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - likewise
        return json.load(answer)


def _empty(session: "boto3.Session", table: str) -> None:
    """Delete every row."""
    client = session.client("dynamodb")
    keys = [
        {"pk": row["pk"], "sk": row["sk"]}
        for page in client.get_paginator("scan").paginate(TableName=table)
        for row in page["Items"]
    ]
    for start in range(0, len(keys), PAGE):
        batch = keys[start : start + PAGE]
        client.batch_write_item(
            RequestItems={table: [{"DeleteRequest": {"Key": key}} for key in batch]}
        )
