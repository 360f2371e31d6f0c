"""The bucket of the built site, as S3 answers CloudFront: a file, or 403 for what is not there."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.security import safe_join
from werkzeug.wrappers import Response

ASSETS = "/assets/"
# As a deployment stores them (infra/template.yaml, SiteBucketName); assets are stored without.
STORED = {"Cache-Control": "no-cache"}
TYPES = {".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
TEXT = ("text/", "application/json", "application/manifest+json", "application/xml")


@dataclass(frozen=True, slots=True)
class Site:
    """Files under `root`; `extra` names files that stand elsewhere by their path on the site."""

    root: Path
    extra: dict[str, Path] = field(default_factory=dict)

    def get(self, path: str) -> Response:
        """Answer with the file of a path, and 403 where there is none."""
        found = self._file(path)
        if found is None:
            return Response("AccessDenied", 403)
        kept = {} if path.startswith(ASSETS) else STORED
        response = Response(found.read_bytes(), content_type=content_type(found), headers=kept)
        response.add_etag()
        return response

    def _file(self, path: str) -> Path | None:
        if path in self.extra:
            return self.extra[path]
        name = safe_join(str(self.root), path.lstrip("/"))
        found = Path(name) if name else None
        return found if found and found.is_file() else None


def content_type(path: Path) -> str:
    """Give the type that a file is stored with."""
    kind = (
        TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
    return kind + ("; charset=utf-8" if kind.startswith(TEXT) else "")
