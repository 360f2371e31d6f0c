"""The built site as the CDN serves it: directory indexes, a 404 page for each language, headers."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from werkzeug.security import safe_join
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

ASSETS = "/assets/"
METHODS = ("GET", "HEAD")
TYPES = {".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
TEXT = ("text/", "application/json", "application/manifest+json", "application/xml")


@dataclass(frozen=True, slots=True)
class Site:
    """Files under `root`; `extra` names files that stand elsewhere by their path on the site."""

    root: Path
    page_headers: dict[str, str]
    asset_headers: dict[str, str]
    extra: dict[str, Path]

    def answer(self, request: Request) -> Response:
        """Answer a request for a page or an asset."""
        if request.method not in METHODS:
            return self._headed(Response("Method Not Allowed\n", 405, {"Allow": "GET, HEAD"}))
        found = self._file(request.path)
        if found is None:
            return self._headed(self._missing(request.path))
        if found.is_dir():
            return self._headed(redirect(f"/{request.path.strip('/')}/", 301))
        response = _response(found)
        response.add_etag()
        assets = request.path.startswith(ASSETS)
        self._headed(response, assets=assets).make_conditional(request)
        # The server dates every answer; a conditional one brings a second date.
        response.headers.remove("Date")
        return response

    def _file(self, path: str) -> Path | None:
        """Find what a path stands for; a directory only where its final slash is missing."""
        if path in self.extra:
            return self.extra[path]
        name = safe_join(
            str(self.root), path.lstrip("/") + ("index.html" if path[-1:] == "/" else "")
        )
        found = Path(name) if name else None
        if found and found.is_dir():
            return found if (found / "index.html").is_file() else None
        return found if found and found.is_file() else None

    def _missing(self, path: str) -> Response:
        """Give the 404 page in the language of the path, else the one for all languages."""
        language = safe_join(str(self.root), path.split("/")[1], "404.html")
        page = Path(language) if language else self.root
        return _response(page if page.is_file() else self.root / "404.html", 404)

    def _headed(self, response: Response, *, assets: bool = False) -> Response:
        response.headers.update(self.asset_headers if assets else self.page_headers)
        return response


def _response(path: Path, status: int = 200) -> Response:
    kind = (
        TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
    charset = "; charset=utf-8" if kind.startswith(TEXT) else ""
    return Response(path.read_bytes(), status, content_type=kind + charset)
