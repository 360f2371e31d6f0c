"""The built pages in a real browser, with the API played by the test."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import ConsoleMessage, Locator, Page, Route
from werkzeug import Request, Response

from functions.shared.rules.languages import LANGUAGES
from local.cdn import Cdn
from local.static import Site
from tests.edge import described

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = "http://localhost:8001"
SAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "samples.json").read_text("utf-8"))
HANDLE = "43190271885204.c29tZS1obWFjLWhlcmU"


def application(site: Path) -> Callable[..., Any]:
    """Make the WSGI application that serves a built site as the CDN does."""
    cdn = Cdn(described(GATEWAY, tuple(LANGUAGES)), Site(site), lambda _: Response(status=500))

    @Request.application
    def serve(request: Request) -> Response:
        return cdn.answer(request)

    return serve


def problem(code: str, status: int = 422, **more: object) -> Callable[[Route], None]:
    """Make an answer of the API that refuses."""
    body = {"type": "about:blank", "status": status, "code": code, **more}

    def refuse(route: Route) -> None:
        route.fulfill(status=status, body=json.dumps(body), content_type="application/problem+json")

    return refuse


def lost(route: Route) -> None:
    """Play a lost network."""
    route.abort("internetdisconnected")


def silent(route: Route) -> None:
    """Play a server that never answers."""
    _ = route


def firewall(route: Route) -> None:
    """Play a page of some network's own instead of the answer."""
    route.fulfill(status=403, body="<html>Blocked</html>", content_type="text/html")


def control_code(code: str = "4319", expires_in_seconds: int = 300) -> dict[str, Any]:
    """Make an answer of /api/control-code whose proof is quickly made."""
    challenge = hashlib.sha256(f"salt-{code}".encode() + b"137").hexdigest()
    proof = {
        "algorithm": "SHA-256",
        "salt": f"salt-{code}",
        "challenge": challenge,
        "maxnumber": 1200,
    }
    return {
        "ticket": f"ticket-{code}",
        "control_code": code,
        "expires_in_seconds": expires_in_seconds,
        "proof": proof,
    }


@dataclass
class Portal:
    """One payer's tab. `answers`: what the API says next, by operation, the last one for ever."""

    page: Page
    origin: str
    language: str
    answers: dict[str, list[Any]]
    asked: dict[str, list[Any]] = field(default_factory=dict)
    sent_to_gateway: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Play the API and CMI, and note whatever the browser complains about."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/api/*", self._api)
        self.page.route("**/api/receipt/*", self._api)
        self.page.route(f"{GATEWAY}/**", self._gateway)

    def _console(self, message: ConsoleMessage) -> None:
        refused_call = message.text.startswith("Failed to load resource")
        if message.type == "error" and not refused_call:
            self.complaints.append(message.text)

    def _api(self, route: Route) -> None:
        operation = route.request.url.partition("/api/")[2]
        self.asked.setdefault(operation, []).append(json.loads(route.request.post_data or "null"))
        waiting = self.answers[operation]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if callable(answer):
            answer(route)
        elif isinstance(answer, bytes):
            route.fulfill(body=answer, content_type="application/pdf")
        else:
            route.fulfill(json=answer)

    def _gateway(self, route: Route) -> None:
        self.sent_to_gateway.append(route.request.post_data or "")
        route.fulfill(body="<h1>CMI</h1>", content_type="text/html")

    def open(self, path: str) -> Locator:
        """Open a page such as `assure/` and give its main part."""
        self.page.goto(f"{self.origin}/{self.language}/{path}")
        return self.main

    def word(self, key: str) -> str:
        """Give a sentence of the catalogue in the tab's language."""
        return words(self.language)[key]

    def press(self) -> None:
        """Press the main button of the form on the page."""
        self.page.locator("main form:visible button[type=submit]").click()

    @property
    def title(self) -> str:
        """The title of the page, its no-break spaces read as spaces."""
        return " ".join(self.page.title().split())

    @property
    def focused(self) -> Locator:
        """Whatever has the focus."""
        return self.page.locator(":focus")

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def keep(self, **values: object) -> None:
        """Put values into the tab's memory, as an earlier page would have."""
        self.page.goto(f"{self.origin}/{self.language}/conditions/")
        self.page.evaluate(
            "values => { for (const [name, value] of Object.entries(values))"
            " sessionStorage.setItem('asvi.' + name, JSON.stringify(value)); }",
            values,
        )

    def kept(self, name: str) -> Any:  # noqa: ANN401 - whatever a page kept
        """Give what the tab remembers under a name, or None."""
        return self.page.evaluate(
            "name => JSON.parse(sessionStorage.getItem('asvi.' + name))", name
        )

    def at_dues(self, **changes: object) -> Locator:
        """Open the dues as after a lookup whose answer has these changes."""
        answer = {**SAMPLES["lookup"], **changes}
        self.answers["lookup"] = [answer]
        rest = {key: value for key, value in answer.items() if key != "session"}
        self.keep(session=answer["session"], number="123456789", answer=rest, fresh=True)
        return self.open("assure/creance/")

    def at_recap(self) -> Locator:
        """Go from the dues to the recap of the golden case."""
        self.at_dues()
        self.page.locator("#terms").check()
        self.page.locator("form:visible button[type=submit]").click()
        self.page.wait_for_url("**/assure/transaction/")
        return self.main

    def at_receipt(self, returned: str = "ok", **changes: Any) -> Locator:  # noqa: ANN401 - any fact
        """Come back from CMI to a receipt that differs so from the golden one."""
        self.answers["receipt"] = [{**SAMPLES["receipt"], **changes}]
        return self.open(f"assure/recu/#h={HANDLE}&r={returned}")

    def at_follow_up(
        self, reference: str = "4319 0271 8852 04", number: str = "123456789"
    ) -> Locator:
        """Ask for a payment on the page that follows payments up."""
        self.open("suivi/")
        self.page.locator("#reference").fill(reference)
        self.page.locator("#registration-number").fill(number)
        self.press()
        return self.main

    def come_back(self) -> None:
        """Say what a browser says that shows the page again from its back/forward cache."""
        self.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
        )


@cache
def words(language: str) -> dict[str, str]:
    """Give the sentences of a language by their keys, plurals left out."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "site.po"
    with path.open("rb") as file:
        messages = list(read_po(file))
    return {it.id: str(it.string) for it in messages if it.id and isinstance(it.id, str)}


def answers() -> dict[str, list[Any]]:
    """Give what the API says in the golden case."""
    return {
        "control-code": [control_code("4319"), control_code("8052"), control_code("2764")],
        "lookup": [SAMPLES["lookup"]],
        "checkout": [SAMPLES["checkout"]],
        "receipt": [SAMPLES["receipt"]],
        "receipt/letter": [{"letter": {"state": "waiting", "to": "a•••@example.ma"}}],
        "receipt/pdf": [base64.b64decode("JVBERi0xLjcK")],
    }
