"""JSON that a reader of ours may meet: right, wrong, and no JSON at all."""

import json

from hypothesis import strategies as st

from tests.portal import Json

TEXTS = (
    "", " ", "0", "1", "123456789", "12345678", "1234567890", "١٢٣٤٥٦٧٨٩", "۱۲۳۴۵۶۷۸۹",
    "１２３４５６７８９", "¹²³⁴⁵⁶⁷⁸⁹", "𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "1234 56789", "\u200f123456789\u200e",
    "-12345678", "1e8", "0x1234567", "43190271885204", "null", "NaN", "fr", "ar", "zz", "LOC",
    "INT", "loc", "a@b.ma", "a@b", "@", "é@é.ma", "a@xn--.ma", "a\r\nBcc: b@c.ma", "\0", "\ud800",
    "\U0001f4a9", "\u202e", "<script>", "=cmd()", "A" * 200, "A" * 3000, "..", "a.b.c",
    "eyJ9.AAAA", "kestrel@example.ma", "__proto__",
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 2**31, 2**53 + 1, 2**64, -(10**30), 10**4000, 146706, -0.0, 1.5, 1e308, 5e-324,
)  # fmt: skip
NO_JSON = (
    b"{} {}", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b'{"a":1e999}', b"{'a':1}", b'{"a":01}',
    b'{"\\u0000":"\\ud800"}', b"1" * 4096, b"1" * 20_000, b'"' + b"\\u0041" * 680 + b'"',
)  # fmt: skip
SIGNS = ("", "A", "0", ".", "-", "_", " ", "é", "١", "\0", "\n")
KINDS = ("value", "value", "within", "drop", "add", "name")
texts = st.sampled_from(TEXTS) | st.text(max_size=20)
numbers = st.sampled_from(NUMBERS) | st.integers() | st.floats()
plain = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
garbage = (
    st.binary(max_size=100)
    | st.sampled_from(NO_JSON)
    | st.integers(1, 5000).map(lambda depth: b"[" * depth)
    | st.integers(1, 2000).map(lambda depth: b'{"a":' * depth + b"1" + b"}" * depth)
)


@st.composite
def altered(draw: st.DrawFn, right: Json) -> Json:
    """Give a request with up to three of its fields wrong, gone, renamed or strange."""
    request = dict(right)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(right)))
        kind = draw(st.sampled_from(KINDS))
        if kind != "add":
            request.pop(name, None)
        if kind == "within":
            request[name] = draw(_within(right[name]))
        elif kind != "drop":
            request[name if kind == "value" else draw(texts)] = draw(values)
    return request


def _within(value: object) -> st.SearchStrategy[object]:
    """Change a part of a value: a letter of a text, an entry of a list, a member of an object."""
    match value:
        case str() if value:
            places = st.tuples(st.integers(0, len(value) - 1), st.sampled_from(SIGNS))
            return places.map(lambda at: value[: at[0]] + at[1] + value[at[0] + 1 :])
        case list():
            return st.lists(plain | st.sampled_from(value), max_size=100)
        case dict():
            return altered(value)
    return plain


def written(value: object) -> bytes:
    """Write JSON as most senders do; NaN and halves of surrogates too, which is wrong."""
    return json.dumps(value).encode()
