"""What stands under /_local/: the mailbox and its events, the way back to the demo data."""

import json
from collections.abc import Callable
from html import escape
from http import HTTPStatus

from werkzeug.wrappers import Request, Response

from local import mailbox
from local.aws import Cloud
from local.demo import SHOWN
from local.pages import page
from local.postman import ASKED, Postman
from local.settings import Settings

# What a browser says of a request that another site made; programs say nothing.
OWN_SITE = (None, "same-origin", "none")


class Console:
    """Answers for /_local/. `reset` goes back to the demo data, `postman` plays SES's events."""

    def __init__(
        self, cloud: Cloud, reset: Callable[[], None], postman: Postman, settings: Settings
    ) -> None:
        self._cloud = cloud
        self._reset = reset
        self._postman = postman
        self._settings = settings

    def answer(self, request: Request) -> Response:
        """Answer a request under /_local/."""
        path = request.path.removeprefix("/_local/")
        match path.split("/"):
            case ["reset"]:
                return self._acted(request, self._back)
            case ["mail", number, asked] if asked in ASKED:
                return self._acted(request, lambda: self._play(number, ASKED[asked]))
        if request.method not in ("GET", "HEAD"):
            return Response("Method Not Allowed\n", 405, {"Allow": "GET, HEAD"})
        return self._show(path) or Response("Not Found\n", 404)

    def _show(self, path: str) -> Response | None:
        if not path:
            return self._index()
        if path == "mail.json":
            letters = mailbox.as_json(self._cloud.mails())
            return Response(json.dumps(letters), content_type="application/json")
        if path.startswith("mail/"):
            rest = path.removeprefix("mail/")
            return mailbox.answer(rest, self._cloud.mails(), self._postman.played)
        return None

    def _acted(self, request: Request, act: Callable[[], Response]) -> Response:
        """Do what only a POST of this site or of a program may ask for."""
        if request.method != "POST":
            return Response("Method Not Allowed\n", 405, {"Allow": "POST"})
        if request.headers.get("Sec-Fetch-Site") not in OWN_SITE:
            return Response("Not from another site\n", 400)
        done = act()
        if done.status_code < HTTPStatus.BAD_REQUEST and _from_a_page(request):
            place = request.path.rpartition("/")[0] + "/"
            return Response(status=303, headers={"Location": place})
        return done

    def _back(self) -> Response:
        """Go back to the demo data."""
        self._reset()
        return Response('{"status": "ok"}', content_type="application/json")

    def _play(self, number: str, kind: str) -> Response:
        """Let SES tell of a letter; 404 where there is no such letter."""
        mail = mailbox.numbered(number, self._cloud.mails())
        if mail is None:
            return Response("Not Found\n", 404)
        self._postman.play(mail, kind)
        return Response(status=204)

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


def _from_a_page(request: Request) -> bool:
    """Say whether a person pressed a button, who wants to see a page again."""
    return bool(request.accept_mimetypes.accept_html and request.headers.get("Sec-Fetch-Mode"))
