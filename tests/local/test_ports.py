import socket
from datetime import UTC, datetime, timedelta

import pytest

from local import ports, settings
from local.settings import Unusable


def test_taken_port() -> None:
    """A taken port is named in one line, with the variable to change and how."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unusable) as refused:
            ports.claim(port, "PORTAL_PORT")
    line = str(refused.value)
    assert f"Port {port} " in line
    assert "PORTAL_PORT=<port> make run" in line
    assert "\n" not in line


def test_claimed_port() -> None:
    """A claimed port belongs to the stack: nothing else can take it meanwhile."""
    with ports.claim(0, "AWS_PORT") as claimed:
        address, port = claimed.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(Unusable):
            ports.check(port, "CMI_PORT")


def test_defaults() -> None:
    """Without variables the addresses are those of the documents, on the machine's own clock."""
    told = settings.read({})
    assert told.portal_url == "http://127.0.0.1:8000"
    assert told.cmi_url == "http://localhost:8001"
    assert told.aws_url == "http://127.0.0.1:8002"
    assert told.ahead == timedelta()


def test_clock() -> None:
    """PORTAL_NOW is the instant at which the clock starts."""
    told = settings.read({"PORTAL_NOW": "2020-05-05T21:50:51Z"})
    start = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)
    assert start <= told.now() < start + timedelta(seconds=10)


def test_side_by_side() -> None:
    """Stacks on different ports share no file."""
    one, other = settings.read({}), settings.read({"PORTAL_PORT": "8010"})
    assert {one.site, one.keys, one.functions_log}.isdisjoint(
        {other.site, other.keys, other.functions_log}
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_PORT", "http"),
        ("CMI_PORT", "0"),
        ("AWS_PORT", "65536"),
        ("AWS_PORT", "٨"),
        ("PORTAL_NOW", "May 2020"),
        ("PORTAL_NOW", "2020-05-05T21:50:51"),
    ],
)
def test_bad_setting(variable: str, value: str) -> None:
    """A setting that cannot be used is named in one line, with what it should look like."""
    with pytest.raises(Unusable, match=variable) as refused:
        settings.read({variable: value})
    assert "\n" not in str(refused.value)
