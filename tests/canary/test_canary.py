"""The canary: it finds what works, and what a payer or CMI would no longer meet (event 110)."""

import json
import os
from collections.abc import Callable
from unittest.mock import patch

import pytest
from werkzeug.wrappers import Response

from functions.canary.line import ask
from functions.canary.settings import Settings
from functions.shared import settings
from functions.shared.rules import probe
from functions.shared.rules.cmi.answer import Message, read
from functions.shared.rules.cmi.form import Merchant
from functions.shared.rules.control import MOST, solved, ticket
from functions.shared.rules.orders import OrderState
from functions.shared.rules.references import fault
from local.settings import STORE_KEY
from tests.canary.conftest import Served
from tests.portal import GOLDEN_EVENING, Json

ALL = {"ProbePage": 1, "ProbeLookup": 1, "ProbeCallback": 1}
Found = Callable[[Served], dict[str, int]]


def told(printed: str, name: str) -> list[Json]:
    """Give the metrics of a service among lines of log."""
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [line for line in lines if "_aws" in line and name in line]


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> Found:
    """Give what lets the canary try everything, and gives what it counted."""

    def run(served: Served) -> dict[str, int]:
        capsys.readouterr()
        assert served.portal.invoke("CanaryFunction", {"probe": True}) == {}
        (line,) = told(capsys.readouterr().out, "ProbePage")
        return {name: int(line[name][0]) for name in ALL}

    return run


def test_all_is_well(served: Served, found: Found) -> None:
    """A portal that works is found working, again and again."""
    assert found(served) == ALL
    assert found(served) == ALL


def test_leaves_one_order(served: Served, found: Found) -> None:
    """However often it tries, one order stands with one refusal, and nothing waits or is paid."""
    for _ in range(3):
        found(served)
    rows = served.portal.rows("ORDER#")
    assert [(row["pk"], row["sk"]) for row in rows] == [
        (f"ORDER#{probe.REFERENCE}", "ATTEMPT#PROBE#51"),
        (f"ORDER#{probe.REFERENCE}", "ORDER"),
    ]
    assert rows[1]["state"] == OrderState.EXPIRED
    assert not [row for row in rows if "waits" in row or "paid_day" in row]


def test_counted_apart(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Its messages are not counted among the payments that a bank refused, and page nobody."""
    served.portal.invoke("CanaryFunction", {"probe": True})
    printed = capsys.readouterr().out
    assert len(told(printed, "Probe")) == 1
    assert told(printed, "Verdict.6") == told(printed, "Page") == []
    assert told(printed, "VerdictElsewhere") == []


@pytest.mark.parametrize(
    ("path", "name"),
    [("/fr/", "ProbePage"), ("/api/lookup", "ProbeLookup"), ("/cmi/callback", "ProbeCallback")],
)
@pytest.mark.parametrize("status", [200, 301, 403, 404, 500])
def test_turned_away(served: Served, found: Found, path: str, name: str, status: int) -> None:
    """Whatever stands between the world and the portal and answers in its place is found out."""
    served.turned_away[path] = Response("<h1>Blocked</h1>", status, {"Location": "/"})
    assert found(served) == ALL | {name: 0}


def test_another_key(served: Served, found: Found) -> None:
    """A message that the portal takes for forged is an alarm: CMI's would be refused as well."""
    refused = Response("FAILURE", content_type="text/plain; charset=utf-8")
    served.turned_away["/cmi/callback"] = refused
    assert found(served)["ProbeCallback"] == 0


def test_frozen(served: Served, found: Found) -> None:
    """While a restored table waits to be compared, the refusal to acknowledge is the right answer."""
    with patch.dict(os.environ, {"PAYMENTS": "frozen"}):
        settings.read.cache_clear()
        assert found(served)["ProbeCallback"] == 1
    settings.read.cache_clear()


def test_nothing_answers(
    served: Served, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Where nothing listens all three fail, and the log says how, without an address or a key."""
    caplog.set_level("INFO")
    with patch.dict(os.environ, {"PORTAL_URL": "http://127.0.0.1:9"}):
        settings.read.cache_clear()
        served.portal.invoke("CanaryFunction", {"probe": True})
    settings.read.cache_clear()
    (line,) = told(capsys.readouterr().out, "ProbePage")
    assert [line[name] for name in ALL] == [[0.0], [0.0], [0.0]]
    said = [vars(record) for record in caplog.records]
    assert [(one["probe"], one["wrong"][:22]) for one in said] == [
        (name, "ConnectionRefusedError") for name in ALL
    ]
    assert STORE_KEY not in str(said)


def test_plain_line() -> None:
    """Deployed, the canary speaks to the portal over TLS or not at all."""
    given = {
        "stage": "production", "table": "t", "token_secret": "t", "payments": "open",
        "store_key_secret": "s", "merchant_id": "600000009", "portal_url": "http://asvi.example.ma",
    }  # fmt: skip
    with pytest.raises(ValueError, match="https only"):
        Settings.model_validate(given)
    secure = {"portal_url": "https://asvi.example.ma"}
    assert Settings.model_validate(given | secure).merchant.client_id == "600000009"


def test_no_redirect_is_followed(served: Served) -> None:
    """A redirect is an answer: nobody is led to another host."""
    served.turned_away["/fr/"] = Response(status=301, headers={"Location": "http://127.0.0.1:9/"})
    assert ask(os.environ["PORTAL_URL"], "/fr/").status == 301


def test_refusal() -> None:
    """The message is genuine in CMI's own terms, refuses, and would offend a careless firewall."""
    fields = probe.refusal(Merchant("600000001", "https://asvi.example.ma"), STORE_KEY)
    body = "&".join(f"{name}={_escaped(value)}" for name, value in fields.items()).encode()
    reading = read(body, "application/x-www-form-urlencoded", [("k", STORE_KEY)])
    assert isinstance(reading, Message)
    assert (reading.oid, reading.code) == (probe.REFERENCE, "51")
    assert fault(probe.REFERENCE) is None
    assert {"<", "'", "="} <= set(fields["ErrMsg"])


def _escaped(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def test_solved() -> None:
    """The proof of work is found as a browser finds it; one without a solution is given up."""
    shown = ticket(bytes(range(32)), MOST, GOLDEN_EVENING)
    number = int.from_bytes(bytes(range(24, 32)), "big") % (MOST + 1)
    assert solved(shown.salt, shown.challenge) == number
    with (
        patch("functions.shared.rules.control._MOST_UNDER_ATTACK", 10),
        pytest.raises(ValueError, match="no number"),
    ):
        solved(shown.salt, "0" * 64)
