"""The portal on a port of loopback, as the canary meets it: CDN, API, functions."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from moto import mock_aws
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from functions.shared import settings
from local import events
from local.cdn import Cdn
from local.static import Site
from tests.edge import described
from tests.portal import TEMPLATE, Portal


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@dataclass(slots=True)
class Served:
    """A portal that is served. `turned_away`: what a firewall answers instead, by path."""

    portal: Portal
    cdn: Cdn
    turned_away: dict[str, Response]

    def answer(self, request: Request) -> Response:
        """Answer as the public address does."""
        if request.path in self.turned_away:
            return self.turned_away[request.path]
        return self.cdn.answer(request)


@contextmanager
def serving(portal: Portal, root: Path) -> Iterator[Served]:
    """Serve a portal, and tell its functions the address; `root` holds its pages."""

    def api(request: Request) -> Response:
        function = TEMPLATE.routes().get((request.method, request.path), "")
        if not function:
            return Response('{"message":"Not Found"}', 404)
        event = events.event_of(request, portal.now)
        return events.response_of(portal.invoke(function, event))

    served = Served(portal, Cdn(described(), Site(root), api), {})
    application = Request.application(served.answer)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    settings.read.cache_clear()
    with patch.dict(os.environ, {"PORTAL_URL": f"http://127.0.0.1:{server.server_port}"}):
        yield served
    server.shutdown()
    server.server_close()
    thread.join()
    settings.read.cache_clear()


@pytest.fixture(scope="module")
def standing() -> Iterator[Portal]:
    with patch.dict(os.environ), mock_aws():
        yield Portal.standing()


@pytest.fixture
def served(standing: Portal, tmp_path: Path) -> Iterator[Served]:
    """Give an empty portal whose home page stands."""
    home = tmp_path / "fr" / "index.html"
    home.parent.mkdir()
    home.write_text("<!doctype html>")
    (tmp_path / "404.html").write_text("<!doctype html>")
    with serving(standing.emptied(), tmp_path) as made:
        yield made
