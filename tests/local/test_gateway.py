from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local import headers, template
from local.gateway import LARGEST_BODY_BYTES, Gateway
from local.process import Failed, TimedOut
from local.settings import ORIGIN_WORD, Settings
from local.static import Site
from tests.edge import described

EDGE = described()
PAGE = EDGE.behaviour("/fr/").headers.sets
ASSET = EDGE.behaviour("/assets/a.css").headers.sets
API = EDGE.behaviour("/api/lookup").headers.sets
FILES = {
    "index.html": "entrance",
    "404.html": "nothing here",
    "500.html": "try again later",
    "fr/index.html": "accueil",
    "fr/404.html": "rien ici",
    "fr/assure/index.html": "assuré",
    "assets/asvi.1a2b.mjs": "export {}",
    "robots.txt": "User-agent: *",
}


class Played:
    """A function that does what a test says."""

    def __init__(self, outcome: Any) -> None:  # noqa: ANN401 - an answer or an exception
        self.outcome = outcome

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - as Lambda's
        """Answer, or raise."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome or event


@pytest.fixture
def function() -> Played:
    return Played(None)


@pytest.fixture
def client(tmp_path: Path, function: Played) -> Client:
    for name, text in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("outside the site")
    (tmp_path / "keys.json").write_text('{"keys": []}')
    site = Site(tmp_path / "site", {"/keys.json": tmp_path / "keys.json"})
    routes = {("POST", "/api/lookup"): function, ("GET", "/cmi/return"): function}
    told = Settings(8000, 8001, 8002, timedelta())
    return Client(Gateway(EDGE, site, routes, _local, told))


def _local(request: Request) -> Response:
    return Response(f"local {request.path}")


@pytest.mark.parametrize(
    ("path", "text"),
    [("/", "entrance"), ("/fr/", "accueil"), ("/fr/assure/", "assuré"), ("/robots.txt", "User-")],
)
def test_page(client: Client, path: str, text: str) -> None:
    """A page is found under its address, in UTF-8, under the pages' headers."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.startswith(text)
    assert PAGE.items() <= dict(answer.headers).items()


def test_asset(client: Client) -> None:
    """An asset is kept for ever, and a script is served as one."""
    answer = client.get("/assets/asvi.1a2b.mjs")
    assert ASSET.items() <= dict(answer.headers).items()
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_missing_asset(client: Client) -> None:
    """A missing asset is not kept for ever: a deployment may be about to bring it."""
    answer = client.get("/assets/gone.mjs")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-cache")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/fr/absent/", "/fr/a.b", "/absent.html", "/ar/absent/", "/assets/"]
)
def test_missing_page(client: Client, path: str) -> None:
    """A missing page answers 404 with the one page that speaks every language, as CloudFront can."""
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, "nothing here")
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("ar-MA,ar;q=0.9,fr;q=0.8", "entrance"),
        ("fr-FR", "accueil"),
        ("de", "entrance"),
        ("", "entrance"),
    ],
)
def test_language_at_the_root(client: Client, asked: str, text: str) -> None:
    """The root address shows the home page of the browser's language, and else a choice."""
    expected = "nothing here" if asked.startswith("ar") else text  # this site has no Arabic page
    assert client.get("/", headers={"Accept-Language": asked}).text == expected


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/fr/../../secret.txt", "/%2e%2e/secret.txt", "/%00"]
)
def test_outside_the_site(client: Client, path: str) -> None:
    """No address reaches a file outside the built site."""
    assert client.get(path).status_code == 404


def test_final_slash(client: Client) -> None:
    """A page asked for without its final slash leads to the address with it."""
    answer = client.get("/fr/assure")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/fr/assure/")


def test_unchanged_page(client: Client) -> None:
    """A page that the browser has is not sent again."""
    tag = client.get("/fr/").headers["ETag"]
    assert client.get("/fr/", headers={"If-None-Match": tag}).status_code == 304


def test_keys(client: Client) -> None:
    """The public keys stand at the portal's own address."""
    answer = client.get("/keys.json")
    assert answer.get_json() == {"keys": []}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_page_methods(client: Client, method: str) -> None:
    """A page is only read: CloudFront lets no other method through (event 83)."""
    assert client.open("/fr/", method=method).text == "nothing here"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/lookup"), ("POST", "/cmi/return"), ("POST", "/api/absent"), ("GET", "/api/")],
)
def test_no_route(client: Client, method: str, path: str) -> None:
    """What the template gives no route is answered as API Gateway does, never by a page or cache."""
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.get_json()) == (404, {"message": "Not Found"})
    assert API.items() <= dict(answer.headers).items()


def test_route(client: Client) -> None:
    """A route hands its function the event, and gives the function's answer."""
    answer = client.post("/api/lookup", json={"session": "x"})
    assert answer.get_json()["routeKey"] == "POST /api/lookup"


def test_what_reaches_the_api(client: Client) -> None:
    """The functions see what CloudFront hands on and its word, whoever else claims to say it."""
    sent = {
        "Origin": "https://evil.example", "Cookie": "a=1", "X-Asvi-Origin": "guessed",
        "Sec-Fetch-Site": "same-origin", "User-Agent": "a phone",
    }  # fmt: skip
    event = client.post("/api/lookup?l=fr&other=1", json={}, headers=sent).get_json()
    assert event["headers"]["x-asvi-origin"] == ORIGIN_WORD
    assert event["headers"]["sec-fetch-site"] == "same-origin"
    assert event["headers"]["user-agent"] == "Amazon CloudFront"
    assert {"origin", "cookie"}.isdisjoint(event["headers"])
    assert event["queryStringParameters"] == {"l": "fr"}


@pytest.mark.parametrize(
    ("outcome", "status", "message"),
    [
        (TimedOut("5 s"), 503, "Service Unavailable"),
        (Failed("KeyError"), 500, "Internal Server Error"),
        ({"statusCode": "?"}, 500, "Internal Server Error"),
    ],
)
def test_function_fails(
    client: Client, function: Played, outcome: object, status: int, message: str
) -> None:
    """A time-out and a crash reach the page as API Gateway's own answers, and say nothing more."""
    function.outcome = outcome
    answer = client.post("/api/lookup", json={})
    assert (answer.status_code, answer.get_json()) == (status, {"message": message})


def test_too_large(client: Client) -> None:
    """A body beyond API Gateway's limit never reaches a function."""
    answer = client.post("/api/lookup", data=b"x" * (LARGEST_BODY_BYTES + 1))
    assert answer.status_code == 413


def test_local_pages(client: Client) -> None:
    """What stands under /_local/ is answered by the local stack."""
    assert client.get("/_local/mail/").text == "local /_local/mail/"


def test_headers_of_the_template() -> None:
    """Every header of the template's policies is known, and written as browsers read it."""
    found = template.read().resources("AWS::CloudFront::ResponseHeadersPolicy")
    pages = headers.of_policy(found["PageHeaders"])
    assert pages["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert pages["X-Content-Type-Options"] == "nosniff"
    assert pages["X-Frame-Options"] == "DENY"
    assert pages["Cache-Control"] == "no-cache"
    assert "immutable" in headers.of_policy(found["AssetHeaders"])["Cache-Control"]


def test_unknown_security_header() -> None:
    """A part of a policy that the local stack does not know is refused, not left out."""
    part: template.Json = {
        "ResponseHeadersPolicyConfig": {"SecurityHeadersConfig": {"Novelty": {}}}
    }
    with pytest.raises(ValueError, match="Novelty"):
        headers.of_policy(part)
