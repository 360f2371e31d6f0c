"""A payer's browser and CMI's server, as API Gateway brings their requests to the functions."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from functions.shared.rules import origin
from local.settings import ORIGIN_WORD
from tests.simulation.deployment import described
from tests.simulation.values import Json

if TYPE_CHECKING:
    from tests.simulation.world import World

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def event(path: str, body: str, kind: str, address: str, now: datetime, query: str = "") -> Json:
    """Give the event of a POST to the HTTP API (payload 2.0); forms come in base64, as from AWS."""
    form = kind == FORM
    made: Json = {
        "version": "2.0", "routeKey": f"POST {path}", "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "content-type": kind, "cloudfront-viewer-address": f"{address}:4711",
            origin.HEADER: ORIGIN_WORD,
        },
        "requestContext": {
            "http": {"method": "POST", "path": path, "sourceIp": address},
            "requestId": "world", "stage": "$default", "routeKey": f"POST {path}",
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "body": base64.b64encode(body.encode()).decode() if form else body,
        "isBase64Encoded": form,
    }  # fmt: skip
    if query:
        name, _, value = query.partition("=")
        made["queryStringParameters"] = {name: value}
    return made


@lru_cache(maxsize=1000)
def _encoded(fields: tuple[tuple[str, str], ...]) -> str:
    return urlencode(fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP: status 0 where nothing did."""

    status: int
    body: str = ""
    place: str = ""

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever came back
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The refusal's code, or the status where there is none."""
        return str(self.json.get("code", self.status)) if self.body[:1] == "{" else str(self.status)


@dataclass(slots=True)
class Browser:
    """Sends requests from one address."""

    world: "World"
    address: str

    def post(self, path: str, content: Json, **about: Any) -> Answer:  # noqa: ANN401 - any facts
        """Post JSON to the API."""
        made = event(path, json.dumps(content), JSON, self.address, self.world.hub.now)
        return self._sent(path, made, about)

    def form(self, path: str, fields: dict[str, str], query: str = "", **about: Any) -> Answer:  # noqa: ANN401 - any facts
        """Post a form, as a browser on CMI's page and CMI's server do."""
        body = _encoded(tuple(fields.items()))
        made = event(path, body, FORM, self.address, self.world.hub.now, query)
        return self._sent(path, made, about)

    def _sent(self, path: str, made: Json, about: Json) -> Answer:
        function = described_routes()["POST", path]
        outcome = self.world.lambdas.invoke(function, made, path=path, **about)
        if outcome.error:
            return Answer(0 if outcome.error == "timeout" else 500)
        found = outcome.answer
        return Answer(
            found["statusCode"], found.get("body") or "", found["headers"].get("Location", "")
        )


def described_routes() -> dict[tuple[str, str], str]:
    """Give the function of each route of the template."""
    if not _routes:
        _routes.update(described().routes())
    return _routes


_routes: dict[tuple[str, str], str] = {}
