"""The site built once, served on a free loopback port as the CDN does, and a payer's tab."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.pages.portal import ROOT, Portal, answers, application


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site: Path = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, ROOT / "site" / "build.py", "--out", site], check=True)
    server = make_server("127.0.0.1", 0, application(site), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(params=["fr"])
def portal(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[Portal]:
    """Open a payer's tab on a phone; it must leave no error and no policy violation in the console."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(5_000)
    portal = Portal(page, origin, request.param, answers())
    portal.listen()
    yield portal
    context.close()
    assert portal.complaints == []
