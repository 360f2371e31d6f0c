"""Who does not come by CloudFront, past its firewall, is told nothing (`reliability.md` §6.2)."""

import hashlib
import os
from unittest.mock import patch

import pytest

from functions.shared import settings
from functions.shared.rules.origin import HEADER, digests, vouched
from local.settings import ORIGIN_WORD
from tests.handlers.wire import calls
from tests.portal import TEMPLATE, Answer, Portal, signed

ROUTES = sorted(TEMPLATE.routes())
OTHER = hashlib.sha256(b"another word").hexdigest()
OURS = hashlib.sha256(ORIGIN_WORD.encode()).hexdigest()


def asked(portal: Portal, method: str, path: str, word: str | None) -> Answer:
    """Ask with another word than CloudFront's, or none."""
    event = portal.event(method, path, {} if method == "POST" else None)
    event["headers"].pop(HEADER)
    if word is not None:
        event["headers"][HEADER] = word
    return portal.handed(method, path, event)


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("word", [None, "", "guessed", OURS, ORIGIN_WORD[:-1], "é\ud800"])
def test_without_the_word(portal: Portal, method: str, path: str, word: str | None) -> None:
    """No route answers it, and nothing is read: neither a wrong word nor the digest itself helps."""
    with calls() as made:
        answer = asked(portal, method, path, word)
    assert made == []
    if path == "/cmi/callback":
        assert (answer.status, answer.text) == (200, "FAILURE")
    elif path.startswith("/cmi/"):
        assert answer.headers["location"] == "/fr/suivi/"
    else:
        assert (answer.status, answer.code) == (404, "not_found")


def test_a_genuine_verdict_around_the_cdn(portal: Portal) -> None:
    """Not even CMI's own signature opens the side door."""
    order = portal.checkout().json
    event = portal.event("POST", "/cmi/callback", form=signed(order))
    del event["headers"][HEADER]
    assert portal.handed("POST", "/cmi/callback", event).text == "FAILURE"
    assert portal.due_states() == ["unpaid"]


def test_counted(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever tries is counted, for the alarm."""
    asked(portal, "POST", "/api/lookup", "guessed")
    assert '"ForeignOrigin":[1.0]' in capsys.readouterr().out


@pytest.mark.parametrize("listed", [f"{OURS},{OTHER}", f"{OTHER},{OURS}"])
def test_two_words(portal: Portal, listed: str) -> None:
    """While CloudFront changes its word both are good, so no payer meets the change."""
    with patch.dict(os.environ, {"ORIGIN_DIGESTS": listed}):
        settings.read.cache_clear()
        assert portal.call("GET", "/api/health").status == 200
        assert asked(portal, "GET", "/api/health", "another word").status == 200
    settings.read.cache_clear()


def test_the_word_before(portal: Portal) -> None:
    """Once it is changed, the word before is as good as none."""
    with patch.dict(os.environ, {"ORIGIN_DIGESTS": OTHER}):
        settings.read.cache_clear()
        assert portal.call("GET", "/api/health").status == 404
    settings.read.cache_clear()


@pytest.mark.parametrize(
    "listed", ["", ",", OURS.upper(), OURS[:-1], f"{OURS},", f"{OURS},{OURS},{OURS}", ORIGIN_WORD]
)
def test_wrong_setting(listed: str) -> None:
    """A setting that names no digest, or too many, stops the function: nobody is let in by it."""
    with pytest.raises(ValueError, match="SHA-256"):
        digests(listed)


def test_all_are_compared() -> None:
    """Whichever digest matches, all are compared, so that the time tells nothing."""
    with patch("functions.shared.rules.origin.hmac.compare_digest", return_value=True) as compared:
        assert vouched(ORIGIN_WORD, [OTHER, OURS])
    assert compared.call_count == 2
