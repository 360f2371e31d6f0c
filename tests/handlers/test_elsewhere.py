"""Verdicts from an address that CMI did not name (event 61)."""

import json

import pytest

from functions.shared import settings
from tests.portal import Json, Portal, signed


@pytest.fixture
def order(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Json:
    """Give an order at CMI's page, CMI having named the networks from which it calls."""
    monkeypatch.setenv("GATEWAY_ADDRESSES", "192.0.2.0/24 2001:db8::/32")
    settings.read.cache_clear()
    document: Json = portal.checkout().json
    return document


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [("192.0.2.9", False), ("[2001:db8::9]", False), ("198.51.100.9", True), ("", True)],
)
def test_signature_decides(
    portal: Portal, order: Json, capsys: pytest.CaptureFixture[str], address: str, elsewhere: bool
) -> None:
    """What CMI signed captures from any address; one that was not named is counted (event 61)."""
    answer = portal.call("POST", "/cmi/callback", form=signed(order), address=address)
    assert answer.text == "ACTION=POSTAUTH"
    printed = capsys.readouterr().out
    assert ('"VerdictElsewhere"' in printed) is elsewhere
    verdicts = [json.loads(line) for line in printed.splitlines() if '"verdict"' in line]
    assert all(line.get("elsewhere", False) is elsewhere for line in verdicts)
    assert not address or address.strip("[]") not in printed


def test_forged_from_a_named_address(portal: Portal, order: Json) -> None:
    """A named address is no signature: what is forged there is refused like anywhere (event 61)."""
    form = signed(order) | {"HASH": "x"}
    answer = portal.call("POST", "/cmi/callback", form=form, address="192.0.2.9")
    assert (answer.text, portal.due_states()) == ("FAILURE", ["unpaid"])


def test_no_address_named(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    """As long as CMI has named none, nothing is called strange (event 61)."""
    assert portal.verdict(portal.checkout().json).text == "ACTION=POSTAUTH"
    assert "VerdictElsewhere" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["192.0.2", "192.0.2.1/24", "cmi.example", "192.0.2.0/24,10.0.0.1"]
)
def test_setting_that_is_none(portal: Portal, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A list of networks that cannot be read stops the function at its start, by name."""
    monkeypatch.setenv("GATEWAY_ADDRESSES", text)
    settings.read.cache_clear()
    with pytest.raises(settings.SettingsError, match=r"^GATEWAY_ADDRESSES: "):
        portal.invoke("CallbackFunction", {})
