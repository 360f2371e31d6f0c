"""What becomes of a text on its way, or in the hands of somebody who wishes us ill."""

from collections.abc import Sequence

from hypothesis import strategies as st

# Bytes that some reader somewhere has stumbled over.
NASTY = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\r\n", b"\n", b'"', b"'", b"\\", b"|", b"%", b"%00", b"%zz", b"%u0041", b"%c0%80", b"+",
    b"&", b"=", b";", b",", b"[]", b"{}", b"<", b">", b"<!--", b"&amp;", b"&#0;", b"&#x110000;",
    b"=cmd()", b"-1", b"1e9", b"0x10", b"NaN", b"null", "١٤٦٧".encode(), "\u202e".encode(),
    "é".encode("latin-1"), b"A" * 300,
)  # fmt: skip
MOST_EDITS = 4
LONGEST_GAP, LONGEST_ECHO = 20, 200
KINDS = ("put", "put", "over", "drop", "twice", "cut", "flip")


@st.composite
def damaged(draw: st.DrawFn, original: bytes, nasty: Sequence[bytes] = NASTY) -> bytes:
    """Give a text with up to four places changed."""
    content = original
    for _ in range(draw(st.integers(1, MOST_EDITS))):
        places = st.integers(0, len(content))
        first, last = sorted((draw(places), draw(places)))
        put = draw(st.sampled_from(nasty) | st.binary(max_size=3))
        content = _changed(content, draw(st.sampled_from(KINDS)), first, last, put)
    return content


def _changed(content: bytes, kind: str, first: int, last: int, put: bytes) -> bytes:
    """Put something in, write over it, lose a part, double it, cut the end off, or turn a bit."""
    before, after = content[:first], content[first:]
    match kind:
        case "put":
            return before + put + after
        case "over":
            return before + put + after[len(put) :]
        case "drop":
            return before + after[min(last - first, LONGEST_GAP) :]
        case "twice":
            return content[:last] + content[first:last][:LONGEST_ECHO] + content[last:]
        case "flip" if after:
            return before + bytes([after[0] ^ 1 << last % 8]) + after[1:]
    return content[:last]
