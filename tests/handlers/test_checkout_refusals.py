"""What the checkout refuses, and that it then makes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.shared import settings
from functions.shared.rules.orders import DueState
from tests.portal import GOLDEN, Json, Portal

LONG = "a" * 301


@pytest.fixture(autouse=True)
def _nothing_is_made(portal: Portal) -> object:
    """Hold that a refusal leaves no order behind."""
    yield
    assert not [row for row in portal.rows("ORDER#") if row["sk"] == "ORDER"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"due_ids": []}, 422, "nothing_selected"),
        ({"accept_terms": False}, 422, "terms_not_accepted"),  # event 24
        ({"due_ids": ["2020-1-OTHER"]}, 422, "due_unknown"),
        ({"due_ids": [GOLDEN.id, "2020-2-OTHER"]}, 422, "due_unknown"),
        ({"session": "x"}, 401, "session_expired"),
        *[
            ({"email": email}, 422, "email_invalid")  # event 33
            for email in (
                "a", "a@b", "a@example.ma\r\nBcc: b@example.ma", "a@example.ma,b@example.ma",
                "A <a@example.ma>", f"{LONG}@example.ma", "a@example.ma" + LONG, "a" * 2000,
                "أحمد@example.ma",
            )
        ],
    ],
)  # fmt: skip
def test_refused(portal: Portal, changes: Json, status: int, code: str) -> None:
    """Each refusal has its code, and nothing more in it."""
    answer = portal.checkout(**changes)
    assert (answer.status, answer.code) == (status, code)
    assert answer.json == {"type": "about:blank", "status": status, "code": code}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"due_ids": [GOLDEN.id, GOLDEN.id]}, "due_ids"),  # event 21
        ({"due_ids": GOLDEN.id}, "due_ids"),
        ({"due_ids": [1]}, "due_ids.0"),
        ({"due_ids": [""]}, "due_ids.0"),
        ({"due_ids": ["x" * 101]}, "due_ids.0"),
        ({"card_origin": "loc"}, "card_origin"),
        ({"card_origin": None}, "card_origin"),
        ({"accept_terms": "true"}, "accept_terms"),
        ({"accept_terms": 1}, "accept_terms"),
        ({"language": "xx"}, "language"),
        ({"language": None}, "language"),
        ({"seen_total_centimes": "146706"}, "seen_total_centimes"),
        ({"seen_total_centimes": 146706.0}, "seen_total_centimes"),
        ({"key": "short"}, "key"),
        ({"key": "with a space"}, "key"),
        ({"key": "k" * 129}, "key"),
        ({"key": "a-good-key\n"}, "key"),
        ({"terms_version": ""}, "terms_version"),
    ],
)
def test_invalid_fields(portal: Portal, changes: Json, name: str) -> None:
    """A field of another shape is named, never guessed at."""
    answer = portal.checkout(**changes)
    assert (answer.status, answer.code) == (422, "invalid")
    assert list(answer.json["fields"]) == [name]


def test_due_of_another_number(portal: Portal) -> None:
    """Another number's due is unknown to this session (event 20)."""
    portal.load(replace(GOLDEN, registration_number="222222222", reference="THEIRS"))
    assert portal.checkout(due_ids=["2020-1-THEIRS"]).code == "due_unknown"


@pytest.mark.parametrize(
    ("state", "code"), [(DueState.PAID, "due_paid"), (DueState.HELD, "due_confirming")]
)
def test_due_taken_meanwhile(portal: Portal, state: DueState, code: str) -> None:
    """A due paid or being confirmed between display and click gives no form (event 22)."""
    portal.load(replace(GOLDEN, quarter=2))
    listed = portal.first_lookup().json
    portal.load(replace(GOLDEN, quarter=2, state=state, trans_id="T"))
    answer = portal.checkout(listed)
    assert (answer.status, answer.code) == (409, code)


@pytest.mark.parametrize("seen", [146705, 146707, 145110, 0, -1])
def test_total_changed(portal: Portal, seen: int) -> None:
    """A payer who saw another total is shown the right one and asked again (event 23)."""
    answer = portal.checkout(seen_total_centimes=seen)
    assert answer.status == 409
    assert answer.json == {
        "type": "about:blank", "status": 409, "code": "total_changed", "total_centimes": 146706,
    }  # fmt: skip


def test_amount_changed(portal: Portal) -> None:
    """A due reloaded with another amount is not sold at the old one (event 23)."""
    listed = portal.first_lookup().json
    portal.load(replace(GOLDEN, amount_centimes=200_000))
    answer = portal.checkout(listed)
    assert answer.json["total_centimes"] == 202_200


def test_session_over(portal: Portal) -> None:
    """A session that ran out asks for a code again, and loses nothing but time."""
    listed = portal.first_lookup().json
    portal.now += timedelta(minutes=30)
    assert portal.checkout(listed).code == "session_expired"


def test_closed(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator can close new payments, in plain words."""
    monkeypatch.setenv("PAYMENTS", "closed")
    settings.read.cache_clear()
    answer = portal.checkout()
    assert (answer.status, answer.code) == (503, "closed")
