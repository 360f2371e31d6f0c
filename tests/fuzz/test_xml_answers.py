"""Whatever CMI's XML API is said to have answered: a word about our order alone, or none."""

import re
from itertools import pairwise
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from functions.settlement import xml
from functions.shared.rules.settlement import Fate, Status
from tests.chance import examples
from tests.fuzz.damage import damaged

OID, CENTIMES = "43190271885204", 146706
RIGHT = f"""<?xml version="1.0" encoding="ISO-8859-9"?>
<CC5Response><OrderId>{OID}</OrderId><GroupId>{OID}</GroupId><Response>Approved</Response>
<AuthCode>P45781</AuthCode><ProcReturnCode>00</ProcReturnCode><TransId>T1</TransId>
<ErrMsg></ErrMsg><Extra><TRANS_STAT>C</TRANS_STAT><CAPTURE_AMT>{CENTIMES}</CAPTURE_AMT>
<TRANS_ID>T1</TRANS_ID><CAPTURE_DTTM>2020-05-05 21:51:02</CAPTURE_DTTM></Extra>
</CC5Response>""".encode()
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{entities}]>
<CC5Response><OrderId>&{last};</OrderId></CC5Response>"""
NASTY = (
    b"<!DOCTYPE x>", b'<!ENTITY a "b">', b"&a;", b"&lt;", b"&#0;", b"&#xD800;", b"<![CDATA[",
    b"]]>", b"<OrderId>1</OrderId>", b"<TransId>T2</TransId>", b"<TRANS_STAT>V</TRANS_STAT>",
    b"</Extra><Extra>", b"<CAPTURE_AMT>1</CAPTURE_AMT>", b"<CC5Response>", b"<?php ?>",
    b' xmlns="x"', b'encoding="utf-16"', b'encoding="x"', b"\x00", b"\xff", b"9" * 20,
    "١".encode(), b" ", b"\n",
)  # fmt: skip
NO_NAMES = ("T" * 65, "T#1", "T1\n", "Ｔ1", "T 1", "¹", "")
STRANGERS = (b"", b"43190271885205", b"4319 0271885204", b"=43190271885204")
NAMES = ("OrderId", "Response", "TransId", "ErrMsg", "Extra", "TRANS_STAT", "CC5Response", "x")
NO_WORD = (Fate.UNKNOWN, Fate.MIXED)


def read(body: bytes) -> Status:
    """Read an answer to our question about OID, in both ways that settlement does."""
    answer = xml.read(body)
    done, said = xml.done(answer, OID), xml.status(answer, OID)
    assert done or said.fate in (*NO_WORD, Fate.ABSENT)
    return said


def test_right_answer() -> None:
    """The answer that the other tests damage proves a capture as it stands."""
    assert (read(RIGHT).fate, read(RIGHT).captured_centimes) == (Fate.CAPTURED, CENTIMES)


@examples(200)
@given(body=st.binary(max_size=300) | damaged(b"<CC5Response/>", NASTY))
def test_any_bytes(body: bytes) -> None:
    """Bytes that are no answer say nothing."""
    assert read(body) == Status(Fate.UNKNOWN)


@examples(300)
@given(body=damaged(RIGHT, NASTY))
def test_damaged(body: bytes) -> None:
    """A damaged answer proves money only for a transaction that can be named, in centimes."""
    said = read(body)
    assert re.fullmatch(r"[A-Za-z0-9._-]{0,64}", said.trans_id)
    assert said.trans_id or said.fate not in (Fate.CAPTURED, Fate.AUTHORISED)
    assert said.fate is Fate.CAPTURED or not said.captured_centimes


@examples(200)
@given(stranger=st.sampled_from(STRANGERS), data=st.data())
def test_another_order(stranger: bytes, data: st.DataObject) -> None:
    """An answer about another order, however damaged, is no word about ours (event 92)."""
    answer = RIGHT.replace(OID.encode(), stranger)
    body = data.draw(damaged(answer, NASTY) | st.just(answer))
    assert read(body).fate in NO_WORD or OID.encode() in body


@examples(200)
@given(trans_id=st.sampled_from(NO_NAMES) | st.text(max_size=8))
def test_transaction(trans_id: str) -> None:
    """A transaction has the name of a row, or is none: what CMI sends is a key of our table."""
    named = f">{escape(trans_id)}<".encode("iso-8859-9", "xmlcharrefreplace")
    said = read(RIGHT.replace(b">T1<", named))
    name = re.fullmatch(r"[A-Za-z0-9._-]{1,64}", trans_id.strip())
    assert said == Status(Fate.UNKNOWN) or (name and said.trans_id == name.group())


@examples(50)
@given(depth=st.integers(1, 12), width=st.integers(1, 10))
def test_bombs(depth: int, width: int) -> None:
    """Entities are refused before they are unfolded, however few they are (event 90)."""
    names = [f"a{level}" for level in range(depth + 1)]
    entities = "".join(
        f'<!ENTITY {name} "{f"&{inner};" * width}">' for inner, name in pairwise(names)
    )
    assert xml.read(BOMB.format(entities=entities, last=names[-1]).encode()) is None


@examples(50)
@given(name=st.sampled_from(NAMES), depth=st.integers(1, 30_000), closed=st.booleans())
def test_depth(name: str, depth: int, closed: bool) -> None:
    """An answer nested as deep as its size allows is read or refused, and nothing overflows."""
    inner = f"<{name}>" * depth + "1" + f"</{name}>" * depth * closed
    assert read(f"<CC5Response>{inner}</CC5Response>".encode()).fate in NO_WORD
