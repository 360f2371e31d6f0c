"""Is the portal that was just deployed the one that was meant? Asked from outside, over HTTP."""

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from functions.shared import VERSION
from local import headers
from local.template import Json
from tools.artifact import described

TIMEOUT_SECONDS = 15
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as JSON; empty where it is none."""
        try:
            said: Json = json.loads(self.body)
        except ValueError:
            return {}
        return said


def ask(
    url: str, method: str = "GET", body: str = "", sent: dict[str, str] | None = None
) -> Answer:
    """Send a request and follow no redirect."""
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)
    try:
        target = f"{place.path}?{place.query}" if place.query else place.path
        connection.request(method, target, body or None, sent or {})
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, said, answer.read())
    finally:
        connection.close()


def page_headers(gateway: str) -> dict[str, str]:
    """Give the headers that the template has pages served with, for one of CMI's addresses."""
    policy = described()["Resources"]["PageHeaders"]["Properties"]
    told = headers.of_policy(json.loads(json.dumps(policy).replace("${GatewayOrigin}", gateway)))
    return {name.lower(): _plain(value) for name, value in told.items()}


def _plain(value: object) -> str:
    return str(value["Fn::Sub"]) if isinstance(value, dict) else str(value)


def problems(portal: str, gateway: str) -> list[str]:
    """Say what is wrong, one line each; nothing where all is well."""
    try:
        return [*_pages(portal, gateway), *_api(portal), *_encrypted(portal)]
    except OSError as error:
        return [f"{portal} does not answer: {error}"]


def _pages(portal: str, gateway: str) -> Iterator[str]:
    page = ask(f"{portal}/fr/")
    if page.status != http.client.OK:
        yield f"/fr/ answers {page.status}"
    for name, value in page_headers(gateway).items():
        if page.headers.get(name) != value:
            yield f"/fr/ comes with {name}: {page.headers.get(name)}, not {value}"
    for path in re.findall(r'"(/assets/[^"]+)"', page.body.decode("utf-8", "replace"))[:10]:
        asset = ask(f"{portal}{path}")
        if asset.status != http.client.OK or "immutable" not in asset.headers["cache-control"]:
            yield f"{path} answers {asset.status}, {asset.headers.get('cache-control')}"
    if ask(f"{portal}/fr/no-such-page/").status != http.client.NOT_FOUND:
        yield "a page that does not exist is not answered 404"
    if not ask(f"{portal}/keys.json").json.get("keys"):
        yield "/keys.json has no key: no receipt can be checked"


def _api(portal: str) -> Iterator[str]:
    health = ask(f"{portal}/api/health")
    if health.json.get("version") != VERSION:
        yield f"/api/health answers {health.status}, version {health.json.get('version')}"
    code = ask(f"{portal}/api/control-code", "POST", "{}", JSON)
    if not code.json.get("control_code") or code.headers.get("cache-control") != "no-store":
        yield f"/api/control-code answers {code.status}"
    verdict = ask(f"{portal}/cmi/callback", "POST", "nobody=signed", FORM)
    if (verdict.status, verdict.body) != (http.client.OK, b"FAILURE"):
        yield f"/cmi/callback takes a message that nobody signed: {verdict.status}"
    back = ask(f"{portal}/cmi/return?l=fr")
    if back.status != http.client.SEE_OTHER:
        yield f"/cmi/return answers {back.status}, not 303"


def _encrypted(portal: str) -> Iterator[str]:
    """See that a page asked for in the clear leads to TLS, where the portal has it."""
    if portal.startswith("https://"):
        plain = ask(f"{portal.replace('https://', 'http://', 1)}/fr/")
        if plain.status != http.client.MOVED_PERMANENTLY:
            yield f"http:// answers {plain.status}, and leads nowhere"
