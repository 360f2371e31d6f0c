"""The browser's way back from CMI's page: constant places, and never a change."""

from urllib.parse import urlencode

import pytest

from cmi_simulator import hash as bank_hash
from cmi_simulator import verdict
from functions.shared.rules.references import with_check_digits
from local.settings import STORE_KEY
from tests.handlers.wire import calls, lost
from tests.portal import DECLINED, Answer, Json, Portal, signed


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


def back(
    portal: Portal, form: dict[str, str], language: str = "fr", method: str = "POST"
) -> Answer:
    """Come back from CMI's page with a form, or with the same fields in the query."""
    if method == "POST":
        return portal.call("POST", "/cmi/return", form=form, query=f"l={language}")
    return portal.call("GET", "/cmi/return", query=f"l={language}&{urlencode(form)}")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [(None, "ok"), (DECLINED, "fail"), ({"ProcReturnCode": "00", "Response": "Error"}, "fail")],
)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_signed_return(
    portal: Portal, order: Json, said: dict[str, str] | None, outcome: str, language: str
) -> None:
    """A return that CMI signed leads to the receipt, in the payer's language (events 80 and 83)."""
    answer = back(portal, signed(order, said), language)
    place, _, fragment = answer.headers["location"].partition("#")
    assert (answer.status, place) == (303, f"/{language}/assure/recu/")
    handle, _, result = fragment.removeprefix("h=").partition("&r=")
    assert result == outcome
    assert portal.post("/api/receipt", {"handle": handle}).json["reference"] == order["reference"]
    assert portal.post("/api/receipt", {"handle": handle + "A"}).code == "not_found"


def test_headers(portal: Portal, order: Json) -> None:
    """The next page learns nothing of this address, and nothing is kept or set (event 84)."""
    answer = back(portal, signed(order))
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.body == b""


def test_handle_stays_out_of_path_and_query(portal: Portal, order: Json) -> None:
    """What opens a receipt stands in the fragment alone, which no server sees (event 83)."""
    location = back(portal, signed(order)).headers["location"]
    assert order["reference"] not in location.partition("#")[0]
    assert "?" not in location


@pytest.mark.parametrize(
    "form",
    [
        {}, {"HASH": "x"}, {"oid": "43190271885204"}, {"oid": "43190271885204", "HASH": "é"},
        {"h": "43190271885204.AAAA", "r": "ok"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_unsigned_return(portal: Portal, order: Json, form: dict[str, str], method: str) -> None:
    """A forged, unsigned or GET return leads to the follow-up page and tells nothing (event 82)."""
    assert back(portal, form, "ar", method).headers["location"] == "/ar/suivi/"
    assert back(portal, signed(order), "fr", "GET").headers["location"] == "/fr/suivi/"


def test_gateway_error(portal: Portal) -> None:
    """A gateway's error comes back without an order's number: to the follow-up page (`cmi.md`)."""
    form = verdict.refused("3D-1004", "hash", "nonce", STORE_KEY)
    assert back(portal, form).headers["location"] == "/fr/suivi/"


def test_other_payers_receipt(portal: Portal, order: Json) -> None:
    """A valid hash over renamed fields gives no handle of another payer's receipt (events 53 and 85)."""
    victim = with_check_digits("123412341234")
    typed = {"cardHolderName": victim}  # what a payer may write on CMI's page
    genuine = {
        name: value for name, value in signed(order, DECLINED).items() if name != "HASH"
    } | typed
    names = bank_hash.signed_order(genuine)
    start = names.index("cardHolderName")
    renamed = {name: f"p{place:03d}" for place, name in enumerate(names) if place > start}
    renamed["cardHolderName"] = "oid"
    forged = {renamed.get(name, name): genuine[name] for name in names}
    forged |= {"HASH": bank_hash.sign(genuine, STORE_KEY)}
    assert bank_hash.matches(forged, STORE_KEY, forged["HASH"])
    assert back(portal, forged).headers["location"] == "/fr/suivi/"


@pytest.mark.parametrize(
    "changes", [{"clientid": "600000002"}, {"okUrl": "https://evil.example/"}, {"storetype": "pay"}]
)
def test_other_merchants_return(portal: Portal, order: Json, changes: dict[str, str]) -> None:
    """What CMI signed for somebody or something else opens nothing of ours."""
    assert back(portal, signed(order, None, **changes)).headers["location"] == "/fr/suivi/"


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("path", ["/cmi/return", "/cmi/cancel"])
def test_nothing_is_written(portal: Portal, order: Json, path: str, method: str) -> None:
    """The browser never changes an order, nor even reads one (event 82)."""
    before = portal.rows()
    with calls() as made:
        portal.call(method, path, form=signed(order), query="l=fr")
        portal.call(method, path, form=signed(order, DECLINED), query="l=fr")
    assert set(made) <= {"GetSecretValue"}
    assert portal.rows() == before
    assert portal.receipt(order).json["state"] == "open"


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_cancel(portal: Portal, method: str, language: str) -> None:
    """« Annuler » leads back to the recap, whichever way the browser comes."""
    answer = portal.call(method, "/cmi/cancel", query=f"l={language}")
    assert answer.status == 303
    assert answer.headers["location"] == f"/{language}/assure/transaction/#cancelled"


@pytest.mark.parametrize(
    "query",
    [
        "", "l=", "l=xx", "l=//evil.example", "l=fr&l=ar", "l=../..", "l=fr%0d%0aX: y", "next=//evil",
        "l=fr/", "l=FR", "x=1",
    ],
)  # fmt: skip
def test_destinations_are_constants(portal: Portal, order: Json, query: str) -> None:
    """Nothing in an address chooses where the browser goes (event 86)."""
    form = signed(order) | {"okUrl2": "x"}
    for path, place in (
        ("/cmi/cancel", "/fr/assure/transaction/#cancelled"),
        ("/cmi/return", "/fr/suivi/"),
    ):
        answer = portal.call("POST", path, form=form, query=query)
        assert (answer.status, answer.headers["location"]) == (303, place)
    signed_ = portal.call("POST", "/cmi/return", form=signed(order), query=query)
    assert signed_.headers["location"].startswith("/fr/assure/recu/#h=")


def test_nothing_works(portal: Portal, order: Json) -> None:
    """With the store of keys silent the payer still lands on a page that can help."""
    portal.now = portal.now.replace(hour=23)
    with lost("GetSecretValue", applied=False):
        answer = back(portal, signed(order), "ar")
    assert (answer.status, answer.headers["location"]) == (303, "/ar/suivi/")


@pytest.mark.parametrize("size", [32 * 1024 + 1, 500_000])
def test_too_large(portal: Portal, order: Json, size: int) -> None:
    """A return too large to be CMI's leads to the follow-up page too."""
    answer = back(portal, signed(order) | {"x": "1" * size})
    assert (answer.status, answer.headers["location"]) == (303, "/fr/suivi/")
