"""E-mail addresses: exactly one, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules.addresses import address, masked


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("payer@example.ma", "payer@example.ma"),
        ("  Payer.Name+asvi@Example.MA\t", "Payer.Name+asvi@example.ma"),
        ("\u200fpayer@example.ma\u200e", "payer@example.ma"),
        ("o'brien@sub.example.co.ma", "o'brien@sub.example.co.ma"),
        ("a@exämple.ma", "a@xn--exmple-cua.ma"),
        ("a@مثال.المغرب", "a@xn--mgbh0fb.xn--mgbc0a9azcg"),
        (f"{'l' * 64}@example.ma", f"{'l' * 64}@example.ma"),
    ],
)
def test_one_address(typed: str, expected: str) -> None:
    """One address is taken in ASCII, its domain folded, what stands before the @ untouched."""
    assert address(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "", "payer", "@", "payer@", "@example.ma", "payer@example", "payer@@example.ma",
        "a@example.ma\r\nBcc: b@example.ma", "a@example.ma\nb", "a\n@example.ma", "a\0@example.ma",
        "a@example.ma,b@example.ma", "a@example.ma;b@example.ma", "a@example.ma b@example.ma",
        "Name <a@example.ma>", "<a@example.ma>", '"a b"@example.ma', "a@example.ma(comment)",
        "a@b@example.ma", ".a@example.ma", "a.@example.ma", "a..b@example.ma", "a@.example.ma",
        "a@example..ma", "a@-example.ma", "a@example-.ma", "a@exa mple.ma", "a@[127.0.0.1]",
        "é@example.ma", "أحمد@example.ma", f"{'l' * 65}@example.ma", f"a@{'d' * 64}.ma",
        f"a@{'abcdefghi.' * 29}ma", "a" * 300, "a@example.ma%0aBcc:x", "a@exam_ple.ma",
        "a@example.ma.", "a@\u202eexample.ma", "a@ex\ud800ample.ma",
    ],
)  # fmt: skip
def test_refused(typed: str) -> None:
    """A second address, a display name, a line break or an impossible one is refused (event 33)."""
    assert address(typed) is None


@given(st.text(max_size=60) | st.from_regex(r"[a-z.@<>\",; ]{1,40}", fullmatch=True))
def test_header_safe(typed: str) -> None:
    """Whatever is accepted can stand in a header: ASCII, one @, no blank, no sign of a list."""
    whole = address(typed)
    if whole is not None:
        assert whole.isascii()
        assert whole.isprintable()
        assert whole.count("@") == 1
        assert not set(whole) & set(' ,;:<>()[]\\"\r\n')
        assert address(whole) == whole


def test_masked() -> None:
    """A receipt shows the first letter and the domain, enough for the payer to know it."""
    assert masked("a@example.ma") == "a•••@example.ma"
    assert masked("payer.name@example.ma") == "p•••@example.ma"
