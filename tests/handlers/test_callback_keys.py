"""CMI's store key on the callback's path: unreachable, rotated, unusable (events 55 to 57)."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import boto3
import pytest

from functions.shared.aws import secrets
from tests.handlers.wire import calls, lost
from tests.portal import DECLINED, Json, Portal, signed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def order(portal: Portal) -> Json:
    """Give an order that a payer has taken to CMI's page."""
    document: Json = portal.checkout().json
    return document


def test_secrets_unreachable(portal: Portal, order: Json) -> None:
    """Without the key nothing is believed: FAILURE, never a check left out (event 57)."""
    secrets._kept.clear()
    with lost("GetSecretValue", applied=False):
        assert portal.verdict(order).text == "FAILURE"
        assert portal.call("POST", "/cmi/callback", form={}).text == "FAILURE"
    assert portal.due_states() == ["unpaid"]
    assert portal.verdict(order).text == "ACTION=POSTAUTH"


@pytest.mark.parametrize(
    ("minutes", "reply"), [(4, "ACTION=POSTAUTH"), (14, "ACTION=POSTAUTH"), (16, "FAILURE")]
)
def test_key_in_hand(portal: Portal, order: Json, minutes: int, reply: str) -> None:
    """A key read in the last fifteen minutes serves while the store is silent (event 57)."""
    portal.verdict(order, DECLINED)
    portal.now += minutes * MINUTE
    with lost("GetSecretValue", applied=False):
        assert portal.verdict(order).text == reply


@contextmanager
def stored(**key: str | None) -> Iterator[None]:
    """Put another value into the store of CMI's key meanwhile."""
    client, name = boto3.client("secretsmanager"), os.environ["STORE_KEY_SECRET"]
    before = client.get_secret_value(SecretId=name)["SecretString"]
    client.put_secret_value(SecretId=name, SecretString=json.dumps(key))
    yield
    client.put_secret_value(SecretId=name, SecretString=before)


def test_rotated_key(portal: Portal, order: Json) -> None:
    """A container that holds the key before asks again before it calls CMI a forger (§6.3)."""
    portal.verdict(order, DECLINED)
    form = signed(order, key="the next store key")
    with stored(current="the next store key", previous=None, previous_until=None):
        portal.now += timedelta(seconds=59)
        assert portal.call("POST", "/cmi/callback", form=form).text == "FAILURE"
        portal.now += timedelta(seconds=1)
        assert portal.call("POST", "/cmi/callback", form=form).text == "ACTION=POSTAUTH"
        assert portal.verdict(order, TransId="T2").text == "FAILURE"  # the key before is over


def test_flood_of_forgeries(portal: Portal, order: Json) -> None:
    """However many forgeries come, the key store is asked once a minute (event 62)."""
    portal.verdict(order, DECLINED)
    portal.now += MINUTE
    with calls() as made:
        for _ in range(5):
            portal.call("POST", "/cmi/callback", form=signed(order) | {"HASH": "x"})
    assert made == ["GetSecretValue"]


@pytest.mark.parametrize("key", ["TEST1234", "", "short"])
def test_unusable_key(portal: Portal, order: Json, key: str) -> None:
    """A published, empty or short key in the store stops the function (event 55)."""
    form = signed(order, key=key)
    with stored(current=key, previous=None, previous_until=None):
        secrets._kept.clear()
        assert portal.call("POST", "/cmi/callback", form=form).text == "FAILURE"
        assert portal.verdict(order).text == "FAILURE"
    assert portal.due_states() == ["unpaid"]
