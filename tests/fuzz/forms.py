"""Forms as CMI posts them, with fields changed, and written in ways right and wrong."""

from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"
VALUES = (
    "", " ", "0", "00", "1", "-1", "1.00", "1467.060", "1467,06", "1 467.06", "+1467.06", "NaN",
    "1E+3", "١٤٦٧.٠٦", "978", "Approved", "approved", "Declined", "Error", "51", "99", "9", "é",
    "|", "\\", "\\|", "\0", "\n", "&amp;", "&quot;", "&#39;", "\u202e", "𝟎𝟎", "T2", "x" * 65,
    "x" * 5000, "7" * 5000, "../../etc", "=cmd()", "<script>", "kestrel.value@example.ma",
    "ProcReturnCode", "Response", "amount", "oid", "TransId", "mdStatus", "clientid", "orgRnd",
    "HASH", "hash", "encoding", "hashAlgorithm", "HASHPARAMS",
)  # fmt: skip
KINDS = ("value", "value", "name", "upper", "lower", "swap", "twice", "drop", "add")
WAYS = ("plain", "plain", "all", "lower", "raw", "spaces")
CHARSETS = ("utf-8", "utf-8", "utf-8", "iso-8859-1", "utf-16")
MEDIA_TYPES = (
    FORM, FORM, f"{FORM}; charset=UTF-8", FORM.upper(), "", "text/plain",
    "multipart/form-data; boundary=x",
)  # fmt: skip
texts = st.sampled_from(VALUES) | st.text(max_size=12)
media_types = st.sampled_from(MEDIA_TYPES)


@st.composite
def rewritten(draw: st.DrawFn, fields: dict[str, str]) -> Pairs:
    """Give a form's fields with up to three of them changed, renamed, swapped, doubled or gone."""
    pairs = list(fields.items())
    for _ in range(draw(st.integers(1, 3))):
        places = st.integers(0, len(pairs) - 1)
        _rewrite(pairs, draw(st.sampled_from(KINDS)), draw(places), draw(places), draw(texts))
    return pairs


def _rewrite(pairs: Pairs, kind: str, place: int, other: int, text: str) -> None:
    name, value = pairs[place]
    match kind:
        case "swap":
            pairs[place], pairs[other] = (name, pairs[other][1]), (pairs[other][0], value)
        case "twice":
            pairs.insert(other, (name, text))
        case "add":
            pairs.insert(other, (text, value))
        case "drop" if len(pairs) > 1:
            del pairs[place]
        case "name" | "upper" | "lower":
            pairs[place] = {"upper": name.upper(), "lower": name.lower()}.get(kind, text), value
        case _:
            pairs[place] = name, text


@st.composite
def encoded(draw: st.DrawFn, pairs: Pairs) -> bytes:
    """Write a form in one of the ways that senders write them, right or wrong."""
    charset, way = draw(st.sampled_from(CHARSETS)), draw(st.sampled_from(WAYS))
    written = ([_written(part, way, charset) for part in pair] for pair in pairs)
    return b"&".join(b"=".join(pair) for pair in written)


def _written(text: str, way: str, charset: str) -> bytes:
    raw = text.encode(charset, "replace")
    match way:
        case "all":
            return "".join(f"%{byte:02X}" for byte in raw).encode()
        case "lower":
            return quote(raw, safe="").lower().encode()
        case "spaces":
            return quote(raw).encode()
        case "raw":
            return raw
    return quote_plus(raw).encode()
