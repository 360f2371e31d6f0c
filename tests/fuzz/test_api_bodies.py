"""Whatever is posted to the API: an answer that `openapi.json` announces, and no change unasked."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.operations import ANY_FAULT
from tests.chance import examples
from tests.fuzz.books import Books
from tests.fuzz.damage import damaged
from tests.fuzz.json_values import altered, garbage, values, written
from tests.fuzz.listening import Ear
from tests.portal import GOLDEN, NUMBER, Answer, Json, Portal, copied, signed

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
ROUTES = sorted(path for path, described in OPENAPI["paths"].items() if "post" in described)
JSON = "application/json"
KINDS = (
    JSON, JSON, f"{JSON}; charset=utf-8", JSON.upper(), "", "text/plain", f"\t{JSON}",
    "application/json-patch+json",
)  # fmt: skip
SITES = ("", "", "same-origin", "cross-site", "none", "é")
headers = st.fixed_dictionaries(
    {"Content-Type": st.sampled_from(KINDS), "Sec-Fetch-Site": st.sampled_from(SITES)}
)
# Whoever asks is counted, and a code that was tried is burnt: nothing else changes for a refusal.
COUNTED = ("RATE#", "CODE#")
every_route = pytest.mark.parametrize("path", ROUTES)


@dataclass(slots=True, repr=False)
class Case:
    """A portal with a payment made and another due to pay; `right`: what it would do, by route."""

    portal: Portal
    books: Books
    ear: Ear
    right: dict[str, list[Json]]

    def post(self, path: str, body: bytes, **told: str) -> Answer:
        """Post a body; give the answer, once it is known to be one of those announced."""
        event = self.portal.event("POST", path, data=body, headers={"Content-Type": JSON} | told)
        answer = self.portal.handed("POST", path, event)
        described = OPENAPI["paths"][path]["post"]
        assert str(answer.status) in described["responses"], answer.text
        if answer.status >= 400:
            self._refused(answer, described)
        self.ear.is_calm()
        self.books.undo()
        return answer

    def _refused(self, answer: Answer, described: Json) -> None:
        """Make sure that a refusal names announced faults of announced fields, and left nothing."""
        assert answer.status < 500, answer.text
        assert answer.code in described["x-codes"]
        known, fields = described["x-field-codes"], answer.json.get("fields", {})
        assert bool(fields) == (answer.code == "invalid")
        assert all(fault in (*ANY_FAULT, *known.get(name, ())) for name, fault in fields.items())
        assert all(key.startswith(COUNTED) for key in self.books.written())


@pytest.fixture(scope="module")
def right(portal: Portal, books: Books) -> dict[str, list[Json]]:
    """Give, for each route, requests that it would do."""
    order = portal.checkout(email="kestrel@example.ma").json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    handle = {"handle": _paid(portal, books, order)}
    asked = {"reference": order["reference"], "registration_number": NUMBER}
    portal.load(replace(GOLDEN, quarter=2, reference="BPC2020020004319"))
    shown, listed = portal.post("/api/control-code").json, portal.first_lookup().json
    books.keep()
    return {
        "/api/control-code": [{}],
        "/api/csp": [{"csp-report": {"document-uri": "https://asvi.example/fr/"}}],
        "/api/lookup": [copied(shown, NUMBER), {"session": listed["session"]}],
        "/api/checkout": [portal.wanted(listed)],
        "/api/receipt": [handle, asked],
        "/api/receipt/pdf": [handle | {"language": "ar"}, asked],
        "/api/receipt/letter": [handle | {"email": "other@example.ma"}, asked],
    }


def _paid(portal: Portal, books: Books, order: Json) -> str:
    """Sign the receipt, let the letter come back as undeliverable, and give the handle."""
    paid = books.table.get((f"ORDER#{order['reference']}", "ORDER"))
    done = portal.deliver({"dynamodb": {"NewImage": paid, "SequenceNumber": "1"}})
    assert done == {"batchItemFailures": []}
    tags = {"oid": [order["reference"]], "letter": ["1"]}
    news = {"eventType": "Bounce", "mail": {"tags": tags}}
    portal.invoke("LetterFunction", {"source": "aws.ses", "detail": news})
    portal.now += timedelta(hours=1)  # the letter may be asked for again
    returned = portal.call("POST", "/cmi/return", form=signed(order), query="l=fr")
    return returned.headers["location"].partition("#h=")[2].partition("&")[0]


@pytest.fixture
def case(portal: Portal, books: Books, ear: Ear, right: dict[str, list[Json]]) -> Case:
    """Give all that a case needs."""
    return Case(portal, books, ear, right)


@every_route
def test_right_requests(case: Case, path: str) -> None:
    """What the other tests damage is done as it stands, so that they begin inside."""
    for request in case.right[path]:
        assert case.post(path, written(request)).status < 300


@every_route
@examples(50)
@given(body=garbage | values.map(written), told=headers)
def test_garbage(case: Case, path: str, body: bytes, told: dict[str, str]) -> None:
    """Garbage is refused by name, whatever it is called."""
    case.post(path, body, **told)


@every_route
@examples(80)
@given(data=st.data())
def test_altered(case: Case, path: str, data: st.DataObject) -> None:
    """A request with a few fields wrong is refused by its fields' names, or done as it stands."""
    right = data.draw(st.sampled_from(case.right[path]))
    case.post(path, written(data.draw(altered(right) if right else values)))


@every_route
@examples(40)
@given(data=st.data())
def test_damaged(case: Case, path: str, data: st.DataObject) -> None:
    """A request damaged on its way is refused, or done as it stands."""
    right = written(data.draw(st.sampled_from(case.right[path])))
    case.post(path, data.draw(damaged(right)))
