from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local import headers, template
from local.gateway import LARGEST_BODY_BYTES, Gateway
from local.process import Failed, TimedOut
from local.settings import Settings
from local.static import Site

PAGE = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'"}
ASSET = {"Cache-Control": "public, max-age=31536000, immutable"}
FILES = {
    "index.html": "entrance",
    "404.html": "nothing here",
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
    site = Site(tmp_path / "site", PAGE, ASSET, {"/keys.json": tmp_path / "keys.json"})
    routes = {("POST", "/api/lookup"): function, ("GET", "/cmi/return"): function}
    told = Settings(8000, 8001, 8002, timedelta())
    return Client(Gateway(site, routes, _local, told))


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
    """A missing asset is not kept for ever."""
    answer = client.get("/assets/gone.mjs")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-cache")


@pytest.mark.parametrize(
    ("path", "text"),
    [("/fr/absent/", "rien ici"), ("/fr/a/b", "rien ici"), ("/absent", "nothing here"),
     ("/ar/absent/", "nothing here"), ("/assets/", "nothing here")],
)  # fmt: skip
def test_missing_page(client: Client, path: str, text: str) -> None:
    """A missing page answers 404 in the language of its address, else in all languages."""
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, text)
    assert answer.headers["Content-Security-Policy"]


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
    """A page is only read: any other method is refused."""
    assert client.open("/fr/", method=method).status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/lookup"), ("POST", "/cmi/return"), ("POST", "/api/absent"), ("GET", "/api/")],
)
def test_no_route(client: Client, method: str, path: str) -> None:
    """What the template gives no route is answered as API Gateway does, never by a page."""
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.get_json()) == (404, {"message": "Not Found"})


def test_route(client: Client) -> None:
    """A route hands its function the event, and gives the function's answer."""
    answer = client.post("/api/lookup", json={"session": "x"})
    assert answer.get_json()["routeKey"] == "POST /api/lookup"


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
