"""The functions behind API Gateway's events, on an embedded table made from the template.

Everything a payer's browser and CMI do to the portal can be done here in one process: calls go
through the events that the local gateway makes and the answers that it reads, the table, secrets
and key come from `infra/template.yaml`, and CMI's signatures from the simulator's own code.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import boto3
from moto.ses.models import ses_backends
from werkzeug.test import EnvironBuilder

from cmi_simulator import hash as bank_hash
from functions.letter.words import load
from functions.shared import outside, settings
from functions.shared.aws import dues, mail, secrets, signing, table
from functions.shared.aws.rows import order_key
from functions.shared.rules.orders import Due, DueState
from local import edge, events, resources, template
from local.settings import STORE_KEY, Settings
from tests.rights import permitted

GOLDEN_EVENING = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)  # Ramadan: Casablanca is on UTC
NUMBER = "123456789"
ACCOUNT = "BPC pour encaissements ASVI"
GOLDEN = Due(NUMBER, 2020, 1, 145110, "BPC2020010004319", ACCOUNT)
Json = dict[str, Any]
TEMPLATE = template.read()
FORWARDING = edge.forwarding(TEMPLATE)
APPROVED = {"Response": "Approved", "ProcReturnCode": "00", "mdStatus": "1", "AuthCode": "123456"}
DECLINED = {"Response": "Declined", "ProcReturnCode": "51", "mdStatus": "1"}


@dataclass(slots=True)
class Answer:
    """What came back: status, headers in lower case, bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever came back
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The refusal's code; empty where the answer is none."""
        problem = self.headers.get("content-type") == "application/problem+json"
        return str(self.json["code"]) if problem else ""


TIMEOUTS = {function.name: function.timeout_seconds for function in TEMPLATE.functions()}


class Context:
    """What Lambda tells a function of its invocation; the whole of its time is left."""

    memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"

    def __init__(self, function: str) -> None:
        self.function_name = function

    def get_remaining_time_in_millis(self) -> int:
        """Give the time that is left."""
        return TIMEOUTS[self.function_name] * 1000


def forget() -> None:
    """Forget what a container keeps between events, its clients too."""
    for kept in (table.client, mail.client, signing.client, secrets.client, load):
        kept.cache_clear()
    forget_facts()


def forget_facts() -> None:
    """Forget what a container has read: settings, secrets, the time of the data."""
    settings.read.cache_clear()
    secrets._kept.clear()
    listing = import_module("functions.lookup.listing")
    listing._kept.loaded_at = listing._kept.read_at = None


@dataclass(slots=True)
class Portal:
    """The portal at an instant. `now` moves only when a test moves it."""

    now: datetime = GOLDEN_EVENING
    functions: dict[str, str] = field(default_factory=dict)
    random: int = 0

    @classmethod
    def standing(cls, *loaded: Due) -> "Portal":
        """Make the table, secrets and key of the template, and load some dues."""
        forget()
        local = Settings(8000, 8001, 8002, timedelta())
        made = resources.make(TEMPLATE, boto3.Session(region_name="eu-west-3"), local)
        for function in made.functions:
            for name, value in function.environment.items():
                clash = os.environ.get(name, value) != value and not name.startswith("POWERTOOLS")
                assert not clash, f"{name} differs between functions"
                os.environ[name] = value
        portal = cls(functions={function.name: function.handler for function in made.functions})
        for handler in portal.functions.values():
            import_module(handler.rpartition(".")[0])
        return portal.load(*loaded)

    def load(self, *loaded: Due) -> "Portal":
        """Load some dues."""
        for due in loaded:
            assert dues.load(due, GOLDEN_EVENING) != "kept"
        return self

    def emptied(self) -> "Portal":
        """Give the portal as it stood at first: without rows, letters or remembered facts."""
        forget_facts()
        for row in self.rows():
            key = table.typed_key((row["pk"], row["sk"]))
            table.client().delete_item(TableName=table.name(), Key=key)
        ses_backends[template.ACCOUNT][template.REGION].sent_messages.clear()
        return Portal(functions=self.functions)

    def call(
        self,
        method: str,
        path: str,
        content: Any = None,  # noqa: ANN401 - JSON or a form
        **sent: Any,  # noqa: ANN401 - JSON or a form
    ) -> Answer:
        """Send a request as API Gateway does: `content` as JSON, `form=` as a browser's form."""
        return self.handed(method, path, self.event(method, path, content, **sent))

    def event(
        self,
        method: str,
        path: str,
        content: Any = None,  # noqa: ANN401 - any JSON
        **sent: Any,  # noqa: ANN401 - likewise
    ) -> Json:
        """Give the event that API Gateway makes of a request."""
        headers = {"Content-Type": "application/json"} | sent.get("headers", {})
        data = sent.get("data", json.dumps(content) if content is not None else None)
        if "form" in sent:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            data = urlencode(sent["form"])
        query = sent.get("query", "")
        builder = EnvironBuilder(
            path, method=method, headers=headers, data=data, query_string=query
        )
        builder.environ_base = {"REMOTE_ADDR": sent.get("address", "192.0.2.1")}
        return events.event_of(FORWARDING.apply(builder.get_request()), self.now)

    def handed(self, method: str, path: str, event: Json) -> Answer:
        """Hand an event to the function of its route, and read the answer."""
        answer = self.invoke(TEMPLATE.routes()[method, path], event)
        raw = answer.get("body") or ""
        body = base64.b64decode(raw) if answer["isBase64Encoded"] else raw.encode()
        names = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(answer["statusCode"], names, body)

    def invoke(self, function: str, event: Json) -> Json:
        """Run a function's handler on an event at the portal's instant."""
        module, _, name = self.functions[function].rpartition(".")
        real = outside.now, outside.pause
        outside.now, outside.pause = lambda: self.now, lambda seconds: None  # noqa: ARG005 - its name
        try:
            with permitted(function):
                answer: Json = getattr(import_module(module), name)(event, Context(function))
        finally:
            outside.now, outside.pause = real
        return answer

    def post(self, path: str, content: Any = None, **sent: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Post JSON."""
        return self.call("POST", path, {} if content is None else content, **sent)

    # What a payer does

    def first_lookup(self, number: str = NUMBER, **sent: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Get a code, copy it, do the proof of work, and look a number up."""
        shown = self.post("/api/control-code").json
        return self.post("/api/lookup", copied(shown, number) | sent)

    def wanted(self, listed: Json | None = None, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
        """Give the checkout request for all that a look-up listed."""
        listed = listed or self.first_lookup().json
        owed = sum(due["amount_centimes"] for due in listed["dues"])
        self.random += 1
        request = {
            "session": listed["session"], "due_ids": [due["id"] for due in listed["dues"]],
            "card_origin": "LOC", "accept_terms": True, "terms_version": "2020-05",
            "email": "payer@example.ma", "language": "fr",
            "seen_total_centimes": owed + (owed * 11 + 500) // 1000,
            "key": f"test-key-{self.random:08d}",
        }  # fmt: skip
        return request | changes

    def checkout(self, listed: Json | None = None, **changes: Any) -> Answer:  # noqa: ANN401 - any JSON
        """Look up and check out."""
        return self.post("/api/checkout", self.wanted(listed, **changes))

    def verdict(self, order: Json, said: Json | None = None, **changes: str) -> Answer:
        """Post CMI's signed verdict on an order that a checkout answered."""
        return self.call("POST", "/cmi/callback", form=signed(order, said, **changes))

    def receipt(self, order: Json, number: str = NUMBER) -> Answer:
        """Ask for a payment by reference and number."""
        asked = {"reference": order["reference"], "registration_number": number}
        return self.post("/api/receipt", asked)

    # What stands behind

    def rows(self, prefix: str = "") -> list[table.Row]:
        """Give the table's rows whose partition begins with `prefix`."""
        items = table.client().scan(TableName=table.name())["Items"]
        return [row for row in map(table.plain, items) if row["pk"].startswith(prefix)]

    def due_states(self, number: str = NUMBER) -> list[DueState]:
        """Give the states of a number's dues."""
        return [due.state for due in dues.of_number(number)[0]]

    def stream(self) -> Json:
        """Bring every paid order to the letter function, as the table's stream does."""
        orders = [row for row in self.rows("ORDER#") if row["sk"] == "ORDER"]
        return self.deliver(*(self.record_of(row) for row in orders if row["state"] == "paid"))

    def record(self, order: Json) -> Json:
        """Give the stream's record of an order as it stands now."""
        row = table.get(order_key(order["reference"]))
        assert row
        return self.record_of(row)

    def record_of(self, row: table.Row) -> Json:
        """Give the stream's record of a row."""
        return {"dynamodb": {"NewImage": table.typed(row), "SequenceNumber": row["pk"]}}

    def deliver(self, *records: Json) -> Json:
        """Bring records of the stream to the letter function."""
        return self.invoke("LetterFunction", {"Records": list(records)})


def copied(shown: Json, number: str) -> Json:
    """Give the look-up request of somebody who copied a code and did its proof of work."""
    proof = shown["proof"]
    solution = next(
        guess
        for guess in range(proof["maxnumber"] + 1)
        if hashlib.sha256(f"{proof['salt']}{guess}".encode()).hexdigest() == proof["challenge"]
    )
    return {
        "registration_number": number, "control_code": shown["control_code"],
        "ticket": shown["ticket"], "proof": {"number": solution},
    }  # fmt: skip


def signed(
    order: Json, said: Json | None = None, key: str = STORE_KEY, **changes: str
) -> dict[str, str]:
    """Give CMI's answer to an order's form: the echo, the bank's words, its hash over both."""
    asked = dict(order["gateway"]["fields"])
    del asked["HASH"]
    echo = asked | {"rnd": "bank-nonce", "orgRnd": asked["rnd"], "TransId": "T1"}
    answer = echo | (APPROVED if said is None else said) | changes
    return answer | {"HASH": bank_hash.sign(answer, key)}
