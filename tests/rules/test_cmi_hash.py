"""The hash, against the simulated bank's own implementation of the same paper."""

from urllib.parse import urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cmi_simulator import hash as bank_hash
from cmi_simulator import verdict
from functions.shared.rules.cmi.answer import Forged, Message, read
from functions.shared.rules.cmi.hashing import DisputedOrderError, natural, request_hash
from tests.rules.samples import FORM_TYPE, KEY

BLANKS = " \t\n\r\0\x0b"
NAMES = st.text("ABCXYZabcxyz._", min_size=1, max_size=8).filter(
    lambda name: name.upper() not in {"HASH", "ENCODING", "OID", "TRANSID"}
)
SIGNS = st.sampled_from("|\\&<>\"';#aZ09 éç€أحمد٤👍+%=") | st.characters(codec="utf-8")
VALUES = st.text(SIGNS, max_size=20).map(lambda text: text.strip(BLANKS))
FORMS = st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=12).map(
    lambda pairs: {name.upper(): (name, value) for name, value in pairs}
)
STORE_KEYS = st.text(SIGNS, min_size=1, max_size=20)


@given(FORMS, STORE_KEYS)
def test_both_sides_sign_alike(form: dict[str, tuple[str, str]], key: str) -> None:
    """Two programs written apart give one hash, whatever stands in values and key."""
    fields = dict(form.values())
    assert request_hash(fields, key) == bank_hash.sign(fields, key)


@given(FORMS, STORE_KEYS)
def test_read_what_was_written(form: dict[str, tuple[str, str]], key: str) -> None:
    """Whatever CMI escapes, signs and encodes, we verify and read as it was meant (event 60)."""
    fields = dict(form.values())
    posted = urlencode(verdict.signed(fields, key)).encode()
    message = read(posted, FORM_TYPE, [("k", key)])
    assert isinstance(message, Message)
    assert {name: message.echoed(name) for name in fields} == fields


@given(FORMS, st.data())
def test_any_change_is_seen(form: dict[str, tuple[str, str]], data: st.DataObject) -> None:
    """No value can be changed under a hash, beyond the blanks and escapes that CMI drops."""
    fields = dict(form.values())
    name = data.draw(st.sampled_from(sorted(fields)))
    plain = st.text("|\\aZ09é€أ٤", max_size=20)
    changed = fields | {name: data.draw(plain)}
    assume(changed[name] != fields[name])
    posted = urlencode(changed | {"HASH": bank_hash.sign(fields, KEY)}).encode()
    assert isinstance(read(posted, FORM_TYPE, [("k", KEY)]), Forged)


@given(st.lists(VALUES, min_size=2, max_size=6, unique_by=str), st.data())
def test_values_cannot_flow_together(values: list[str], data: st.DataObject) -> None:
    r"""Text moved over a border between two values changes the hash: `|` and `\` are escaped (event 60)."""
    fields = {f"F{chr(65 + place)}": value for place, value in enumerate(values)}
    place = data.draw(st.integers(0, len(values) - 2))
    first, second = f"F{chr(65 + place)}", f"F{chr(66 + place)}"
    moved = fields | {first: f"{fields[first]}|{fields[second]}", second: ""}
    assert request_hash(fields, KEY) != request_hash(moved, KEY)


@pytest.mark.parametrize("value", [" a ", "a\n", "\ta", "a\r\n", "\0a", "a\x0b"])
def test_requests_are_trimmed(value: str) -> None:
    """The kit trims a request's values before hashing, of six characters and no others."""
    assert request_hash({"a": value}, KEY) == request_hash({"a": "a"}, KEY)
    assert request_hash({"a": "\u00a0a"}, KEY) != request_hash({"a": "a"}, KEY)


@pytest.mark.parametrize("blank", ["email", "ErrMsg"])
def test_an_empty_value_keeps_its_place(blank: str) -> None:
    """An empty value is a value: leaving it out is another form."""
    assert request_hash({blank: "", "z": "1"}, KEY) != request_hash({"z": "1"}, KEY)


def test_natural_order() -> None:
    """PHP's natural order counts numbers inside names, and folds to upper case (event 59)."""
    assert sorted(["id10", "ID2", "id1"], key=natural) == ["id1", "ID2", "id10"]
    assert sorted(["a_b", "aZ", "aa"], key=natural) == ["aa", "aZ", "a_b"]
    assert sorted(["EXTRA.X", "EXTRAX", "EXTRA_X"], key=natural) == ["EXTRA.X", "EXTRAX", "EXTRA_X"]
    assert sorted(["a_", "a7", "a12", "a-"], key=natural) == ["a-", "a7", "a12", "a_"]
    assert sorted(["a10", "a9", "a009b", "a0", "a"], key=natural) == [
        "a",
        "a0",
        "a9",
        "a009b",
        "a10",
    ]


@pytest.mark.parametrize("name", ["¹", "٤", "a" + "7" * 9000, "\ud83d", "①"])
def test_any_name(name: str) -> None:
    """A form with a name that no gateway writes is verified like any other: its hash decides."""
    fields = {name: "value", "oid": "1"}
    body = urlencode(fields | {"HASH": "x"}, errors="surrogatepass").encode()
    assert natural(name) > natural("")
    assert not isinstance(read(body, FORM_TYPE, [("k", KEY)]), Message)


@pytest.mark.parametrize("names", [("Id1", "Id2", "Id10"), ("tel", "TEL")])
def test_disputed_orders(names: tuple[str, ...]) -> None:
    """Where the samples would sort differently, neither side signs."""
    fields = dict.fromkeys(names, "x")
    with pytest.raises(DisputedOrderError):
        request_hash(fields, KEY)
    with pytest.raises(bank_hash.AmbiguousOrderError):
        bank_hash.sign(fields, KEY)
