"""Reading what is posted in CMI's name: what is no message, and what is a forged one."""

from urllib.parse import quote, quote_plus, urlencode

import pytest

from cmi_simulator import hash as bank_hash
from functions.shared.rules.cmi.answer import (
    LARGEST_BYTES,
    MOST_FIELDS,
    Forged,
    Message,
    Unreadable,
    read,
)
from tests.rules.samples import (
    DECLINED,
    FORM_TYPE,
    KEY,
    KEYS,
    answer,
    body,
    order,
    quarters,
    reading,
    without,
)

GOOD = body(answer())
HASH = bank_hash.sign(answer(AuthCode="4319"), KEY)


def _with_hash(text: str) -> bytes:
    return urlencode(answer(AuthCode="4319") | {"HASH": text}).encode()


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        FORM_TYPE,
        f"{FORM_TYPE}; charset=UTF-8",
        "Application/X-WWW-Form-URLEncoded",
        f" {FORM_TYPE} ",
    ],
)
def test_content_type(content_type: str) -> None:
    """A form is read whether or not the gateway names its type (`cmi.md`)."""
    assert isinstance(read(GOOD, content_type, KEYS), Message)


@pytest.mark.parametrize(
    ("content", "content_type", "why"),
    [
        (GOOD, "application/json", "content_type"),  # event 41
        (GOOD, "multipart/form-data; boundary=x", "content_type"),  # event 41
        (GOOD, "text/plain", "content_type"),
        (b"", FORM_TYPE, "hash_missing"),  # event 41
        (b'{"HASH": "x"}', FORM_TYPE, "hash_missing"),
        (b"\x1f\x8b\x08\x00gzip", FORM_TYPE, "form"),  # event 41
        ("HASH=é".encode(), FORM_TYPE, "form"),  # event 48
        (b"a=" + b"1" * LARGEST_BYTES, FORM_TYPE, "too_large"),  # event 46
        (b"&".join(b"f%d=" % n for n in range(2000)), FORM_TYPE, "form"),  # event 46
        (b"&".join(b"f%d=" % n for n in range(MOST_FIELDS + 1)), FORM_TYPE, "too_many_fields"),
        (urlencode(answer()).encode(), FORM_TYPE, "hash_missing"),  # event 47
        (GOOD + b"&oid=43190271885204", FORM_TYPE, "duplicate_field"),  # event 45
        (GOOD + b"&AMOUNT=1", FORM_TYPE, "duplicate_field"),  # event 45
        (GOOD + b"&hash=x", FORM_TYPE, "duplicate_field"),  # event 45
        (GOOD + b"&HASH=x", FORM_TYPE, "duplicate_field"),  # event 45
        (GOOD + b"&Encoding=UTF-8", FORM_TYPE, "duplicate_field"),
        (body(answer(encoding="UTF-16")), FORM_TYPE, "charset"),
        (body(answer()).replace(b"Maroc", b"Maroc%E7", 1), FORM_TYPE, "charset"),  # event 44
    ],
)  # fmt: skip
def test_no_message(content: bytes, content_type: str, why: str) -> None:
    """What is no well-formed message of CMI is told apart and changes nothing."""
    assert read(content, content_type, KEYS) == Unreadable(why)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "é", "٤", "\u0000", HASH.lower(), HASH.upper(), HASH + " ", " " + HASH, HASH + "\n",
        HASH.rstrip("="), HASH + "=", HASH[:-1], HASH.replace("+", " "), HASH * 2, "\u00ff" * 88,
        HASH.translate(str.maketrans("+/", "-_")),
    ],
)  # fmt: skip
def test_hash_to_the_letter(text: str) -> None:
    """A hash in other letters, blanks, alphabet or padding is no hash (events 48, 49 and 50)."""
    assert text != HASH
    assert isinstance(read(_with_hash(text), FORM_TYPE, KEYS), Forged)


def test_sample_hash_has_both_signs() -> None:
    """The cases above change something: the sample hash has `+`, `/` and padding."""
    assert set("+/=") <= set(HASH)


@pytest.mark.parametrize("version", ["ver1", "ver2", "VER3", "", "sha1"])
def test_the_message_chooses_no_hash(version: str) -> None:
    """Whatever algorithm the message names, the hash is ver3 over all fields (event 51)."""
    assert isinstance(reading(answer(hashAlgorithm=version)), Message)
    stripped = answer(hashAlgorithm=version, HASHPARAMS="clientid:oid:", HASHPARAMSVAL="6000")
    only_key = bank_hash.sign({}, KEY)
    assert isinstance(
        read(urlencode(stripped | {"HASH": only_key}).encode(), FORM_TYPE, KEYS), Forged
    )
    some = {name: stripped[name] for name in ("clientid", "oid")}
    partial = urlencode(stripped | {"HASH": bank_hash.sign(some, KEY)}).encode()
    assert isinstance(read(partial, FORM_TYPE, KEYS), Forged)


def test_blank_fields_count() -> None:
    """A field without a value is a field (event 43): kept, it verifies; dropped, it does not."""
    fields = answer(said=DECLINED, ErrMsg="", AuthCode="")
    message = reading(fields)
    assert isinstance(message, Message)
    assert message.fields["ERRMSG"] == ""
    dropped = urlencode({name: value for name, value in fields.items() if value})
    forged = f"{dropped}&HASH={quote_plus(bank_hash.sign(fields, KEY))}"
    assert isinstance(read(forged.encode(), FORM_TYPE, KEYS), Forged)


def test_unknown_fields_are_welcome() -> None:
    """The gateway may add fields: the hash covers them (`cmi.md`)."""
    message = reading(answer() | {"EXTRA.NEW": "x", "payResults.dsId": "1", "Ünknown": "y"})
    assert isinstance(message, Message)
    assert message.get("extra.new") == "x"


@pytest.mark.parametrize(
    ("charset", "text"),
    [("ISO-8859-9", "Français Şişli"), ("iso-8859-1", "Français"), ("windows-1254", "Şişli €")],
)
@pytest.mark.parametrize("hashed_as_posted", [True, False])
def test_declared_charset(charset: str, text: str, hashed_as_posted: bool) -> None:
    """An answer in Latin letters is read in the charset that it declares (event 44)."""
    fields = answer(encoding=charset, ErrMsg=text)
    as_bytes = fields | {"ErrMsg": text.encode(charset).decode("latin-1")}
    signature = bank_hash.sign(fields, KEY)
    if hashed_as_posted:  # a sample that hashes bytes: the same SHA-512 over the posted charset
        signature = _digest_of_bytes(as_bytes)
    posted = urlencode(fields | {"HASH": signature}, encoding=charset).encode()
    message = read(posted, FORM_TYPE, KEYS)
    assert isinstance(message, Message)
    assert message.get("ErrMsg") == text


def _digest_of_bytes(fields: dict[str, str]) -> str:
    """Sign as a program does that never leaves the posted bytes; `fields` hold them as Latin-1."""
    import base64  # noqa: PLC0415 - this one test's arithmetic
    import hashlib  # noqa: PLC0415 - likewise

    values = [fields[name] for name in bank_hash.signed_order(fields)]
    text = "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in (*values, KEY))
    return base64.b64encode(hashlib.sha512(text.encode("latin-1")).digest()).decode()


def test_same_message_in_other_spellings() -> None:
    """Order of fields, `+` or `%20`, case of escapes: one message, one decision (event 58)."""
    fields = answer(ErrMsg="a b/é") | {"HASH": bank_hash.sign(answer(ErrMsg="a b/é"), KEY)}
    spellings = [
        urlencode(fields),
        urlencode(list(reversed(fields.items()))),
        urlencode(fields, quote_via=quote),
        "&".join(f"{name}={quote_plus(value).lower()}" if name == "ErrMsg" else
                 f"{name}={quote_plus(value)}" for name, value in fields.items()),
    ]  # fmt: skip
    read_ = [read(text.encode(), FORM_TYPE, KEYS) for text in spellings]
    assert all(isinstance(one, Message) and one == read_[0] for one in read_)


def test_nine_items_come_back() -> None:
    """The echo of a full order, sixty-three fields more than usual, is a message."""
    fields = answer(order(lines=quarters(9)))
    padding = {"f" * n: "" for n in range(1, MOST_FIELDS)}
    assert sum(name[-1].isdigit() for name in fields) > 63
    assert isinstance(reading(fields), Message)
    assert isinstance(reading(fields | padding), Unreadable)


def test_as_long_as_may_be() -> None:
    """A message of exactly the most bytes, or of exactly the most fields, is still read."""
    most = b"&".join(b"f%d=" % number for number in range(MOST_FIELDS))
    for content in (b"a=" + b"1" * (LARGEST_BYTES - 2), most):
        assert read(content, FORM_TYPE, KEYS) == Unreadable("hash_missing")


@pytest.mark.parametrize("name", ["oid", "TransId"])
@pytest.mark.parametrize("value", ["a#b", "a b", "a\n", "é", "x" * 65, "a|b"])
def test_identifiers(name: str, value: str) -> None:
    """What names rows of ours holds nothing that could name another row."""
    assert reading(answer() | {name: value}) == Unreadable("identifier")


def test_identifier_missing() -> None:
    """A gateway error may come without an order's number (`3D-1004`): it is read, and empty."""
    message = reading(without(answer(), "oid", "TransId", "ProcReturnCode"))
    assert isinstance(message, Message)
    assert (message.oid, message.trans_id, message.code) == ("", "", "")


def test_dots_stay_dots() -> None:
    """`EXTRA.X` is not `EXTRA_X`: another name could be another place in the hash (event 59)."""
    message = reading(answer() | {"EXTRA.X": "1"})
    assert isinstance(message, Message)
    assert message.get("EXTRA_X") == ""
