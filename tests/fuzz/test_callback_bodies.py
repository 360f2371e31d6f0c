"""Whatever is posted to CMI's routes: one of three words comes back, and only CMI moves money."""

from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_simulator import hash as bank_hash
from functions.shared.rules.cmi.answer import ACCEPTED_MD_STATUS, Message, read
from functions.shared.rules.cmi.hashing import UNHASHED
from functions.shared.rules.keys import key_id
from functions.shared.rules.money import centimes
from local.settings import STORE_KEY
from tests.chance import examples
from tests.fuzz.books import Books
from tests.fuzz.damage import damaged
from tests.fuzz.forms import FORM, Pairs, encoded, media_types, rewritten
from tests.fuzz.listening import Ear
from tests.portal import DECLINED, Answer, Json, Portal, signed

CAPTURE, WORDS = "ACTION=POSTAUTH", {"ACTION=POSTAUTH", "APPROVED", "FAILURE"}
DECIDING = (
    "oid", "TransId", "amount", "currency", "clientid", "Response", "ProcReturnCode", "mdStatus",
)  # fmt: skip
# Of these a hash says nothing about blanks and escapes; they are compared as CMI prepared them.
ECHO = ("storetype", "okUrl", "failUrl")
KEYS = [(key_id(STORE_KEY), STORE_KEY)]
PRIVATE = {"maskedCreditCard": "4000 00** **** 0010", "cardHolderName": "KESTREL kestrel"}
LANGUAGES = ("ar", "en", "zz", "en\r\nX: y", "//evil.example", "../..")
unsigned = (
    st.binary(max_size=200)
    | st.text(max_size=60).map(lambda text: quote_plus(text, errors="replace").encode())
    | st.integers(1, 70_000).map(lambda size: b"HASH=x&oid=" + b"1" * size)
    | st.integers(1, 400).map(lambda count: b"&".join(b"f%d=1" % n for n in range(count)))
)


@dataclass(slots=True, repr=False)
class Case:
    """A payment on its way, and all that may change or be said around it."""

    portal: Portal
    ear: Ear
    books: Books
    order: Json

    def approval(self, said: Json | None = None) -> dict[str, str]:
        """Give CMI's signed message about the order, an approval unless it says otherwise."""
        return signed(self.order, said, **PRIVATE)

    def post(self, path: str, body: bytes, kind: str = FORM, query: str = "") -> Answer:
        """Post a body; give the answer, once it is known that nothing broke or was told."""
        headers = {"Content-Type": kind}
        event = self.portal.event("POST", path, data=body, headers=headers, query=query)
        answer = self.portal.handed("POST", path, event)
        self.ear.is_calm(self.order["gateway"]["fields"]["HASH"])
        return answer

    def verdict(self, body: bytes, kind: str = FORM) -> str:
        """Post a body to the callback; give the reply, once the books agree with it."""
        answer = self.post("/cmi/callback", body, kind)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert answer.text in WORDS
        if answer.text == CAPTURE:
            assert self.portal.due_states() == ["paid"]
        else:
            kept = ("SUSPECT#",) if answer.text == "FAILURE" else ("ATTEMPT#", "LETTER#nd-")
            mine = tuple(f"ORDER#{self.order['reference']} {one}" for one in kept)
            assert all(key.startswith(mine) for key in self.books.written())
        self.books.undo()
        return answer.text


@pytest.fixture(scope="module")
def order(portal: Portal, books: Books) -> Json:
    """Give an order that its payer has taken to CMI's page."""
    document: Json = portal.checkout(email="kestrel@example.ma").json
    books.keep()
    return document


@pytest.fixture
def case(portal: Portal, ear: Ear, books: Books, order: Json) -> Case:
    """Give a payment and its surroundings."""
    return Case(portal, ear, books, order)


def test_right_message(case: Case) -> None:
    """The message that the other tests damage captures as it stands."""
    assert case.verdict(urlencode(case.approval()).encode()) == CAPTURE


@examples(150)
@given(body=unsigned, kind=media_types)
def test_any_bytes(case: Case, body: bytes, kind: str) -> None:
    """Bytes that nobody signed are answered FAILURE and leave nothing."""
    assert case.verdict(body, kind) == "FAILURE"


@examples(250)
@given(data=st.data())
def test_damaged_on_its_way(case: Case, data: st.DataObject) -> None:
    """A damaged approval captures only where all that decides about money is as CMI signed it."""
    original = urlencode(case.approval()).encode()
    body = data.draw(damaged(original))
    if case.verdict(body) == CAPTURE:
        assert deciding(body) == deciding(original)


def deciding(body: bytes) -> list[str]:
    """Give what decides about money in a message."""
    reading = read(body, FORM, KEYS)
    assert isinstance(reading, Message)
    return [reading.get(name) for name in DECIDING] + [reading.echoed(name) for name in ECHO]


@examples(250)
@given(data=st.data())
def test_rewritten_under_its_hash(case: Case, data: st.DataObject) -> None:
    """A decline whose fields are moved about under its hash never captures (event 53)."""
    body = data.draw(rewritten(case.approval(DECLINED)).flatmap(encoded))
    assert case.verdict(body) != CAPTURE


@examples(250)
@given(data=st.data())
def test_strange_but_signed(case: Case, data: st.DataObject) -> None:
    """What CMI itself signs captures only what the order says, whatever else stands there."""
    original = {name: text for name, text in case.approval().items() if name != "HASH"}
    pairs = data.draw(rewritten(original))
    if case.verdict(data.draw(encoded(resigned(pairs)))) == CAPTURE:
        said = {name.upper(): value for name, value in pairs}
        assert centimes(said["AMOUNT"]) == case.order["total_centimes"]
        assert said["MDSTATUS"] in ACCEPTED_MD_STATUS
        same = ("oid", "currency", "clientid", "Response", "ProcReturnCode")
        assert [said[name.upper()] for name in same] == [original[name] for name in same]


def resigned(pairs: Pairs) -> Pairs:
    """Sign fields as the bank does, unless it never would; where names clash, the last of them."""
    try:
        return [*pairs, ("HASH", bank_hash.sign(dict(pairs), STORE_KEY))]
    except (bank_hash.AmbiguousOrderError, ValueError):
        return pairs


@examples(150)
@given(
    body=unsigned | damaged(b"oid=43190271885204&HASH=x"),
    language=st.sampled_from(LANGUAGES) | st.text(max_size=8),
    path=st.sampled_from(("/cmi/return", "/cmi/cancel")),
)
def test_browser_routes(case: Case, body: bytes, language: str, path: str) -> None:
    """The browser comes back to a page of ours, whatever it brings; nothing is written."""
    answer = case.post(path, body, query=urlencode({"l": language}, errors="replace"))
    assert not case.books.written()
    assert answer.status == 303
    place = {"/cmi/return": "suivi/", "/cmi/cancel": "assure/transaction/#cancelled"}[path]
    assert answer.headers["location"] in {f"/{known}/{place}" for known in ("fr", "ar", "en")}


@examples(400)
@given(charset=st.sampled_from(("UTF-8", "ISO-8859-9", "x")), kind=media_types, data=st.data())
def test_reader(charset: str, kind: str, data: st.DataObject) -> None:
    """Any body is read or refused, and under a hash stand the values that the bank hashed."""
    fields = {"amount": "1467.06", "oid": "43190271885204", "TransId": "T1"}
    form = fields | {"encoding": charset, "HASH": bank_hash.sign(fields, STORE_KEY)}
    reading = read(data.draw(rewritten(form).flatmap(encoded) | st.binary()), kind, KEYS)
    if isinstance(reading, Message):
        names = sorted(set(reading.fields) - UNHASHED)
        assert [reading.echoed(name) for name in names] == list(fields.values())
