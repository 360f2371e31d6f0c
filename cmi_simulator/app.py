"""The simulator's addresses: hosted page, XML API, and what tests and people drive it by."""

from __future__ import annotations

import json
import time
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cmi_simulator import api, captured, card_form, cards, pages, payment, verdict
from cmi_simulator.bank import ResetError
from cmi_simulator.clock import local
from cmi_simulator.faults import FAULTS, NoDelayError, UnknownFaultError
from cmi_simulator.order_form import RefusedFormError, known_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from cmi_simulator.bank import Bank

STATIC = Path(__file__).parent / "static"
ASSETS = {"simulator.css": "text/css", "return.js": "text/javascript"}
LONGEST_BODY_BYTES = 65_536
# Not no-store: Back to a posted page would then be the browser's own error page.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data:; base-uri 'none'; frame-ancestors 'none'",
}
ROUTES = Map(
    [
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/fim/est3Dgate", endpoint="gate", methods=["POST"]),
        Rule("/fim/pay", endpoint="pay", methods=["POST"]),
        Rule("/fim/cancel", endpoint="cancel", methods=["POST"]),
        Rule("/fim/api", endpoint="xml", methods=["POST"]),
        Rule("/cards.json", endpoint="cards", methods=["GET"]),
        Rule("/ledger.json", endpoint="ledger", methods=["GET"]),
        Rule("/captured.csv", endpoint="captured", methods=["GET"]),
        Rule("/faults", endpoint="faults", methods=["GET"]),
        Rule("/faults", endpoint="switch", methods=["POST"]),
        Rule("/reset", endpoint="reset", methods=["POST"]),
        Rule("/static/<name>", endpoint="asset", methods=["GET"]),
    ]
)


class Simulator:
    """A WSGI application over one bank."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        response = self._answer(Request(environ))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        request.max_content_length = request.max_form_memory_size = LONGEST_BODY_BYTES
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
            response: Response = getattr(self, f"on_{endpoint}")(request, **values)
        except RefusedFormError as refused:
            return self._refusal(refused)
        except HTTPException as error:
            return problem(error.code or 500, (error.name or "error").lower().replace(" ", "_"))
        return response

    def _refusal(self, refused: RefusedFormError) -> Response:
        nonce, key = payment.nonce(self.bank), self.bank.settings.store_key
        fields = verdict.refused(refused.code, refused.message, nonce, key)
        return html(pages.refused_page(refused, fields), HTTPStatus.BAD_REQUEST)

    def on_home(self, _request: Request) -> Response:
        """Show the page for people."""
        return html(pages.home(self.bank))

    def on_gate(self, request: Request) -> Response:
        """Open the card page for a merchant's form."""
        if self.bank.faults.on("gateway_down"):
            language = known_language(request.form.get("lang", ""))
            return _down(language)
        page = self.bank.open_page(request.form.lists())
        return html(pages.card_page(page, self.bank.now()))

    def on_pay(self, request: Request) -> Response:
        """Charge the card, or show the page again with its errors."""
        page = self.bank.page(request.form.get("session", ""))
        if page is None:
            return _unknown_page()
        if self.bank.faults.on("gateway_down"):
            return _down(page.order.language)
        try:
            typed = card_form.read(request.form, self.bank.now(), request.remote_addr or "")
        except card_form.CardFormError as wrong:
            again = pages.card_page(page, self.bank.now(), wrong.errors, wrong.kept)
            return html(again, HTTPStatus.UNPROCESSABLE_ENTITY)
        way_back = payment.pay(self.bank, page, typed)
        return html(pages.return_page(way_back, page.order.language))

    def on_cancel(self, request: Request) -> Response:
        """Send the browser to the merchant's shopurl, by GET."""
        page = self.bank.page(request.form.get("session", ""))
        if page is None:
            return _unknown_page()
        return redirect(page.order["shopurl"], HTTPStatus.SEE_OTHER, Response)

    def on_xml(self, request: Request) -> Response:
        """Answer a CC5Request, sent as the raw body or as the form field DATA."""
        if self.bank.faults.on("api_down"):
            return Response("Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        time.sleep(self.bank.faults.seconds("api_slow"))
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        body = request.form.get("DATA", "").encode() if is_form else request.get_data()
        return Response(api.answer(self.bank, body), mimetype="application/xml")

    def on_cards(self, _request: Request) -> Response:
        """List the test cards."""
        return as_json(cards.listing())

    def on_ledger(self, _request: Request) -> Response:
        """List every attempt and what became of it."""
        with self.bank.lock:
            return as_json([entry.row() for entry in self.bank.ledger.entries])

    def on_captured(self, request: Request) -> Response:
        """List the captures of a day as CSV; of today, in Casablanca, without `day`."""
        try:
            text = request.args.get("day", "")
            day = date.fromisoformat(text) if text else local(self.bank.now()).date()
        except ValueError:
            return problem(HTTPStatus.BAD_REQUEST, "malformed")
        with self.bank.lock:
            listing = captured.listing(self.bank.ledger.captured_on(day))
        return Response(listing, mimetype="text/csv")

    def on_faults(self, _request: Request) -> Response:
        """List the switchboard."""
        return as_json(self.bank.faults.listing())

    def on_switch(self, request: Request) -> Response:
        """Switch a fault, from JSON (answer: the switchboard) or from the page's form."""
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        name, on, seconds = _switch_of_form(request) if is_form else _switch_of_json(request)
        try:
            self.bank.faults.switch(name, on=on, seconds=seconds)
        except UnknownFaultError:
            return problem(HTTPStatus.NOT_FOUND, "not_found", faults=list(FAULTS))
        except NoDelayError:
            return problem(HTTPStatus.BAD_REQUEST, "malformed")
        return _home() if is_form else as_json(self.bank.faults.listing())

    def on_reset(self, request: Request) -> Response:
        """Empty the bank's side, and the portal's when its address is known."""
        try:
            self.bank.reset()
        except ResetError:
            return problem(HTTPStatus.BAD_GATEWAY, "portal_not_reset")
        return _home() if request.form.get("page") else as_json({"status": "ok"})

    def on_asset(self, _request: Request, name: str) -> Response:
        """Give the pages' style and script."""
        if name not in ASSETS:
            return problem(HTTPStatus.NOT_FOUND, "not_found")
        return Response((STATIC / name).read_bytes(), mimetype=ASSETS[name])


def html(text: str, status: int = HTTPStatus.OK) -> Response:
    """Return a page."""
    return Response(text, status, mimetype="text/html")


def as_json(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return a value as JSON, its letters as they are."""
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")


def problem(status: int, code: str, **more: object) -> Response:
    """Return an error as RFC 9457 has it, with a code for programs."""
    body = {"type": "about:blank", "status": int(status), "code": code, **more}
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _home() -> Response:
    return redirect("/", HTTPStatus.SEE_OTHER, Response)


def _down(language: str) -> Response:
    return html(pages.dead_end(language, "down_title", "down"), HTTPStatus.SERVICE_UNAVAILABLE)


def _unknown_page() -> Response:
    return html(pages.dead_end("fr", "refused_title", "unknown_page"), HTTPStatus.NOT_FOUND)


def _switch_of_form(request: Request) -> tuple[str, bool, float | None]:
    seconds = request.form.get("seconds", type=float)
    return request.form.get("name", ""), request.form.get("on") == "true", seconds


def _switch_of_json(request: Request) -> tuple[str, bool, float | None]:
    """Take {"name": text, "on": true or false, "seconds"?: number}; BadRequest for the rest."""
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise BadRequest from error
    if not isinstance(body, dict) or not isinstance(body.get("on"), bool):
        raise BadRequest
    name, seconds = body.get("name"), body.get("seconds")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not isinstance(name, str) or not (seconds is None or is_number):
        raise BadRequest
    return name, body["on"], seconds
