from __future__ import annotations

import pytest

from cmi_simulator import callback
from cmi_simulator.addresses import is_loopback

HERE = [
    "http://localhost:8001/",
    "http://127.0.0.1:8000/cmi/callback",
    "https://127.9.9.9/x?l=fr",
    "http://[::1]:8000/",
]
ELSEWHERE = [
    "",
    "/cmi/callback",
    "//127.0.0.1/",
    "http://example.ma/",
    "http://localhost.example.ma/",
    "http://127.0.0.1.example.ma/",
    "http://127.0.0.1@example.ma/",
    "http://example.ma\\@127.0.0.1/",
    "http://10.0.0.1/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:10.0.0.1]/",
    "http://[::1/",
    "http://localhost:99999/",
    "ftp://localhost/",
    "file:///etc/passwd",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("url", HERE)
def test_here(url: str) -> None:
    """Addresses of this machine are called."""
    assert is_loopback(url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_elsewhere(url: str) -> None:
    """No form can make the simulator call, or send a browser, anywhere else."""
    assert not is_loopback(url)
    with pytest.raises(ValueError, match="loopback"):
        callback.post(url, {}, 1)
    with pytest.raises(ValueError, match="loopback"):
        callback.was_accepted(url, 1)
