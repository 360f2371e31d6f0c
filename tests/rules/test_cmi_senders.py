"""Where CMI calls back from: read from a setting, compared as networks are (event 61)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.cmi.senders import among, networks

KNOWN = networks("192.0.2.0/28 198.51.100.7 2001:db8::/48")


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("192.0.2.15", True), ("192.0.2.16", False), ("198.51.100.7", True),
        ("198.51.100.70", False), ("2001:db8:0:9::1", True), ("[2001:db8::1]", True),
        ("2001:db9::1", False), ("::ffff:192.0.2.1", False), ("", False), ("192.0.2", False),
        ("192.0.2.1 ", False),
    ],
)  # fmt: skip
def test_among(address: str, known: bool) -> None:
    """An address is in a network that CMI named, or it is elsewhere (event 61)."""
    assert among(address, KNOWN) is known


@given(st.text())
def test_none_named(address: str) -> None:
    """Where CMI named no address, none is strange."""
    assert among(address, networks(""))
    assert among(address, networks("  "))


@given(st.text(max_size=30))
def test_any_text(address: str) -> None:
    """Whatever the CDN calls an address, it is compared and never breaks a reply."""
    among(address, KNOWN)


@pytest.mark.parametrize("text", ["x", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.1,192.0.2.2"])
def test_no_network(text: str) -> None:
    """A setting that names no network is refused, and not half read."""
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is what pydantic understands
        networks(text)
