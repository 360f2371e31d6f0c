"""The line to CMI: one host, no redirects, bounded in time and size (events 89, 91, 98)."""

import socket
import time
from contextlib import closing

import pytest

from functions.settlement import api as apis
from functions.settlement.api import MOST_SILENCES, Api
from functions.settlement.xml import Credentials
from functions.shared.rules.settlement import Fate
from tests.settlement.bank import entry, serving
from tests.settlement.wires import CAPTURED, HEAD, NOW, OID, WHO, Talk, heard, listening, saying


@pytest.fixture
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apis, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(apis, "READ_SECONDS", 0.3)
    monkeypatch.setattr(apis, "WHOLE_SECONDS", 0.9)


def asked(talk: Talk) -> Fate:
    """Ask a server that talks so what became of the order."""
    with listening(talk) as (url, _):
        return Api(url, "body", WHO).status(OID).fate


def test_answer() -> None:
    """A plain answer is read."""
    assert asked(saying(CAPTURED)) is Fate.CAPTURED


@pytest.mark.parametrize(
    "status",
    ["500 Oops", "503 Service Unavailable", "404 Not Found", "401 No", "201 Created", "204 -"],
)
def test_other_status(status: str) -> None:
    """Whatever comes with another status than 200 is no answer (event 89)."""
    assert asked(saying(CAPTURED, status)) is Fate.UNKNOWN


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirect(status: str) -> None:
    """A redirect is not followed, wherever it leads (event 91)."""
    with listening(saying(CAPTURED)) as (other, calls):
        assert asked(saying(b"", status, f"Location: {other}\r\n")) is Fate.UNKNOWN
        assert calls == []


def test_constant_host() -> None:
    """Whatever an order or a transaction is called, CMI's own address is called."""
    with listening(saying(CAPTURED)) as (url, calls):
        for name in ("http://evil.example/", "@evil.example", "\r\nHost: evil.example", "../x?y#z"):
            Api(url, "form", WHO).void(name, name)
    assert len(calls) == 4


def silent(line: socket.socket) -> None:
    """Say nothing."""
    heard(line)
    time.sleep(5)


def dripping(start: str) -> Talk:
    """Say something now and then, for ever, each time before a read's time-out."""

    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall(start.encode())
        for _ in range(100):
            line.sendall(b"x")
            time.sleep(0.1)

    return talk


ENDLESS = {
    "silence": silent,
    "body": dripping("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"),
    "header": dripping("HTTP/1.1 200 OK\r\nX: "),
    "status line": dripping("HTTP/1.1 200 "),
}


@pytest.mark.usefixtures("haste")
@pytest.mark.parametrize("talk", ENDLESS.values(), ids=ENDLESS)
def test_endless(talk: Talk) -> None:
    """An answer that never ends is given up in bounded time (event 89)."""
    began = time.monotonic()
    assert asked(talk) is Fate.UNKNOWN
    assert time.monotonic() - began < 3


def test_limits() -> None:
    """Time-outs are 3 s to connect and 5 s to read (`reliability.md` §6.3)."""
    assert (apis.CONNECT_SECONDS, apis.READ_SECONDS) == (3, 5)
    assert apis.READ_SECONDS < apis.WHOLE_SECONDS <= 10


def test_large() -> None:
    """No more than a limit is ever read of an answer (event 89)."""
    padding = b"<!--" + b"x" * 10_000_000 + b"-->"
    assert asked(saying(CAPTURED.replace(b"<Extra>", padding + b"<Extra>"))) is Fate.UNKNOWN


NONSENSE = {
    "nothing": b"", "no HTTP": b"\x00\xff" * 50, "a page": b"HTTP/1.1 200 OK\r\n\r\n<html>503</html>",
    "cut": HEAD.format("200 OK", 5000, "").encode() + CAPTURED,
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + CAPTURED[:9],
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + CAPTURED,
}  # fmt: skip


@pytest.mark.parametrize("raw", NONSENSE.values(), ids=NONSENSE)
def test_nonsense(raw: bytes) -> None:
    """Whatever is no whole HTTP answer is none (event 89)."""

    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall(raw)

    assert asked(talk) is Fate.UNKNOWN


def test_nobody_there() -> None:
    """A closed port is silence."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    assert Api(f"http://127.0.0.1:{port}/", "body", WHO).status(OID).fate is Fate.UNKNOWN


def test_silence_shuts_the_line() -> None:
    """After three silences in a row nothing more is asked for now; one answer starts anew (event 98)."""
    with listening(saying(b"", "503 -")) as (url, calls):
        access = Api(url, "body", WHO)
        for _ in range(9):
            assert access.status(OID).fate is Fate.UNKNOWN
        assert (len(calls), access.shut, access.refused) == (MOST_SILENCES, True, False)
    with listening(saying(CAPTURED)) as (url, calls):
        access = Api(url, "body", WHO)
        access.silences = MOST_SILENCES - 1
        access.status(OID)
        assert (access.silences, access.shut) == (0, False)


@pytest.mark.parametrize("transport", ["body", "form"])
def test_against_the_bank(transport: apis.Transport) -> None:
    """Both ways of sending a request do all that settlement needs, against the simulated bank."""
    with serving(lambda: NOW) as (bank, url):
        access = Api(url, transport, WHO)
        assert access.status(OID).fate is Fate.ABSENT
        bank.ledger.entries.append(entry(OID, "T1", 146706, NOW))
        assert access.status(OID).fate is Fate.AUTHORISED
        assert access.capture(OID, "T1", 146706)
        assert not access.capture(OID, "T1", 146706)
        found = access.status(OID)
        assert (found.fate, found.trans_id, found.captured_centimes) == (
            Fate.CAPTURED,
            "T1",
            146706,
        )
        assert found.captured_at == NOW
        assert access.void(OID, "T1")
        assert not access.void(OID, "T1")
        assert access.status(OID).fate is Fate.VOIDED


@pytest.mark.parametrize(
    "who", [Credentials("600000001", "asvi_api", "old"), Credentials("1", "a", "b")]
)
def test_refused_credentials(who: Credentials) -> None:
    """Once CMI refuses our password it is not asked on, lest the user be locked (event 98)."""
    with serving(lambda: NOW) as (_, url):
        access = Api(url, "body", who)
        assert access.status(OID).fate is Fate.UNKNOWN
        assert (access.refused, access.shut) == (True, True)
        assert access.status(OID).fate is Fate.UNKNOWN
