"""The built site as the CDN sends it: compressed by brotli, under the production headers."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped] # has no types
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.pages.portal import ROOT, answers, application

COMPRESSED = ("text/", "application/json", "image/svg")


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@cache
def packed(body: bytes) -> bytes:
    """Compress as CloudFront does, which takes brotli's middle road."""
    return bytes(brotli.compress(body, quality=5))


def compressing(inner: Callable[..., Any]) -> Callable[..., Any]:
    """Compress what an application answers, where the browser takes it."""

    @Request.application
    def answer(request: Request) -> Response:
        response = Response.from_app(inner, request.environ)
        kind = response.content_type or ""
        if kind.startswith(COMPRESSED) and "br" in request.accept_encodings.values():
            response.set_data(packed(response.get_data()))
            response.headers["Content-Encoding"] = "br"
        return response

    return answer


def answering(inner: Callable[..., Any], answers: dict[str, list[Any]]) -> Callable[..., Any]:
    """Let an application's API say the same for ever, so that the browser keeps its own cache."""

    @Request.application
    def answer(request: Request) -> Response:
        operation = request.path.removeprefix("/api/")
        if operation == request.path:
            return Response.from_app(inner, request.environ)
        return Response(json.dumps(answers[operation][0]), content_type="application/json")

    return answer


def built(folder: Path) -> Path:
    """Build the site into a folder."""
    subprocess.run([sys.executable, ROOT / "site" / "build.py", "--out", folder], check=True)
    return folder


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a built site on a free port of loopback; give its origin."""
    app = compressing(answering(application(site), answers()))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
