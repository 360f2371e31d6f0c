"""The bank's simulator on a port of its own, with a clock that a test moves."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from cmi_simulator.app import Simulator
from cmi_simulator.bank import Bank
from cmi_simulator.ledger import Entry
from cmi_simulator.settings import Settings
from local.settings import STORE_KEY


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:  # noqa: ANN401 - werkzeug's signature
        """Keep the test's output clean."""


@contextmanager
def serving(now: Callable[[], datetime]) -> Iterator[tuple[Bank, str]]:
    """Serve a bank on loopback; give it and the address of its XML API."""
    bank = Bank(Settings(store_key=STORE_KEY), now, secrets.token_bytes)
    server = make_server("127.0.0.1", 0, Simulator(bank), threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield bank, f"http://127.0.0.1:{server.server_port}/fim/api"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def entry(oid: str, trans_id: str, amount_centimes: int, at: datetime) -> Entry:
    """Give an authorised payment of the bank's ledger."""
    return Entry(
        oid=oid, trans_id=trans_id, amount_centimes=amount_centimes, currency="504",
        state="authorised", code="00", at=at, masked_card="400000******0010",
        auth_code="123456", host_reference="1",
    )  # fmt: skip
