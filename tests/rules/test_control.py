"""The control code and its proof of work."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.control import MOST, RANDOM_BYTES, most_for, proved, same_code, ticket
from tests.rules.samples import NOW

DRAWN = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


@given(DRAWN, st.integers(1, 100))
def test_proof(random: bytes, most: int) -> None:
    """Whoever tries the numbers up to the bound finds one that solves ALTCHA's v1 challenge."""
    shown = ticket(random, most, NOW)
    found = [
        number
        for number in range(most + 1)
        if hashlib.sha256(f"{shown.salt}{number}".encode()).hexdigest() == shown.challenge
    ]
    assert found
    assert [number for number in range(-2, most + 3) if proved(shown, number)] == found


@given(DRAWN, st.integers())
def test_no_proof(random: bytes, number: int) -> None:
    """A number beyond the bound proves nothing, however it hashes."""
    assert not proved(ticket(random, 0, NOW), number or 1)


@given(DRAWN)
def test_code(random: bytes) -> None:
    """The code is four digits, shown for five minutes, and only itself."""
    shown = ticket(random, MOST, NOW)
    assert len(shown.code) == 4
    assert shown.code.isdecimal()
    assert same_code(shown, shown.code)
    assert not same_code(shown, f"{(int(shown.code) + 1) % 10_000:04d}")
    assert not same_code(shown, shown.code[:3])
    assert shown.expires == int((NOW + timedelta(minutes=5)).timestamp())


@pytest.mark.parametrize("place", range(RANDOM_BYTES))
def test_every_drawn_byte_counts(place: int) -> None:
    """Codes, names and proofs are drawn apart: knowing one tells nothing of another."""
    drawn = bytes(range(RANDOM_BYTES))
    changed = drawn[:place] + b"\xff" + drawn[place + 1 :]
    one, other = ticket(drawn, 10**6, NOW), ticket(changed, 10**6, NOW)
    differing = [
        name
        for name in ("id", "code", "salt", "challenge")
        if getattr(one, name) != getattr(other, name)
    ]
    expected = {0: ["id"], 1: ["code"], 2: ["salt", "challenge"], 3: ["challenge"]}
    group = 0 if place < 8 else 1 if place < 12 else 2 if place < 24 else 3
    assert differing == expected[group]


@pytest.mark.parametrize(
    ("wrong", "most"),
    [
        (0, 50_000),
        (4, 50_000),
        (5, 100_000),
        (9, 100_000),
        (10, 200_000),
        (25, 1_000_000),
        (10_000, 1_000_000),
    ],
)
def test_difficulty(wrong: int, most: int) -> None:
    """Every five wrong codes double an address's work, and never lock it out (event 11)."""
    assert most_for(wrong) == most


@pytest.mark.parametrize(
    ("doublings", "wrong", "most"),
    [(0, 0, 50_000), (1, 0, 100_000), (2, 5, 400_000), (4, 0, 800_000), (4, 5, 1_000_000)],
)
def test_difficulty_for_everybody(doublings: int, wrong: int, most: int) -> None:
    """While numbers are scanned the operator doubles everybody's work, up to a bound (event 12)."""
    assert most_for(wrong, doublings) == most
