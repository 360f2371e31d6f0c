"""The look from outside after a deployment, at the portal on this machine."""

from collections.abc import Iterator

import pytest

from tests import stack
from tests.stack import Running, free_ports
from tools.deploy import smoke


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """Start the portal."""
    with stack.running() as started:
        yield started


def test_all_well(running: Running) -> None:
    """A portal that works has no problem: the production headers, pages, assets, API and CMI."""
    assert smoke.problems(running.portal, running.bank) == []


def test_other_gateway(running: Running) -> None:
    """A portal whose pages may post to another card page than this stage's is not well."""
    (problem,) = smoke.problems(running.portal, "https://payment.cmi.co.ma")
    assert problem.startswith("/fr/ comes with content-security-policy: ")
    assert "form-action 'self' https://payment.cmi.co.ma" in problem


def test_what_is_missing(running: Running) -> None:
    """An address that serves something else is not taken for the portal."""
    problems = smoke.problems(running.bank, running.bank)
    assert any(problem.startswith("/fr/ answers 404") for problem in problems)
    assert any(problem.startswith("/api/health") for problem in problems)
    assert "/keys.json has no key: no receipt can be checked" in problems


def test_silence() -> None:
    """A portal that does not answer is one problem, not a stack of Python."""
    (port,) = free_ports(1)
    (problem,) = smoke.problems(f"http://127.0.0.1:{port}", "https://payment.cmi.co.ma")
    assert "does not answer" in problem


def test_never_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal with TLS leads whoever comes without it; one that serves pages so is a problem."""
    answers = iter([smoke.Answer(301, {}, b""), smoke.Answer(200, {}, b"")])
    monkeypatch.setattr(
        smoke, "ask", lambda url: next(answers) if url.startswith("http://") else None
    )
    assert list(smoke._encrypted("https://asvi.example")) == []
    assert list(smoke._encrypted("https://asvi.example")) == [
        "http:// answers 200, and leads nowhere"
    ]
