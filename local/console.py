"""What stands under /_local/: the mailbox, the way back to the demo data, an index."""

import json
from collections.abc import Callable
from html import escape

from werkzeug.wrappers import Request, Response

from local import mailbox
from local.aws import Cloud
from local.demo import SHOWN
from local.pages import page
from local.settings import Settings

# What a browser says of a request that another site made; programs say nothing.
OWN_SITE = (None, "same-origin", "none")


class Console:
    """Answers for /_local/. `reset` goes back to the demo data."""

    def __init__(self, cloud: Cloud, reset: Callable[[], None], settings: Settings) -> None:
        self._cloud = cloud
        self._reset = reset
        self._settings = settings

    def answer(self, request: Request) -> Response:
        """Answer a request under /_local/."""
        path = request.path.removeprefix("/_local/")
        if path == "reset":
            return self._back(request)
        if request.method not in ("GET", "HEAD"):
            return Response("Method Not Allowed\n", 405, {"Allow": "GET, HEAD"})
        return self._show(path) or Response("Not Found\n", 404)

    def _show(self, path: str) -> Response | None:
        if not path:
            return self._index()
        if path == "mail.json":
            letters = mailbox.as_json(self._cloud.letters())
            return Response(json.dumps(letters), content_type="application/json")
        if path.startswith("mail/"):
            return mailbox.answer(path.removeprefix("mail/"), self._cloud.letters())
        return None

    def _back(self, request: Request) -> Response:
        """Go back to the demo data; answer JSON to a program, the index page to a person."""
        if request.method != "POST":
            return Response("Method Not Allowed\n", 405, {"Allow": "POST"})
        if request.headers.get("Sec-Fetch-Site") not in OWN_SITE:
            return Response("Not from another site\n", 400)
        self._reset()
        if request.accept_mimetypes.accept_html and request.headers.get("Sec-Fetch-Mode"):
            return Response(status=303, headers={"Location": "/_local/"})
        return Response('{"status": "ok"}', content_type="application/json")

    def _index(self) -> Response:
        rows = "".join(
            f"<tr><td>{number}</td><td>{escape(what)}</td></tr>" for number, what in SHOWN.items()
        )
        return page(
            "Portail ASVI, en local (local stack)",
            f'<ul><li><a href="/">Portail (portal)</a></li>'
            f'<li><a href="/_local/mail/">Courrier envoyé (mailbox)</a></li>'
            f'<li><a href="{self._settings.cmi_url}/">Simulateur CMI (card page)</a></li></ul>'
            f"<h2>Numéros de démonstration (demo numbers)</h2><table>{rows}</table>"
            '<form method="post" action="/_local/reset"><p><button>Revenir aux données de '
            "démonstration (reset)</button></p></form>",
        )
