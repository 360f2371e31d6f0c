"""The control code: shown, copied, burnt."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from functions.shared.aws import dues
from tests.handlers.wire import calls, sent
from tests.portal import NUMBER, Portal, copied

LIFE = timedelta(minutes=5)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04d}"


def test_shown(portal: Portal) -> None:
    """A code's answer is the one of `api.md`: ALTCHA's proof beside four digits."""
    answer = portal.post("/api/control-code")
    assert answer.status == 200
    assert set(answer.json) == {"ticket", "control_code", "expires_in_seconds", "proof"}
    assert answer.json["expires_in_seconds"] == 300
    assert answer.json["proof"]["algorithm"] == "SHA-256"
    assert answer.json["proof"]["maxnumber"] == 50_000
    assert answer.headers["cache-control"] == "no-store"
    assert portal.post("/api/control-code").json["ticket"] != answer.json["ticket"]


def test_nothing_is_stored(portal: Portal) -> None:
    """Nothing is stored for a code but its address's count (event 10)."""
    portal.post("/api/control-code")
    assert {row["pk"].partition("#")[0] for row in portal.rows()} == {"REG", "RATE"}
    assert all("expires" in row for row in portal.rows("RATE#"))


def test_used_once(portal: Portal) -> None:
    """The right code works once, for one number (events 6 and 7)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    assert portal.post("/api/lookup", asked).status == 200
    again = portal.post("/api/lookup", asked | {"registration_number": "111111111"})
    assert (again.status, again.code) == (409, "control_code_used")
    portal.now -= timedelta(minutes=10)
    assert portal.post("/api/lookup", asked).code == "control_code_used"  # I26


def test_used_at_the_same_instant(portal: Portal) -> None:
    """Two tabs in one millisecond are two requests to DynamoDB, not one repeated (event 7)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    with sent() as made:
        codes = [portal.post("/api/lookup", asked).code for _ in range(2)]
    assert codes == ["", "control_code_used"]
    tokens = [one["ClientRequestToken"] for one in made if "ClientRequestToken" in one]
    assert len(set(tokens)) == 2


@pytest.mark.parametrize("what", ["code", "proof", "both"])
def test_wrong_burns(portal: Portal, what: str) -> None:
    """A wrong code or proof burns the ticket; the code is named first (event 5)."""
    shown = portal.post("/api/control-code").json
    asked = copied(shown, NUMBER)
    wrong = dict(asked)
    if what in ("code", "both"):
        wrong["control_code"] = _wrong(shown["control_code"])
    if what in ("proof", "both"):
        wrong["proof"] = {"number": asked["proof"]["number"] + 1}
    refused = portal.post("/api/lookup", wrong)
    assert refused.status == 422
    assert refused.code == ("proof_wrong" if what == "proof" else "control_code_wrong")
    assert portal.post("/api/lookup", asked).code == "control_code_used"


@pytest.mark.parametrize("number", [NUMBER, "111111111"])
def test_wrong_code_tells_nothing(portal: Portal, number: str) -> None:
    """A wrong code reads no dues: it cannot tell whether the number exists (event 5)."""
    shown = portal.post("/api/control-code").json
    asked = copied(shown, number) | {"control_code": _wrong(shown["control_code"])}
    with calls() as made:
        refused = portal.post("/api/lookup", asked)
    assert refused.json == {"type": "about:blank", "status": 422, "code": "control_code_wrong"}
    assert made == ["TransactWriteItems"]


@pytest.mark.parametrize(
    ("after", "status"),
    [(LIFE - timedelta(seconds=1), 200), (LIFE, 410), (LIFE + timedelta(seconds=1), 410)],
)
def test_expiry(portal: Portal, after: timedelta, status: int) -> None:
    """A code lives five minutes to the second, and expired it is not even written (event 8)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER)
    portal.now += after
    answer = portal.post("/api/lookup", asked)
    assert answer.status == status
    assert bool(portal.rows("CODE#")) == (status == 200)


@pytest.mark.parametrize("ticket", ["x", "x.y", "é.é", "a" * 1024, "{}.{}"])
def test_altered_ticket(portal: Portal, ticket: str) -> None:
    """A ticket that is not ours is told as an expired one, at no cost (event 9)."""
    asked = copied(portal.post("/api/control-code").json, NUMBER) | {"ticket": ticket}
    with calls() as made:
        assert portal.post("/api/lookup", asked).code == "control_code_expired"
    assert made == []


def test_work_rises_with_wrong_codes(portal: Portal) -> None:
    """Five wrong codes of an address double its work; nobody else's, and no number's (event 11)."""
    for _ in range(5):
        shown = portal.post("/api/control-code").json
        asked = copied(shown, NUMBER) | {"control_code": _wrong(shown["control_code"])}
        assert portal.post("/api/lookup", asked).code == "control_code_wrong"
    assert portal.post("/api/control-code").json["proof"]["maxnumber"] == 100_000
    other = portal.post("/api/control-code", address="192.0.2.2").json
    assert other["proof"]["maxnumber"] == 50_000
    assert portal.post("/api/lookup", copied(other, NUMBER), address="192.0.2.2").status == 200


@pytest.mark.parametrize(
    ("limit", "path"),
    [("CODES_A_WINDOW", "/api/control-code"), ("LOOKUPS_A_WINDOW", "/api/lookup")],
)
def test_too_many(portal: Portal, limit: str, path: str) -> None:
    """An address in haste is stopped for five minutes, its code kept, and nobody else (event 10)."""
    shown = [portal.post("/api/control-code").json for _ in range(3)]
    last = copied(shown[2], NUMBER)
    with patch.object(dues, limit, 3 if path == "/api/control-code" else 2):
        for one in shown[:2]:
            portal.post("/api/lookup", copied(one, NUMBER))
        answer = portal.post(path, last if path == "/api/lookup" else {})
        assert (answer.status, answer.code) == (429, "too_many_requests")
        assert answer.headers["retry-after"]
        elsewhere = portal.post("/api/control-code", address="192.0.2.2")
        assert elsewhere.status == 200
        portal.now += timedelta(minutes=5)
        again = portal.post(path, last if path == "/api/lookup" else {})
        assert again.code == ("control_code_expired" if path == "/api/lookup" else "")


def test_limits_are_generous() -> None:
    """Whole towns share an address at the end of a quarter (`reliability.md` §6.2)."""
    assert min(dues.CODES_A_WINDOW, dues.LOOKUPS_A_WINDOW) >= 600


def test_whose_address(portal: Portal) -> None:
    """Only the CDN's word names an address: X-Forwarded-For is anybody's (ASVS 4.1.3)."""
    portal.post("/api/control-code", address="192.0.2.7")
    (first,) = portal.rows("RATE#")
    forged = {"X-Forwarded-For": "198.51.100.9", "X-Real-IP": "198.51.100.9"}
    portal.post("/api/control-code", address="192.0.2.7", headers=forged)
    (second,) = portal.rows("RATE#")
    assert second["codes"] == first["codes"] + 1
    assert "192.0.2.7" not in str(portal.rows())


def test_both_ports_of_an_address(portal: Portal) -> None:
    """The port that the CDN adds does not make another caller, IPv6 or not."""
    event = portal.event("POST", "/api/control-code", {})
    for viewer in ("[2001:db8::1]:443", "[2001:db8::1]:444", "192.0.2.9:1", "192.0.2.9:2"):
        event["headers"]["cloudfront-viewer-address"] = viewer
        assert portal.handed("POST", "/api/control-code", event).status == 200
    assert sorted(row["codes"] for row in portal.rows("RATE#")) == [2, 2]
