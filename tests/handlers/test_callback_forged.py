"""What is posted to the callback and is not CMI's, or comes in another wrapping."""

import base64
from urllib.parse import urlencode

import pytest

from cmi_simulator import verdict
from functions.shared.rules.references import with_check_digits
from local.settings import STORE_KEY
from tests.handlers.test_callback import left, news
from tests.portal import DECLINED, TEMPLATE, Answer, Json, Portal, signed


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


def posted(portal: Portal, form: dict[str, str]) -> str:
    """Post a form to the callback and give the reply."""
    answer = portal.call("POST", "/cmi/callback", form=form)
    assert answer.status == 200
    return answer.text


@pytest.mark.parametrize(
    "form",
    [
        {}, {"HASH": ""}, {"HASH": "é"}, {"oid": "x"}, {"HASH": "x", "oid": "1", "amount": "1"},
    ],
)  # fmt: skip
def test_forged(portal: Portal, order: Json, form: dict[str, str]) -> None:
    """Whatever CMI did not sign is answered FAILURE and changes nothing (events 41, 47 and 48)."""
    before = portal.rows()
    assert posted(portal, form) == "FAILURE"
    assert posted(portal, signed(order) | {"HASH": "x"} | form) == "FAILURE"
    assert portal.rows() == before


def test_rename_forgery(portal: Portal, order: Json) -> None:
    """A declined answer renamed to say 00 under its valid hash captures nothing (event 53)."""
    genuine = {name: value for name, value in signed(order, DECLINED).items() if name != "HASH"}
    assert posted(portal, verdict.renamed(genuine, STORE_KEY)) == "FAILURE"
    assert left(portal) == {"order": 1, "suspect": 1}
    assert news(portal, order) == ("open", None)
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


@pytest.mark.parametrize("oid", [with_check_digits("999999999999"), "43190271885205", "x", ""])
def test_unknown_order(
    portal: Portal, order: Json, capsys: pytest.CaptureFixture[str], oid: str
) -> None:
    """A signed verdict on an order that is not ours is answered FAILURE and pages (event 54)."""
    assert portal.verdict(order, oid=oid).text == "FAILURE"
    assert '"Page":[1.0]' in capsys.readouterr().out
    assert left(portal) == {"order": 1}


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", None])
def test_either_body(portal: Portal, order: Json, encoded: bool, kind: str | None) -> None:
    """API Gateway hands bodies over plain or in base64, with or without a type (event 42)."""
    content = urlencode(signed(order))
    event = portal.event("POST", "/cmi/callback", data=content)
    event["headers"].pop("content-type")
    if kind:
        event["headers"]["content-type"] = kind
    body = base64.b64encode(content.encode()).decode() if encoded else content
    answer = portal.handed(
        "POST", "/cmi/callback", event | {"body": body, "isBase64Encoded": encoded}
    )
    assert answer.body == b"ACTION=POSTAUTH"


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", "text/html"]
)
def test_other_types(portal: Portal, order: Json, kind: str) -> None:
    """A signed form under another type is not read (event 41)."""
    answer = _raw(portal, urlencode(signed(order)).encode(), kind)
    assert (answer.status, answer.text, portal.due_states()) == (200, "FAILURE", ["unpaid"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(method: str) -> None:
    """CMI posts: whatever comes by another method has no route, and no function runs (event 41)."""
    assert (method, "/cmi/callback") not in TEMPLATE.routes()
    assert ("POST", "/cmi/callback") in TEMPLATE.routes()


@pytest.mark.parametrize("size", [32 * 1024 + 1, 1_000_000])
def test_too_large(portal: Portal, order: Json, size: int) -> None:
    """A body beyond any message of CMI's is refused (event 46)."""
    content = urlencode(signed(order)).encode().ljust(size, b"x")
    answer = _raw(portal, content, "application/x-www-form-urlencoded")
    assert (answer.status, answer.text, portal.due_states()) == (200, "FAILURE", ["unpaid"])


def _raw(portal: Portal, content: bytes, kind: str) -> Answer:
    event = portal.event("POST", "/cmi/callback", data=content, headers={"Content-Type": kind})
    return portal.handed("POST", "/cmi/callback", event)
