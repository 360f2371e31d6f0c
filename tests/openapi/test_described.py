"""The running portal and `openapi.json`: no answer but those described, to any request.

Requests are schemathesis's, by the description and against it. The stack is the one of `make run`:
its gateway, the template's routes, each function in a process of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from requests import Session
from schemathesis import GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from functions.shared.web import HEADERS
from tests import stack
from tests.chance import examples
from tests.openapi.live import Doors

SCHEMA = schemathesis.openapi.from_path(
    Path(__file__).parents[2] / "openapi.json", config=schemathesis.Config(seed=1)
)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in SCHEMA.items()
    for method, operation in methods.items()
}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
# What the description cannot say: digits that check others, the languages that a deployment
# offers, and that 1.0, which JSON Schema takes for an integer, is none where it counts.
UNSAID = {
    ("reference", "check_digits"), ("language", "wrong_type"), ("proof.number", "wrong_type"),
    ("seen_total_centimes", "wrong_type"),
}  # fmt: skip
POSTED = sorted(name for name, operation in OPERATIONS.items() if operation.body)


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    """Run the portal, with a payment made."""
    with stack.running() as running:
        yield Doors.of(running)


@pytest.fixture(scope="module")
def line() -> Iterator[Session]:
    """Give a connection that is kept."""
    with Session() as session:
        yield session


def answered(case: Any, doors: Doors, line: Session) -> Response:  # noqa: ANN401 - schemathesis's
    """Send a request; give the answer, once it is known to be as described."""
    answer: Response = case.call(base_url=doors.portal, session=line)
    case.validate_response(answer, checks=CHECKS)
    headers = {name.lower(): values[-1] for name, values in answer.headers.items()}
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert not [name for name in headers if name.startswith("access-control-")]
    assert not {"server", "set-cookie", "x-powered-by"} & set(headers)
    return answer


def test_done(doors: Doors, line: Session) -> None:
    """A right request is done, and the answer is the one that the description promises."""
    assert set(doors.right()) == set(OPERATIONS)
    for name, bodies in doors.right().items():
        for body in bodies:
            made = {} if body is None else {"body": body, "media_type": "application/json"}
            answer = answered(OPERATIONS[name].Case(**made), doors, line)
            assert answer.status_code < 300, (name, answer.text)


@examples(100)
@given(name=st.sampled_from(sorted(OPERATIONS)), data=st.data())
def test_by_the_description(name: str, doors: Doors, line: Session, data: st.DataObject) -> None:
    """Whoever follows the description is never told that a request is wrongly made."""
    case = data.draw(OPERATIONS[name].as_strategy())
    live = data.draw(st.sampled_from([{}, *filter(None, doors.right()[name])]))
    if isinstance(case.body, dict):
        case.body |= {field: live[field] for field in case.body if field in live}
    answer = answered(case, doors, line)
    if answer.status_code >= 400:
        problem = answer.json()
        assert problem["code"] not in ("malformed", "unsupported_media_type", "cross_site")
        assert set(problem.get("fields", {}).items()) <= UNSAID


@examples(100)
@given(name=st.sampled_from(POSTED), data=st.data())
def test_against_the_description(
    name: str, doors: Doors, line: Session, data: st.DataObject
) -> None:
    """What breaks the description is refused as the description says, never by a 500."""
    case = data.draw(OPERATIONS[name].as_strategy(GenerationMode.NEGATIVE))
    assert 400 <= answered(case, doors, line).status_code < 500
