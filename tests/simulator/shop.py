"""A merchant with a payer at the simulated bank, and a receiver for the bank's callbacks."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.test import Client, TestResponse

from cmi_simulator import hash as ver3
from cmi_simulator.app import Simulator
from cmi_simulator.bank import Bank
from cmi_simulator.settings import Settings

KEY = "ASVI_local_2020|\\key"
GOLDEN_EVENING = datetime(2020, 5, 5, 21, 50, 51, tzinfo=UTC)  # Ramadan: Casablanca is on UTC


class Receiver:
    """A loopback server that keeps what is posted to it and answers as told."""

    def __init__(self) -> None:
        self.posts: list[dict[str, str]] = []
        self.replies: list[str] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.delay_seconds = 0.0
        self.at_once: threading.Barrier | None = None
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_arguments: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep one post and answer with the next reply, the last one for ever."""
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        if self.at_once:
            self.at_once.wait()
        with self.lock:
            self.posts.append(dict(parse_qsl(body, keep_blank_values=True)))
            replies = self.replies or ["ACTION=POSTAUTH"]
            reply = replies[min(len(self.posts), len(replies)) - 1].encode()
        time.sleep(self.delay_seconds)
        handler.send_response(self.status)
        for name, value in ({"Content-Length": str(len(reply))} | self.headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            handler.wfile.write(reply)
        except OSError:
            return  # the bank hung up: that is the test

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Shop:
    """The merchant and one payer: signed forms, card pages, and the bank's answers."""

    def __init__(self, settings: Settings, receiver: Receiver) -> None:
        self.moment = GOLDEN_EVENING
        self.receiver = receiver
        counter = iter(range(1, 10**6))

        def token(count: int) -> bytes:
            return base64.b64encode(b"%09d" % next(counter)).ljust(count, b"r")[:count]

        self.bank = Bank(settings, lambda: self.moment, token)
        self.client = Client(Simulator(self.bank))

    def fields(self, **changes: str | None) -> dict[str, str]:
        """Return the golden form unsigned; a change to None leaves the field out."""
        back = self.receiver.url
        golden: dict[str, str | None] = {
            "clientid": "600000001",
            "storetype": "3D_PAY_HOSTING",
            "TranType": "PreAuth",
            "amount": "1467.06",
            "currency": "504",
            "oid": "43190271885204",
            "okUrl": f"{back}/cmi/return?l=fr",
            "failUrl": f"{back}/cmi/return?l=fr",
            "callbackUrl": f"{back}/cmi/callback",
            "shopurl": f"{back}/cmi/cancel?l=fr",
            "lang": "fr",
            "email": "payer@example.ma",
            "BillToName": "Assure ASVI xxxxx6789",
            "BillToStreet1": "Maroc",
            "BillToCountry": "504",
            "tel": "",
            "rnd": "abcdefghij0123456789",
            "hashAlgorithm": "ver3",
            "encoding": "UTF-8",
            "refreshtime": "5",
            "CallbackResponse": "true",
            "AutoRedirect": "true",
            "sessiontimeout": "900",
        }
        golden |= item(1, "202001", "4012", "BPC pour encaissements ASVI", "1451.10")
        golden |= item(2, "202005", "4013", "Frais de traitement", "15.96")
        golden |= changes
        return {name: value for name, value in golden.items() if value is not None}

    def form(self, **changes: str | None) -> dict[str, str]:
        """Return the golden form, changed, then signed."""
        fields = self.fields(**changes)
        return fields | {"HASH": ver3.sign(fields, KEY)}

    def open(self, form: dict[str, str] | None = None) -> TestResponse:
        """Post a form to the hosted page."""
        return self.client.post("/fim/est3Dgate", data=form or self.form())

    def press(
        self, page: TestResponse, number: str = "4000000000000010", **typed: str
    ) -> TestResponse:
        """Type a card on an open page and press « Valider le paiement »."""
        good = {"holder": "A. Payer", "month": "12", "year": "2026", "cvv": "123", "accept": "1"}
        data = {"session": hidden(page)["session"], "pan": number} | good | typed
        return self.client.post("/fim/pay", data=data)

    def pay(self, number: str = "4000000000000010", **changes: str | None) -> TestResponse:
        """Open a page for a form and pay it; the answer is the page that goes back."""
        return self.press(self.open(self.form(**changes)), number)

    def fault(self, name: str, **more: object) -> None:
        """Switch a fault on."""
        answer = self.client.post("/faults", json={"name": name, "on": True, **more})
        assert answer.status_code == 200

    def ledger(self) -> list[dict[str, Any]]:
        """Read the ledger as any test of the portal does."""
        return list(self.client.get("/ledger.json").json or [])

    def states(self) -> list[str]:
        """Return the states of all attempts, in order."""
        return [row["state"] for row in self.ledger()]

    def later(self, **passing: float) -> None:
        """Let the bank's clock run on."""
        self.moment += timedelta(**passing)


def item(n: int, code: str, reference: str, description: str, amount: str) -> dict[str, str]:
    """Return one numbered line of an order."""
    values = {"ItemNumber": str(n), "ProductCode": code, "Qty": "1", "Desc": description}
    values |= {"Id": reference, "Price": amount, "Total": amount}
    return {f"{name}{n}": value for name, value in values.items()}


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page, as a browser would post them."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def action(page: TestResponse) -> str:
    """Return where the page's form that goes back posts to, "" when there is none."""
    found = re.search(r'<form id="return" method="post" action="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def is_genuine(answer: dict[str, str]) -> bool:
    """Check an answer as a merchant does: HTML-decode each value, then the hash."""
    plain = {name: html.unescape(value) for name, value in answer.items()}
    return ver3.matches(plain, KEY, answer["HASH"])


def eventually(holds: Callable[[], object], seconds: float = 3.0) -> bool:
    """Wait until something holds; False when it does not within the time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def problem(answer: TestResponse) -> dict[str, Any]:
    """Return an RFC 9457 body."""
    assert answer.mimetype == "application/problem+json"
    return dict(json.loads(answer.text))
