"""CMI's store key as the operator rotates it, and keys that stop the functions."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import boto3
import pytest

from functions.shared import settings
from functions.shared.aws import secrets
from functions.shared.rules import keys
from local.resources import SECRETS
from local.settings import STORE_KEY
from tests.handlers.wire import calls, lost
from tests.portal import Json, Portal, signed

NEXT = "the next store key"
MINUTE = timedelta(minutes=1)


@contextmanager
def stored(until: datetime | str, **changes: str) -> Iterator[None]:
    """Rotate CMI's store key, the one before holding `until`; put it back afterwards."""
    client, name = boto3.client("secretsmanager"), os.environ["STORE_KEY_SECRET"]
    before = client.get_secret_value(SecretId=name)["SecretString"]
    end = until if isinstance(until, str) else until.isoformat()
    value = {"current": NEXT, "previous": STORE_KEY, "previous_until": end} | changes
    client.put_secret_value(SecretId=name, SecretString=json.dumps(value))
    try:
        yield
    finally:
        client.put_secret_value(SecretId=name, SecretString=before)


def answer(portal: Portal, order: Json, key: str) -> str:
    """Post CMI's approval of an order, signed under a key."""
    return portal.call("POST", "/cmi/callback", form=signed(order, key=key)).text


@pytest.mark.parametrize(
    ("key", "after", "reply"),
    [
        (STORE_KEY, timedelta(0), "ACTION=POSTAUTH"),
        (STORE_KEY, 59 * MINUTE, "ACTION=POSTAUTH"),
        (STORE_KEY, 60 * MINUTE, "FAILURE"),
        (NEXT, timedelta(0), "ACTION=POSTAUTH"),
        (NEXT, 60 * MINUTE, "ACTION=POSTAUTH"),
        ("a later key", timedelta(0), "FAILURE"),
    ],
)
def test_rotation(portal: Portal, key: str, after: timedelta, reply: str) -> None:
    """A form signed before the rotation settles inside the overlap, by either key (events 56, 119)."""
    order = portal.checkout().json
    portal.now += 10 * MINUTE
    with stored(portal.now + 60 * MINUTE):
        portal.now += after
        assert answer(portal, order, key) == reply
        again = portal.checkout().json if reply == "FAILURE" else None
    if again:
        assert "HASH" in again["gateway"]["fields"]


def test_new_forms_by_the_new_key(portal: Portal) -> None:
    """From the rotation on, new forms are signed by the new key alone (event 119)."""
    with stored(portal.now + 60 * MINUTE):
        order = portal.checkout().json
        form = dict(order["gateway"]["fields"])
        given = form.pop("HASH")
        resigned = signed({"gateway": {"fields": form | {"HASH": ""}}}, {}, NEXT)
        assert answer(portal, order, NEXT) == "ACTION=POSTAUTH"
    assert given != resigned["HASH"]


def test_silent_store(portal: Portal) -> None:
    """While the store is silent, forgeries ask it once a minute, and the key in hand serves (event 57)."""
    order = portal.checkout().json
    assert answer(portal, order, NEXT) == "FAILURE"
    portal.now += 2 * MINUTE
    with lost("GetSecretValue", applied=False) as gone:
        for _ in range(4):
            assert answer(portal, order, "forged, and long enough") == "FAILURE"
        asked = len(gone)
        portal.now += MINUTE
        assert answer(portal, order, "forged, and long enough") == "FAILURE"
        assert len(gone) == 2 * asked
        assert answer(portal, order, STORE_KEY) == "ACTION=POSTAUTH"
        assert len(gone) == 2 * asked
        portal.now += 13 * MINUTE
        assert answer(portal, order, STORE_KEY) == "FAILURE"


def test_fresh_keys_are_not_asked_for(portal: Portal) -> None:
    """A key that was read in the last five minutes costs nobody a question (I24)."""
    order = portal.checkout().json
    portal.verdict(order, TransId="T0", Response="Declined", ProcReturnCode="51")
    portal.now += 4 * MINUTE
    with calls() as made:
        portal.verdict(order)
    assert "GetSecretValue" not in made


@pytest.mark.parametrize("stage", ["dev", "staging", "production"])
def test_local_keys_elsewhere(portal: Portal, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """The local stack's keys are printed for anybody: elsewhere they stop every path (event 55)."""
    order = portal.checkout().json
    monkeypatch.setenv("STAGE", stage)
    settings.read.cache_clear()
    secrets._kept.clear()
    assert portal.verdict(order).text == "FAILURE"
    assert portal.post("/api/control-code").code == "internal"
    assert portal.post("/api/checkout", {}).status in (422, 500)
    assert portal.due_states() == ["unpaid"]
    settings.read.cache_clear()


def test_unknown_stage(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that is not told where it runs does not take itself for a local one."""
    monkeypatch.delenv("STAGE")
    with pytest.raises(ValueError, match="local stack"):
        secrets.read(os.environ["STORE_KEY_SECRET"], portal.now)


def test_every_local_key_is_known() -> None:
    """Whatever key the local stack works with is refused elsewhere, as current or as previous."""
    assert set(SECRETS.values()) == keys.LOCAL
    for key in SECRETS.values():
        for facts in ({"current": key}, {"current": NEXT, "previous": key}):
            with pytest.raises(ValueError, match="local stack"):
                keys.read(json.dumps(facts))
            assert keys.read(json.dumps(facts), local=True)


def test_vague_end(portal: Portal) -> None:
    """An overlap whose end has no offset stops the functions, instead of ending an hour off."""
    secrets._kept.clear()
    with stored("2020-05-05T22:00:00"), pytest.raises(ValueError, match="offset"):
        secrets.read(os.environ["STORE_KEY_SECRET"], portal.now)
