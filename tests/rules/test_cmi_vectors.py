"""Worked vectors of independent programs: our hash is CMI's, or nobody is debited."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.shared.rules.cmi.answer import Forged, Message, read
from functions.shared.rules.cmi.hashing import (
    VARIANTS,
    DisputedOrderError,
    request_hash,
)
from tests.rules.samples import FORM_TYPE

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data" / "cmi_vectors.json").read_text("utf-8")
)["vectors"]
REQUESTS = [one for one in VECTORS if one["direction"] == "request"]
CALLBACKS = [one for one in VECTORS if one["direction"] == "callback"]
NAMED = {"raw": "raw", "cb": "callback", "okfail": "return"}


def _id(vector: dict[str, Any]) -> str:
    return str(vector["id"])


def _posted(vector: dict[str, Any], **changes: str) -> bytes:
    """Write a vector's answer as it came, in the charset that it declares."""
    fields = vector["fields"] | {"HASH": vector["expected"]} | changes
    return urlencode(fields, encoding=fields.get("encoding", "UTF-8")).encode()


@pytest.mark.parametrize("vector", [one for one in REQUESTS if not one["disputed"]], ids=_id)
def test_request(vector: dict[str, Any]) -> None:
    """Our signature is the one that CMI's samples compute."""
    assert request_hash(vector["fields"], vector["storeKey"]) == vector["expected"]


@pytest.mark.parametrize("vector", [one for one in REQUESTS if one["disputed"]], ids=_id)
def test_disputed_request(vector: dict[str, Any]) -> None:
    """A form whose hash depends on which sample the gateway follows is never signed."""
    with pytest.raises(DisputedOrderError):
        request_hash(vector["fields"], vector["storeKey"])


@pytest.mark.parametrize("vector", CALLBACKS, ids=_id)
def test_callback(vector: dict[str, Any]) -> None:
    """CMI's answer is recognised when its values are prepared in the documented way."""
    keys = [("k", vector["storeKey"])]
    message = read(_posted(vector), FORM_TYPE, keys)
    assert isinstance(message, Message)
    prepare, documented = VARIANTS[message.variant], VARIANTS[NAMED[vector["variant"]]]
    for value in vector["fields"].values():
        assert prepare(value) == documented(value)


@pytest.mark.parametrize("vector", CALLBACKS, ids=_id)
def test_one_wrong_byte(vector: dict[str, Any]) -> None:
    """One byte changed in any value, in the key or in the hash, and the answer is forged."""
    key = vector["storeKey"]
    for name, value in vector["fields"].items():
        if name.upper() not in ("HASH", "ENCODING"):
            for place in {0, len(value) // 2, max(0, len(value) - 1)}:
                other = "x" if value[place : place + 1] != "x" else "y"
                changed = value[:place] + other + value[place + 1 :]
                posted = _posted(vector, **{name: changed})
                assert isinstance(read(posted, FORM_TYPE, [("k", key)]), Forged), (name, place)
    assert isinstance(read(_posted(vector), FORM_TYPE, [("k", key + "x")]), Forged)
    first = "B" if vector["expected"][0] == "A" else "A"
    posted = _posted(vector, HASH=first + vector["expected"][1:])
    assert isinstance(read(posted, FORM_TYPE, [("k", key)]), Forged)


@pytest.mark.parametrize("vector", CALLBACKS, ids=_id)
def test_a_field_more_or_less(vector: dict[str, Any]) -> None:
    """A field that the hash does not cover, or one gone, and the answer is forged (event 52)."""
    keys = [("k", vector["storeKey"])]
    assert isinstance(read(_posted(vector, extra=""), FORM_TYPE, keys), Forged)
    name = next(name for name in vector["fields"] if name.upper() not in ("HASH", "ENCODING"))
    fewer = {"fields": {n: v for n, v in vector["fields"].items() if n != name}}
    assert isinstance(read(_posted(vector | fewer), FORM_TYPE, keys), Forged)
