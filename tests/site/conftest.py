"""The built site, once for all its tests, and a browser to look at it with."""

import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site"))


class Served(SimpleHTTPRequestHandler):
    """Files as a static host gives them."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012 - the base class's shape

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests speak."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the site, built as `make build` builds it."""
    from build import Options, build  # noqa: PLC0415 - its folder joins the path above

    out = tmp_path_factory.mktemp("site")
    build(Options(out))
    return out


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """Origin under which the built site is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
