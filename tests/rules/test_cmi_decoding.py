"""HTML escapes in CMI's answers: undone as PHP undoes them, neither more nor less."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.cmi.hashing import VARIANTS, decoded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&amp;&lt;&gt;&quot;", '&<>"'),
        ("&#39;&#039;&#x27;&#X27;", "''''"),
        ("&eacute;&Agrave;&euro;&nbsp;&yuml;", "éÀ€\u00a0ÿ"),
        ("&#1571;&#x062D;", "أح"),
        ("&#128077;", "👍"),
        ("&amp;lt;", "&lt;"),
        ("&#10;&#13;&#9;", "\n\r\t"),
        ("&hearts;&thetasym;&rsaquo;", "♥ϑ›"),
        ("&#32;&#126;", " ~"),  # the ends of the ranges that HTML 4.01 allows
        ("&#160;&#xD7FF;&#xE000;&#x10FFFF;", "\u00a0\ud7ff\ue000\U0010ffff"),
    ],
)
def test_undone(written: str, meant: str) -> None:
    """An escape that PHP undoes is undone, once."""
    assert decoded(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "&apos;",  # no name of HTML 4.01
        "?a=1&copy=2", "&lt", "&amp &", "&#39",  # no semicolon
        "&NotEqualTilde;", "&bigstar;", "&check;", "&lbrace;", "&num;",  # HTML 5 only
        "&AMP;", "&Eacutee;", "&;", "&#;", "&#x;", "&#xZZ;",
        "&#0;", "&#8;", "&#127;", "&#128;", "&#159;", "&#xD800;", "&#x110000;", "&#999999999;",
        "&#٣٩;",  # digits of another script
    ],
)  # fmt: skip
def test_left_alone(written: str) -> None:
    """What html.unescape would change and PHP does not is left as it came."""
    assert decoded(written) == written


@given(st.text())
def test_escape_and_back(text: str) -> None:
    """Any text that was escaped comes back as it was."""
    assert decoded(html.escape(text)) == text


@given(st.text(st.characters(exclude_characters="&")))
def test_nothing_to_undo(text: str) -> None:
    """Text without an ampersand never changes."""
    assert decoded(text) == text


@pytest.mark.parametrize(
    ("variant", "prepared"),
    [
        ("raw", " a\r\n&amp; b \r\n"),
        ("callback", " a\r\n& b "),
        ("return", "a\r\n& b"),
        ("jsp", "a&amp; b"),
    ],
)
def test_the_ways_of_the_samples(variant: str, prepared: str) -> None:
    """Each official sample prepares an answer's values in its way; there are no other ways."""
    assert VARIANTS[variant](" a\r\n&amp; b \r\n") == prepared
    assert set(VARIANTS) == {"raw", "callback", "return", "jsp"}
