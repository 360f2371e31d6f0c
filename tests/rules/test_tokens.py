"""Tickets, sessions and handles: only we can make one, for one purpose, for a time."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.receipts import unpadded
from functions.shared.rules.tokens import (
    LONGEST,
    Session,
    Ticket,
    anonymous,
    handle,
    handle_reference,
)
from tests.rules.samples import NOW, REFERENCE

KEY, OLD, STRANGE = b"present key", b"previous key", b"another environment's"
TICKET = Ticket("id", "4319", 1, "salt", "challenge", 50000)
SESSION = Session.begun("123456789", NOW)


@given(st.text("0123456789", max_size=20), st.integers(0, 2**40))
def test_sealed_and_opened(number: str, moment: int) -> None:
    """A session comes back as it was given out."""
    session = Session(number, moment, moment + 1800)
    assert Session.opened(session.sealed(KEY), [KEY]) == session
    assert Ticket.opened(TICKET.sealed(KEY), [KEY]) == TICKET


SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ é\n"


def test_tampered() -> None:
    """Any character changed, lost or added, and the token is not ours (event 9)."""
    token = SESSION.sealed(KEY)
    for place in range(len(token) + 1):
        before, after = token[:place], token[place:]
        others = {before + sign + after for sign in SIGNS}
        others |= {before + sign + after[1:] for sign in SIGNS} | {before, before + after[1:]}
        for other in others - {token}:
            assert Session.opened(other, [KEY]) is None, other


@given(st.text(max_size=60))
def test_invented(text: str) -> None:
    """Whatever is sent in a token's place is refused, never an error (event 9)."""
    assert Session.opened(text, [KEY]) is None
    assert Ticket.opened(text, [KEY]) is None
    assert handle_reference(text, [KEY]) is None


def test_other_purpose() -> None:
    """A ticket is no session, a session no ticket, a handle neither."""
    assert Session.opened(TICKET.sealed(KEY), [KEY]) is None
    assert Ticket.opened(SESSION.sealed(KEY), [KEY]) is None
    assert Session.opened(handle(REFERENCE, KEY), [KEY]) is None
    assert handle_reference(SESSION.sealed(KEY), [KEY]) is None


@pytest.mark.parametrize(
    ("keys", "good"),
    [
        ([KEY], True),
        ([OLD, KEY], True),
        ([KEY, OLD], True),
        ([OLD], False),
        ([STRANGE], False),
        ([], False),
    ],
)
def test_keys(keys: list[bytes], good: bool) -> None:
    """A token lives through a rotation, and opens in no other environment (events 9 and 119)."""
    assert (Session.opened(SESSION.sealed(KEY), keys) is not None) == good
    assert (handle_reference(handle(REFERENCE, KEY), keys) == REFERENCE) == good


def test_too_long() -> None:
    """No time is spent on texts longer than any token of ours."""
    long = Session("1" * LONGEST, 1, 2).sealed(KEY)
    assert Session.opened(long, [KEY]) is None
    assert handle_reference("1" * LONGEST + "." + "A" * 22, [KEY]) is None


def test_other_facts() -> None:
    """A token of an older version, with other facts, is not half understood."""
    older = json.dumps({"number": "123456789"}).encode()
    mac = SESSION.sealed(KEY).partition(".")[2]
    assert Session.opened(f"{unpadded(older)}.{mac}", [KEY]) is None


def test_life_of_a_session() -> None:
    """A session lasts 30 minutes, is renewed at will, and ends after 4 hours (design.md §2)."""
    session, now = SESSION, NOW
    assert session.expires - session.issued == 1800
    for _ in range(20):
        now += timedelta(minutes=20)
        session = session.renewed(now)
        assert session.expires <= SESSION.issued + 4 * 3600
    assert session.expires == SESSION.issued + 4 * 3600
    assert session.issued == SESSION.issued


def test_renewal_never_shortens_below_half_an_hour() -> None:
    """Before the fourth hour a renewal gives 30 minutes from now."""
    later = NOW + timedelta(hours=3)
    assert SESSION.renewed(later).expires == int((later + timedelta(minutes=30)).timestamp())


@given(st.text("0123456789", min_size=14, max_size=14))
def test_handle(other: str) -> None:
    """A handle opens its own payment only; its secret part has 128 bits."""
    mine = handle(REFERENCE, KEY)
    assert handle_reference(mine, [KEY]) == REFERENCE
    moved = f"{other}.{mine.partition('.')[2]}"
    assert handle_reference(moved, [KEY]) == (REFERENCE if other == REFERENCE else None)
    secret = mine.partition(".")[2]
    assert len(base64.urlsafe_b64decode(secret + "==")) == 16


@given(st.ip_addresses().map(str), st.ip_addresses().map(str))
def test_counted_without_a_name(address: str, other: str) -> None:
    """Addresses are counted apart, under names that do not tell them."""
    name = anonymous(address, KEY)
    assert (name == anonymous(other, KEY)) == (address == other)
    assert address not in name
    assert name != anonymous(address, STRANGE)
