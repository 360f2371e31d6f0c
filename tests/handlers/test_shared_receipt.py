"""A receipt's link that is shared, kept or found by a search engine (event 87)."""

from datetime import timedelta

import pytest

from functions.shared import settings
from tests.handlers.test_receipt import handle
from tests.portal import NUMBER, Answer, Json, Portal

DAYS = 90
PATHS = ("/api/receipt", "/api/receipt/pdf", "/api/receipt/letter")


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give a paid order whose receipt is signed."""
    document: Json = portal.checkout(email=None).json
    portal.verdict(document)
    portal.stream()
    return document


def _by_handle(portal: Portal, path: str, opened: str) -> Answer:
    email = {"email": "late@example.ma"} if path.endswith("letter") else {}
    return portal.post(path, {"handle": opened} | email)


@pytest.mark.parametrize("path", PATHS)
def test_kept_by_nobody(portal: Portal, order: Json, path: str) -> None:
    """No cache keeps a receipt, no search engine lists it, and it names nobody (event 87)."""
    answer = _by_handle(portal, path, handle(portal, order))
    assert answer.status < 300
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert NUMBER.encode() not in answer.body


@pytest.mark.parametrize("path", PATHS)
def test_link_ends(portal: Portal, order: Json, path: str) -> None:
    """After the owner's number of days a link opens nothing, like one that never was (event 87)."""
    opened = handle(portal, order)
    portal.now += timedelta(days=DAYS) - timedelta(minutes=1)
    assert _by_handle(portal, "/api/receipt", opened).json["state"] == "paid"
    portal.now += timedelta(minutes=1)
    late, unknown = _by_handle(portal, path, opened), _by_handle(portal, path, f"{opened}A")
    assert (late.status, late.json) == (unknown.status, unknown.json)
    assert late.code == "not_found"


def test_reference_and_number_stay(portal: Portal, order: Json) -> None:
    """The payer's own way, reference and registration number, does not end with the link (event 87)."""
    portal.now += timedelta(days=10 * DAYS)
    assert portal.receipt(order).json["state"] == "paid"


@pytest.mark.parametrize("days", ["0", "-1", "", "x"])
def test_life_is_a_setting(portal: Portal, monkeypatch: pytest.MonkeyPatch, days: str) -> None:
    """How long a link opens is the owner's to say, and must be said (event 87)."""
    monkeypatch.setenv("HANDLE_DAYS", days)
    settings.read.cache_clear()
    for function in ("ReceiptFunction", "LetterFunction"):
        with pytest.raises(settings.SettingsError, match=r"^HANDLE_DAYS: "):
            portal.invoke(function, {})
