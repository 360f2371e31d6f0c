"""CMI's XML answers: what is plainly about our order is believed, all else is "unknown"."""

from datetime import UTC

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from functions.settlement import xml
from functions.shared.rules.settlement import Fate, Status

OID = "43190271885204"
WHO = xml.Credentials("600000001", "asvi_api", "p&<ss>")
GOOD = {
    "OrderId": OID,
    "Response": "Approved",
    "ProcReturnCode": "00",
    "TransId": "T1",
    "ErrMsg": "",
}
EXTRA = {"TRANS_STAT": "C", "CAPTURE_AMT": "146706", "TRANS_ID": "T1"}


def written(told: dict[str, str], extra: dict[str, str], more: str = "") -> str:
    """Write a CC5Response."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
    within = "".join(f"<{name}>{value}</{name}>" for name, value in extra.items())
    return f"<CC5Response>{inner}<Extra>{within}</Extra>{more}</CC5Response>"


def status(body: str | bytes) -> Status:
    """Read an answer to the question about OID."""
    return xml.status(xml.read(body.encode() if isinstance(body, str) else body), OID)


def said(extra: dict[str, str] | None = None, more: str = "", **told: str) -> Status:
    """Read a good answer, changed: within Extra, by `more` behind all, or by name."""
    return status(written(GOOD | told, EXTRA | (extra or {}), more))


@pytest.mark.parametrize(
    ("letter", "fate"),
    [
        ("A", Fate.AUTHORISED), ("C", Fate.CAPTURED), ("S", Fate.CAPTURED), ("V", Fate.VOIDED),
        ("CNCL", Fate.VOIDED), ("D", Fate.DECLINED), ("ERR", Fate.UNKNOWN), ("PN", Fate.UNKNOWN),
        ("", Fate.UNKNOWN), ("c", Fate.UNKNOWN), ("Captured", Fate.UNKNOWN),
    ],
)  # fmt: skip
def test_letters(letter: str, fate: Fate) -> None:
    """Each letter of TRANS_STAT is a fate; one that nobody described is unknown (event 93)."""
    assert said({"TRANS_STAT": letter}).fate is fate


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        ("146706", 146706), (" 146706\n", 146706), ("1467", 1467), ("0", 0),
        ("1467.06", None), ("1467,06", None), ("", None), ("-146706", None), ("+146706", None),
        ("146_706", None), ("1e5", None), ("١٤٦٧٠٦", None), ("9" * 12, None),
    ],
)  # fmt: skip
def test_captured_amount(text: str, centimes: int | None) -> None:
    """Captured amounts are centimes; dirhams or no amount at all prove nothing (event 93)."""
    found = said({"CAPTURE_AMT": text})
    expected = Status(Fate.UNKNOWN) if centimes is None else Status(Fate.CAPTURED, "T1", centimes)
    assert found == expected


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2020-05-05 21:51:02", "2020-05-05T21:51:02+00:00"),  # Ramadan: Casablanca is on UTC
        ("2020-06-05 00:10:00", "2020-06-04T23:10:00+00:00"),
        ("", None), ("2020-13-05 21:51:02", None), ("20200505 21:51:02", None), ("soon", None),
    ],
)  # fmt: skip
def test_time_of_capture(text: str, utc: str | None) -> None:
    """The capture's time is on a clock in Morocco; one that cannot be read is none."""
    at = said({"CAPTURE_DTTM": text}).captured_at
    assert (at.astimezone(UTC).isoformat() if at else None) == utc


MISSING = {"OrderId": "", "Response": "Error", "ProcReturnCode": "99"}
ABSENT = f"No record found for {OID}"


@pytest.mark.parametrize(
    ("told", "fate"),
    [
        ({"ErrMsg": ABSENT}, Fate.ABSENT),
        ({"ErrMsg": ABSENT.upper(), "OrderId": OID}, Fate.ABSENT),
        ({"ErrMsg": "No record found", "OrderId": OID}, Fate.ABSENT),
        ({"ErrMsg": "No record found for 99999999999999"}, Fate.UNKNOWN),
        ({"ErrMsg": "No record found"}, Fate.UNKNOWN),
        ({"ErrMsg": ABSENT, "ProcReturnCode": "00"}, Fate.UNKNOWN),
        ({"ErrMsg": "Database error"}, Fate.UNKNOWN),
        ({"ErrMsg": f"Timeout; {ABSENT}"}, Fate.UNKNOWN),
    ],
)
def test_absent(told: dict[str, str], fate: Fate) -> None:
    """Only CMI's plain word that it has no such order counts as absence (event 94)."""
    assert status(written(MISSING | told, {})).fate is fate


@pytest.mark.parametrize(
    "changes",
    [
        {"OrderId": "99999999999999"}, {"OrderId": ""}, {"TransId": "T2"},
        {"more": f"<OrderId>{OID}</OrderId>"}, {"more": "<TransId>T2</TransId>"},
        {"more": "<Extra><TRANS_STAT>V</TRANS_STAT></Extra>"}, {"more": "<Response>Error</Response>"},
    ],
)  # fmt: skip
def test_about_another(changes: dict[str, str]) -> None:
    """An answer about another order, or about two transactions, is no answer (event 92)."""
    assert said({}, **changes).fate is Fate.MIXED


@pytest.mark.parametrize("name", ["TRANS_STAT", "CAPTURE_AMT", "TRANS_ID"])
def test_two_transactions(name: str) -> None:
    """Two transactions within Extra are two, whichever comes first (event 92)."""
    text = written(GOOD, EXTRA).replace("</Extra>", f"<{name}>1</{name}></Extra>")
    assert status(text).fate is Fate.MIXED


@pytest.mark.parametrize("letter", ["A", "C"])
def test_without_transaction(letter: str) -> None:
    """Money without a transaction's name settles nothing."""
    assert said({"TRANS_STAT": letter, "TRANS_ID": ""}, TransId="").fate is Fate.UNKNOWN


@pytest.mark.parametrize("name", ["T#1", "T 1", "١", "T" * 65])
@pytest.mark.parametrize("letter", ["A", "C", "V", "D"])
def test_no_name_for_a_row(letter: str, name: str) -> None:
    """A transaction is a key of our table: what cannot be one settles nothing."""
    assert said({"TRANS_STAT": letter, "TRANS_ID": name}, TransId=name) == Status(Fate.UNKNOWN)


@pytest.mark.parametrize(
    "told", [{"Response": "Error"}, {"Response": ""}, {"Response": "approved"}]
)
def test_not_approved(told: dict[str, str]) -> None:
    """Whatever else stands in an answer that is an error is not believed."""
    assert said({}, **told).fate is Fate.UNKNOWN


ENTITY = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE r [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(9)
) + "]>"  # fmt: skip
PLAIN = written(GOOD, EXTRA)
HOSTILE = {
    "nothing": b"",
    "a page": b"<html><body>503 Service Unavailable</body></html>",
    "another root": PLAIN.replace("CC5Response", "CC5Request").encode(),
    "external entity": (ENTITY + PLAIN.replace("<ErrMsg>", "<ErrMsg>&e;")).encode(),
    "billion laughs": (LAUGHS + PLAIN.replace("<ErrMsg>", "<ErrMsg>&l8;")).encode(),
    "a DTD alone": (b"<!DOCTYPE CC5Response>" + PLAIN.encode()),
    "a DTD in UTF-16": ("<!DOCTYPE CC5Response>" + PLAIN).encode("utf-16"),
    "10 MB": PLAIN.replace("<ErrMsg>", "<ErrMsg>" + "x" * 10_000_000).encode(),
    "cut": PLAIN[:-5].encode(),
    "two documents": (PLAIN + PLAIN).encode(),
    "bad UTF-8": PLAIN.replace("T1", "T\xff").encode("latin-1"),
    "unknown charset": b'<?xml version="1.0" encoding="x-none"?>' + PLAIN.encode(),
    "a NUL": PLAIN.replace("T1", "T\0").encode(),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile(body: bytes) -> None:
    """What is no answer of CMI's, or attacks the parser, is unknown (events 89 and 90)."""
    assert status(body) == Status(Fate.UNKNOWN)
    assert not xml.done(xml.read(body), OID)


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = st.sampled_from([*GOOD, "Extra", "TRANS_STAT", "CAPTURE_AMT", "CC5Response", "x"])
WORDS = st.sampled_from([OID, "Approved", "00", "99", "C", "T1", "146706", ABSENT, ""]) | TEXT
TREES = st.recursive(
    WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.lists(st.tuples(NAMES, inner), max_size=9).map(
        lambda pairs: "".join(f"<{name}>{text}</{name}>" for name, text in pairs)
    ),
    max_leaves=12,
)


@given(TREES | TEXT)
def test_any_answer(inner: str) -> None:
    """No text makes the reader fail, and no capture is read but our order's, named, in centimes."""
    for body in (inner.encode(), f"<CC5Response>{inner}</CC5Response>".encode()):
        found = status(body)
        assert found.fate is not Fate.CAPTURED or (found.trans_id and OID.encode() in body)


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    """No bytes make the reader fail."""
    assert status(body) == Status(Fate.UNKNOWN)


@given(st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=30))
def test_requests(text: str) -> None:
    """Whatever a transaction is called, the request is XML that says just that."""
    body = xml.order_to("PostAuth", WHO, OID, text, 146706)
    root = fromstring(body)
    told = {child.tag: child.text or "" for child in root}
    assert told == {
        "Name": "asvi_api", "Password": "p&<ss>", "ClientId": "600000001", "OrderId": OID,
        "Type": "PostAuth", "TransId": text, "Total": "1467.06", "Currency": "504",
    }  # fmt: skip


def test_void_names_its_transaction() -> None:
    """A Void carries the transaction and no amount; a question carries no verb (`cmi.md`)."""
    void = fromstring(xml.order_to("Void", WHO, OID, "T1", 146706))
    assert (void.findtext("Type"), void.findtext("TransId")) == ("Void", "T1")
    assert void.find("Total") is None
    asked = fromstring(xml.question(WHO, OID))
    assert asked.findtext("Extra/ORDERSTATUS") == "QUERY"
    assert asked.find("Type") is None


@pytest.mark.parametrize(
    ("told", "done"),
    [
        ({}, True),
        ({"Response": "Error"}, False),
        ({"ProcReturnCode": "99"}, False),
        ({"ProcReturnCode": ""}, False),
        ({"OrderId": "9"}, False),
        ({"OrderId": ""}, False),
    ],
)
def test_done(told: dict[str, str], done: bool) -> None:
    """A movement was made where CMI says so of our order (event 95: an error is no success)."""
    assert xml.done(xml.read(written(GOOD | told, {}).encode()), OID) is done


def test_password_stays_in() -> None:
    """Nothing that prints our credentials prints the password (event 122)."""
    assert WHO.password not in repr(WHO)
