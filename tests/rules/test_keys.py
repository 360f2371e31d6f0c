"""Store keys that rotate, and keys that must never be used."""

import json
from datetime import timedelta

import pytest

from functions.shared.rules.cmi.answer import Forged, Message, read
from functions.shared.rules.keys import LOCAL, Keys, key_id
from functions.shared.rules.keys import read as read_keys
from tests.rules.samples import FORM_TYPE, NOW, answer, body

UNTIL = NOW + timedelta(hours=1)
ROTATING = Keys("the present key", "the previous key", UNTIL)


@pytest.mark.parametrize(
    ("key", "after", "good"),
    [
        ("the present key", timedelta(0), True),
        ("the present key", timedelta(days=9), True),
        ("the previous key", timedelta(minutes=59, seconds=59), True),
        ("the previous key", timedelta(hours=1), False),
        ("the previous key", timedelta(days=9), False),
        ("the next key", timedelta(0), False),
    ],
)
def test_overlap(key: str, after: timedelta, good: bool) -> None:
    """The key before is believed inside the overlap, not after; the next one not yet (event 56)."""
    found = read(body(answer(), key), FORM_TYPE, ROTATING.accepted(NOW + after))
    assert isinstance(found, Message if good else Forged)
    if isinstance(found, Message):
        assert found.key_id == key_id(key)


def test_current_key_first() -> None:
    """New forms are signed with the present key; a previous one without an end is none."""
    assert ROTATING.accepted(NOW)[0] == (key_id("the present key"), "the present key")
    assert ROTATING.secrets(NOW) == [b"the present key", b"the previous key"]
    assert len(Keys("the present key", "the previous key").accepted(NOW)) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"current": "TEST1234"}, {"current": "test1234"}, {"current": "ABCD1234"}, {"current": ""},
        {"current": None}, {"current": "short"},
        {"current": "the present key", "previous": "TEST1234"},
        {"current": "the present key", "previous": "short"},
    ],
)  # fmt: skip
def test_refused(facts: dict[str, str | None]) -> None:
    """An empty, short or published key stops the function: it would sign for anybody (event 55)."""
    with pytest.raises(ValueError, match="empty, short or a published sample"):
        read_keys(json.dumps(facts))


def test_read() -> None:
    """A secret is read with its overlap's end."""
    facts = {"current": ROTATING.current, "previous": ROTATING.previous}
    assert read_keys(json.dumps(facts | {"previous_until": UNTIL.isoformat()})) == ROTATING
    assert read_keys('{"current": "the present key"}') == Keys("the present key")


@pytest.mark.parametrize("name", ["current", "previous"])
@pytest.mark.parametrize("key", sorted(LOCAL))
def test_local_keys(name: str, key: str) -> None:
    """The keys that everybody can read in the local stack are good there and nowhere else."""
    text = json.dumps({"current": "the present key"} | {name: key})
    with pytest.raises(ValueError, match="local stack"):
        read_keys(text)
    assert getattr(read_keys(text, local=True), name) == key


def test_vague_end() -> None:
    """An overlap whose end has no offset would end at another hour than was meant."""
    facts = {"current": "the present key", "previous": "the previous key"}
    with pytest.raises(ValueError, match="offset"):
        read_keys(json.dumps(facts | {"previous_until": "2020-05-05T22:50:51"}))


def test_key_id_tells_nothing() -> None:
    """Orders remember a key's name, which holds nothing of the key."""
    assert key_id("the present key") != key_id("the previous key")
    assert len(key_id("the present key")) == 8
    assert key_id("the present key") not in "the present key"
