"""The portal's address on this machine: the CDN, the API and what is local only.

As in life, a path of the API under a method that has no route is answered 404 by API Gateway's
HTTP API, never 405. What CloudFront does before and after is `local.cdn`.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local import events
from local.cdn import Cdn
from local.edge import Edge
from local.process import Failed, TimedOut
from local.settings import Settings
from local.static import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POLL_SECONDS = 0.1
LARGEST_BODY_BYTES = 10_000_000
LOCAL = "/_local/"


class Invocable(Protocol):
    """Whatever can be called as a function: `local.pool.Pool`."""

    def invoke(self, event: Any) -> Any:  # noqa: ANN401 - an event and an answer are any JSON
        """Call the function and return its answer; raise TimedOut or Failed."""


class Gateway:
    """The WSGI application. `local` answers what stands under /_local/."""

    def __init__(
        self,
        edge: Edge,
        site: Site,
        routes: Mapping[tuple[str, str], Invocable],
        local: Callable[[Request], Response],
        settings: Settings,
    ) -> None:
        self._cdn = Cdn(edge, site, self._call)
        self._routes = routes
        self._local = local
        self._settings = settings

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        request.max_content_length = LARGEST_BODY_BYTES
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Response:
        """Send the request where its path belongs, and give the answer."""
        if request.path.startswith(LOCAL):
            return self._local(request)
        return self._cdn.answer(request)

    def _call(self, request: Request) -> Response:
        function = self._routes.get((request.method, request.path))
        if function is None:
            return message(404, "Not Found")
        try:
            event = events.event_of(request, self._settings.now())
            return events.response_of(function.invoke(event))
        except RequestEntityTooLarge:
            return message(413, "Request Entity Too Large")
        except TimedOut:
            return message(503, "Service Unavailable")
        except (Failed, TypeError, ValueError):
            return message(500, "Internal Server Error")


def message(status: int, text: str) -> Response:
    """Give an answer of API Gateway's own."""
    return Response(json.dumps({"message": text}), status, content_type="application/json")


class _Handler(WSGIRequestHandler):
    """Serves without a line of log for each request and without saying with what."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer: its status and date, no Server."""
        self.send_response_only(code, message)
        self.send_header("Date", self.date_time_string())

    def log_request(self, *_: Any) -> None:  # noqa: ANN401 - werkzeug's signature
        """Say nothing."""


class Serving:
    """A WSGI application served from `listening` until `stop`."""

    def __init__(self, application: Gateway, listening: socket.socket) -> None:
        host, port = listening.getsockname()
        self._server = make_server(
            host, port, application, threaded=True, request_handler=_Handler, fd=listening.fileno()
        )
        threading.Thread(
            target=self._server.serve_forever, args=[POLL_SECONDS], daemon=True
        ).start()

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
