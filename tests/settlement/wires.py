"""Servers on loopback that answer as CMI would, or as nobody should."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from functions.settlement.xml import Credentials

OID, NOW = "43190271885204", datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
WHO = Credentials("600000001", "asvi_api", "asvi_local")
CAPTURED = (
    f"<CC5Response><OrderId>{OID}</OrderId><Response>Approved</Response><TransId>T1</TransId>"
    "<Extra><TRANS_STAT>C</TRANS_STAT><CAPTURE_AMT>146706</CAPTURE_AMT></Extra></CC5Response>"
).encode()
HEAD = "HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n"
Talk = Callable[[socket.socket], None]


@contextmanager
def listening(talk: Talk) -> Iterator[tuple[str, list[int]]]:
    """Talk to whoever calls a port on loopback; give its address and a list of calls."""
    calls: list[int] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                calls.append(port)
                threading.Thread(target=_talk, args=(talk, line), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}/fim/api", calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def heard(line: socket.socket) -> bytes:
    """Hear a whole request: who hangs up before breaks the line."""
    told = b""
    while b"CC5Request%3E" not in told and b"</CC5Request>" not in told:
        told += line.recv(65_536)
    return told


def _talk(talk: Talk, line: socket.socket) -> None:
    with line:
        try:
            talk(line)
        except OSError:
            return  # the caller hung up: that is the test


def saying(body: bytes, status: str = "200 OK", headers: str = "") -> Talk:
    """Answer each request so."""

    def talk(line: socket.socket) -> None:
        heard(line)
        line.sendall(HEAD.format(status, len(body), headers).encode() + body)

    return talk
