"""The bank's state: open card pages, ledger, switchboard, all behind one lock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmi_simulator import callback, order_form
from cmi_simulator.faults import Switchboard
from cmi_simulator.later import Later
from cmi_simulator.ledger import Entry, Ledger
from cmi_simulator.verdict import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cmi_simulator.cards import Card, Outcome
    from cmi_simulator.order_form import OrderForm
    from cmi_simulator.settings import Settings

MOST_PAGES = 1000
PAID_ALREADY = "CORE-2507"
TIMED_OUT = "SIM-TIMEOUT"


class ResetError(Exception):
    """The portal's own reset did not answer 2xx; the bank's side was emptied all the same."""


@dataclass(frozen=True, slots=True)
class Return:
    """What sends the browser back: where, with which fields, after which outcome."""

    url: str
    fields: dict[str, str]
    outcome: Outcome


@dataclass(slots=True)
class CardPage:
    """One « Demande de paiement » that was opened, and the return that settled it."""

    id: str
    order: OrderForm
    opened_at: datetime
    settled: Return | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Bank:
    """`now` gives the time, `token` that many random bytes."""

    def __init__(
        self, settings: Settings, now: Callable[[], datetime], token: Callable[[int], bytes]
    ) -> None:
        self.settings = settings
        self.now = now
        self.token = token
        self.lock = threading.RLock()
        self.ledger = Ledger()
        self.faults = Switchboard()
        self.later = Later()
        self._pages: dict[str, CardPage] = {}
        self._count = 0

    def open_page(self, posted: Iterable[tuple[str, list[str]]]) -> CardPage:
        """Check a merchant's form and open its card page. Raises RefusedFormError."""
        order = order_form.read(posted, self.settings.merchant, self.settings.store_key)
        if self.faults.on("answers_3d_1004"):
            raise order_form.RefusedFormError(
                order_form.WRONG_HASH, "Wrong security code (hash)", order.fields
            )
        page = CardPage(self.token(16).hex(), order, self.now())
        with self.lock:
            self._refuse_burnt(order)
            self._pages[page.id] = page
            while len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]
        return page

    def page(self, page_id: str) -> CardPage | None:
        """Return an open card page, or None when the bank does not know it."""
        with self.lock:
            return self._pages.get(page_id)

    def _refuse_burnt(self, order: OrderForm) -> None:
        if self.ledger.is_burnt(order["oid"]) and not self.faults.on("form_twice"):
            raise order_form.RefusedFormError(
                PAID_ALREADY, "Order has already successful transaction.", order.fields
            )

    def record(self, order: OrderForm, card: Card, outcomes: Iterable[Outcome]) -> list[Entry]:
        """Write an order's attempts into the ledger in one step.

        Raises RefusedFormError when another page had its success first.
        """
        with self.lock:
            self._refuse_burnt(order)
            entries = [self._entry(order, card, outcome) for outcome in outcomes]
            self.ledger.entries.extend(entries)
        return entries

    def _entry(self, order: OrderForm, card: Card, outcome: Outcome) -> Entry:
        now = self.now()
        self._count += 1
        letters = "".join(chr(ord("A") + byte % 26) for byte in self.token(4))
        return Entry(
            oid=order["oid"],
            trans_id=f"{now:%y%j}{letters}{10000 + self._count}",
            amount_centimes=self.faults.amount_centimes(order.amount_centimes),
            currency=self.faults.currency(order["currency"]),
            state="authorised" if outcome.approved else "declined",
            code=outcome.code,
            at=now,
            masked_card=masked(card.number),
            auth_code=self._digits(6) if outcome.approved else "",
            host_reference=f"{now:%y%j%H}{self._digits(5)}",
        )

    def _digits(self, count: int) -> str:
        return "".join(str(byte % 10) for byte in self.token(count))

    def heard(self, entry: Entry, reply: str) -> None:
        """Note the merchant's reply to a callback and do what it asks."""
        with self.lock:
            entry.replies.append(reply)
            asked = reply == callback.POSTAUTH and not self.faults.on("loses_reply")
            capture = entry.state == "authorised" and (asked or self.faults.on("ignores_reply"))
            late = self.faults.seconds("capture_late")
        if capture:
            self.later.run(late, lambda: self._capture(entry))

    def _capture(self, entry: Entry) -> None:
        """Debit once: after a first capture, or a void in between, there is nothing to take."""
        with self.lock:
            if entry.state == "authorised":
                self.ledger.capture(entry, entry.amount_centimes, self.now())

    def reset(self) -> None:
        """Empty ledger, faults and pages, then the portal's side. Raises ResetError."""
        self.later.cancel()
        with self.lock:
            self.ledger.entries.clear()
            self.faults.clear()
            self._pages.clear()
        url = self.settings.reset_url
        if url and not callback.was_accepted(url, self.settings.callback_timeout_seconds):
            raise ResetError(url)
