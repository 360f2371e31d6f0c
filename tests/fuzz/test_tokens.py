"""Tickets, sessions and handles at the API's door: any other letter, and they open nothing."""

from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.chance import examples
from tests.fuzz.books import Books
from tests.fuzz.damage import damaged
from tests.fuzz.listening import Ear
from tests.portal import NUMBER, Json, Portal, copied, signed

REFUSALS = {
    "session": "session_expired", "ticket": "control_code_expired", "handle": "not_found",
}  # fmt: skip
LONGEST = 1024
NASTY = (
    b".", b"..", b"=", b"==", b"+", b"/", b"-", b"_", b"A", b" ", b"\n", b"\x00", "é".encode(),
    "１".encode(), b"eyJ9", b"null",
)  # fmt: skip
every_kind = pytest.mark.parametrize("kind", REFUSALS)


@dataclass(slots=True, repr=False)
class Doors:
    """What each kind of token opens: the route and the request."""

    portal: Portal
    books: Books
    opened: dict[str, tuple[str, Json]]

    def token(self, kind: str) -> str:
        """Give the token of a kind."""
        return str(self.opened[kind][1][kind])


@pytest.fixture(scope="module")
def doors(portal: Portal, books: Books) -> Doors:
    """Give a token of each kind."""
    shown, listed = portal.post("/api/control-code").json, portal.first_lookup().json
    order = portal.checkout(listed).json
    returned = portal.call("POST", "/cmi/return", form=signed(order), query="l=fr")
    handle = returned.headers["location"].partition("#h=")[2].partition("&")[0]
    books.keep()
    opened: dict[str, tuple[str, Json]] = {
        "session": ("/api/lookup", {"session": listed["session"]}),
        "ticket": ("/api/lookup", copied(shown, NUMBER)),
        "handle": ("/api/receipt", {"handle": handle}),
    }
    return Doors(portal, books, opened)


@every_kind
def test_right_tokens(doors: Doors, kind: str) -> None:
    """As they were given out they open what they are for, so that the other test means something."""
    assert doors.portal.post(*doors.opened[kind]).status == 200
    doors.books.undo()


@every_kind
@examples(200)
@given(data=st.data())
def test_damaged_tokens(doors: Doors, ear: Ear, kind: str, data: st.DataObject) -> None:
    """A token that is not to the letter the one given out opens nothing and writes nothing."""
    path, request = doors.opened[kind]
    right = doors.token(kind)
    changed = damaged(right.encode(), NASTY).map(lambda text: text.decode(errors="replace"))
    other = st.sampled_from([doors.token(one) for one in REFUSALS if one != kind])
    token = data.draw(changed | other | st.text(max_size=40))
    assume(token != right)
    answer = doors.portal.post(path, request | {kind: token})
    text = 1 <= len(token) <= LONGEST and token.encode(errors="ignore").decode() == token
    assert answer.code == (REFUSALS[kind] if text else "invalid")
    assert not doors.books.written()
    ear.is_calm(right)
