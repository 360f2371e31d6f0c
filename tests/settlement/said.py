"""Orders in each state, and what CMI may say of them, for the rule's tables."""

from datetime import timedelta

from functions.shared.rules.orders import OrderState
from functions.shared.rules.settlement import Fate, Status
from tests.rules.samples import NOW, ORDER, attempt, order

TOTAL = ORDER.total_centimes
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
OPEN = order()
EXPIRED = order(state=OrderState.EXPIRED)
RELEASED = order(state=OrderState.RELEASED, trans_id="T1", decided_at=NOW)
CAPTURING = order(state=OrderState.CAPTURING, trans_id="T1", decided_at=NOW)
LATER = order(state=OrderState.CAPTURING, trans_id="T1", decided_at=NOW + MINUTE)
TIMELESS = order(state=OrderState.CAPTURING, trans_id="T1")
DURING, AFTER = OPEN.open_until - SECOND, OPEN.open_until
WEEK_AFTER = AFTER + 7 * DAY
JUST, SOON, ALMOST, LATE = (
    NOW + 29 * SECOND, NOW + 30 * SECOND, NOW + DAY - SECOND, NOW + DAY,
)  # fmt: skip

# CMI's word: of T1, of another transaction, or of none.
A, V, D = (Status(fate, "T1") for fate in (Fate.AUTHORISED, Fate.VOIDED, Fate.DECLINED))
C = Status(Fate.CAPTURED, "T1", TOTAL)
MORE, LESS = Status(Fate.CAPTURED, "T1", TOTAL + 1), Status(Fate.CAPTURED, "T1", TOTAL - 1)
A2, V2 = Status(Fate.AUTHORISED, "T2"), Status(Fate.VOIDED, "T2")
C2 = Status(Fate.CAPTURED, "T2", TOTAL)
NONE, MUTE, MIXED = Status(Fate.ABSENT), Status(Fate.UNKNOWN), Status(Fate.MIXED)
NO_API = None
MADE = attempt("APPROVED", reason="already_paid")
