"""What to answer to CMI's verdict, and what to save: the decision table (`reliability.md` §2.4).

One pure function. The reply decides the money: only `ACTION=POSTAUTH` captures, and the handler
sends it only once the transaction that records the payment has committed.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from functions.shared.rules.cmi.answer import (
    ACCEPTED_MD_STATUS,
    APPROVED,
    Forged,
    Message,
    Reading,
    Unreadable,
)
from functions.shared.rules.cmi.form import CURRENCY, STORE_TYPE, Merchant
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.orders import Attempt, Order, OrderState
from functions.shared.rules.payment import PAYABLE, moved

Evidence = Literal["callback", "status-api"]


class Reply(StrEnum):
    """The three answers that CMI knows, to the letter."""

    CAPTURE = "ACTION=POSTAUTH"
    ACKNOWLEDGE = "APPROVED"
    FAILURE = "FAILURE"


class Save(StrEnum):
    """What a decision leaves behind, besides counters."""

    NOTHING = "nothing"
    SUSPECT = "suspect"
    ATTEMPT = "attempt"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Decision:
    """The reply, the table's row that gave it, and what to do about it.

    `page` asks a person to look. `reason` is the payer's word for a refusal. `release` says that
    money was reserved which must not be captured. `state` is the order's next one for a payment.
    """

    row: str
    reply: Reply
    save: Save = Save.NOTHING
    page: bool = False
    reason: str | None = None
    release: bool = False
    state: OrderState | None = None


def decide(  # noqa: PLR0911 - one return for each row of the table
    reading: Reading,
    order: Order | None,
    attempt: Attempt | None,
    merchant: Merchant,
    evidence: Evidence,
    *,
    dues_free: bool = True,
) -> Decision:
    """Walk the table for a reading, the order and attempt it names, as strongly read.

    `dues_free` is False once a transaction has shown that a due is paid, held or changed.
    """
    if isinstance(reading, Unreadable):
        return Decision("1 unreadable", Reply.FAILURE)
    if isinstance(reading, Forged):
        return Decision("2 forged", Reply.FAILURE)
    if reading.get("clientid") != merchant.client_id or order is None:
        return Decision("3 foreign", Reply.FAILURE, page=True)
    if not _echoes(reading, order, merchant):
        return Decision("4 altered", Reply.FAILURE, Save.SUSPECT, page=True)
    refusal = _refusal(reading, order)
    if refusal is not None:
        return refusal
    if attempt is not None:
        return _repeated(order, attempt)
    return _approval(order, evidence, dues_free=dues_free)


def vouched(message: Message, merchant: Merchant) -> bool:
    """Say whether a message is CMI's answer to a form of ours, as far as no order tells.

    The hash covers values and not names, so a valid hash over renamed fields exists (event 53):
    nothing in a message is believed unless our constants came back under their own names.
    """
    ours = message.get("clientid") == merchant.client_id
    return ours and any(_constants(message, merchant, language) for language in LANGUAGES)


def _constants(message: Message, merchant: Merchant, language: str) -> bool:
    home = merchant.return_url(language)
    expected = {"storetype": STORE_TYPE, "okUrl": home, "failUrl": home}
    return all(message.echoed(name) == value for name, value in expected.items())


def _echoes(message: Message, order: Order, merchant: Merchant) -> bool:
    """Row 4: our constants came back under their own names, and the order's own nonce."""
    same = _constants(message, merchant, order.language)
    return same and message.get("orgRnd") in ("", order.rnd)


def _refusal(message: Message, order: Order) -> Decision | None:
    """Rows 5 to 6b: what the message itself says against a capture; None if nothing."""
    if message.amount_centimes != order.total_centimes or message.get("currency") != CURRENCY:
        if message.code == APPROVED:
            return _released("5 amount", "refused", page=True)
        return replace(_declined("5 amount", message), page=True)
    if message.code != APPROVED:
        # An approval that names a refusal's code contradicts itself: somebody looks (event 72).
        if message.get("Response") == "Approved":
            return _released("6 contradiction", "refused", page=True)
        return _declined("6 declined", message)
    accepted = message.get("Response") == "Approved" and message.trans_id
    if not accepted or message.get("mdStatus") not in ACCEPTED_MD_STATUS:
        return _released("6b unacceptable", "refused", page=True)
    return None


def _repeated(order: Order, attempt: Attempt) -> Decision:
    """Row 7: the same message gets the same reply, unless its money was given back (event 70)."""
    given_back = order.state not in (*PAYABLE, OrderState.PAID, OrderState.CAPTURING)
    if given_back and attempt.reply == Reply.CAPTURE:
        return Decision("7 repeated", Reply.ACKNOWLEDGE, page=True)
    return Decision("7 repeated", Reply(attempt.reply))


def _approval(order: Order, evidence: Evidence, *, dues_free: bool) -> Decision:
    """Rows 8 to 10: an approval that nothing in the message speaks against."""
    if order.state not in PAYABLE:
        # A second card on a paid order is ordinary; money for a closed order is not.
        paid = order.state in (OrderState.PAID, OrderState.CAPTURING)
        return _released("8 closed", "already_paid" if paid else "refused", page=not paid)
    if not dues_free:
        return _released("8 lost race", "already_paid")
    after = OrderState.PAID if evidence == "callback" else OrderState.CAPTURING
    return Decision("10 accepted", Reply.CAPTURE, Save.PAYMENT, state=moved(order.state, after))


def _declined(row: str, message: Message) -> Decision:
    return Decision(row, Reply.ACKNOWLEDGE, Save.ATTEMPT, reason=decline_reason(message))


def _released(row: str, reason: str, *, page: bool = False) -> Decision:
    return Decision(row, Reply.ACKNOWLEDGE, Save.ATTEMPT, page=page, reason=reason, release=True)


# ISO 8583 response codes (`cmi.md`, Codes) by what the payer can do about them.
_REASONS = {
    "51": "funds", "61": "limit", "65": "limit", "57": "not_enabled", "54": "expired_card",
    "14": "card_data", "82": "card_data", "05": "bank_refused", "12": "bank_refused",
    "41": "bank_refused", "43": "bank_refused", "91": "bank_unavailable",
    "96": "bank_unavailable",
}  # fmt: skip
_UNAUTHENTICATED = frozenset("05678")


def decline_reason(message: Message) -> str:
    """Give the family of a refusal: what the payer can do next depends on it alone."""
    if message.code in _REASONS:
        return _REASONS[message.code]
    return "authentication" if message.get("mdStatus") in _UNAUTHENTICATED else "technical"
