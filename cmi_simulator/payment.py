"""One press of « Valider le paiement »: attempts, callbacks, and the browser's way back."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cmi_simulator import callback, verdict
from cmi_simulator.bank import TIMED_OUT, Return
from cmi_simulator.order_form import RefusedFormError

if TYPE_CHECKING:
    from cmi_simulator.bank import Bank, CardPage
    from cmi_simulator.cards import Outcome
    from cmi_simulator.ledger import Entry
    from cmi_simulator.verdict import Typed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, what its callbacks say (in order), and what the browser carries."""

    entry: Entry
    outcome: Outcome
    messages: tuple[dict[str, str], ...]

    @property
    def browser_fields(self) -> dict[str, str]:
        """The genuine answer: a forgery goes to the callback only."""
        return self.messages[0]


def pay(bank: Bank, page: CardPage, typed: Typed) -> Return:
    """Charge the card once and return where the browser goes next.

    A page that was already approved gives its first answer again, so that a double click or a
    reload is one payment. Raises RefusedFormError when the page's time is over, or the order
    was paid from another page meanwhile.
    """
    with page.lock:
        if page.settled is None or not page.settled.outcome.approved:
            _check_time(bank, page)
            page.settled = _charge(bank, page, typed)
        return page.settled


def _check_time(bank: Bank, page: CardPage) -> None:
    if bank.now() - page.opened_at > timedelta(seconds=page.order.timeout_seconds):
        raise RefusedFormError(TIMED_OUT, "Session timeout", page.order.fields)


def _charge(bank: Bank, page: CardPage, typed: Typed) -> Return:
    outcomes = bank.faults.outcomes(typed.card.outcome)
    entries = bank.record(page.order, typed.card, outcomes)
    attempts = [
        _attempt(bank, page, typed, entry, outcome)
        for entry, outcome in zip(entries, outcomes, strict=True)
    ]
    delay = max(bank.faults.seconds(n) for n in ("callback_late", "callback_after_browser"))
    bank.later.run(delay, lambda: _call_back(bank, page.order["callbackUrl"], attempts))
    last = attempts[-1]
    url = page.order["okUrl" if last.outcome.approved else "failUrl"]
    return Return(url, last.browser_fields, last.outcome)


def _attempt(bank: Bank, page: CardPage, typed: Typed, entry: Entry, outcome: Outcome) -> Attempt:
    key = bank.settings.store_key
    answer = verdict.fields(page.order, entry, outcome, typed, nonce(bank))
    genuine = verdict.signed(answer, key + "?" if bank.faults.on("wrong_hash") else key)
    forged = (verdict.renamed(answer, key),) if bank.faults.on("renamed_fields") else ()
    return Attempt(entry, outcome, (genuine, *forged))


def nonce(bank: Bank) -> str:
    """Return a `rnd` of the bank's own: twenty characters of base64."""
    return base64.b64encode(bank.token(15)).decode()


def _call_back(bank: Bank, url: str, attempts: list[Attempt]) -> None:
    if bank.faults.on("callback_never"):
        return
    for attempt in attempts:
        for message in attempt.messages:
            _deliver(bank, url, attempt.entry, message)


def _deliver(bank: Bank, url: str, entry: Entry, message: dict[str, str]) -> None:
    """Send one message once or twice, and note each reply."""

    def send(_copy: int) -> None:
        bank.heard(entry, callback.post(url, message, bank.settings.callback_timeout_seconds))

    at_once = bank.faults.on("callback_twice_at_once")
    copies = range(2 if at_once or bank.faults.on("callback_twice") else 1)
    with ThreadPoolExecutor(len(copies) if at_once else 1) as pool:
        list(pool.map(send, copies))
