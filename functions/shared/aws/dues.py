"""Dues and the control in front of them, as rows."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal

from functions.shared.aws import table
from functions.shared.rules.errors import Cancelled, Problem, Unavailable
from functions.shared.rules.orders import Due, DueState, OpenPayment
from functions.shared.rules.work import stamp

COUNT_WINDOW = timedelta(minutes=5)
# Whole towns share an address at the end of a quarter: these stop a machine, not a queue.
CODES_A_WINDOW = 600
LOOKUPS_A_WINDOW = 600
QUESTIONS_A_WINDOW = 120
# Four dues a year for a century, and the open payments beside them.
MOST_ROWS = 500
NONCE_BYTES = 16
_DATA_ROW = ("DATA", "DATA")
# What became of a due in a file; kept: because it is paid or its payment is being confirmed,
# outdated: because a file that was issued later states it.
Loading = Literal["loaded", "unchanged", "kept", "outdated"]


def due_key(registration_number: str, due_id: str) -> table.Key:
    """Give the key of a due."""
    return f"REG#{registration_number}", f"DUE#{due_id}"


def counter_key(address: str, now: datetime) -> table.Key:
    """Give the key of an address's counters in the present window. `address` is a keyed hash."""
    window = int(now.timestamp() // COUNT_WINDOW.total_seconds())
    return f"RATE#{address}", f"RATE#{window}"


def count_code(address: str, now: datetime) -> int:
    """Count a code shown to an address; give its wrong codes; raise too_many_requests."""
    action = table.counted(
        counter_key(address, now), ["codes"], CODES_A_WINDOW, now + 2 * COUNT_WINDOW
    )
    try:
        return int(table.write(action).get("wrong", 0))
    except Cancelled as error:
        raise Problem("too_many_requests") from error


def count_question(address: str, now: datetime) -> None:
    """Count a question by reference and number; raise too_many_requests."""
    action = table.counted(
        counter_key(address, now), ["questions"], QUESTIONS_A_WINDOW, now + 2 * COUNT_WINDOW
    )
    try:
        table.write(action)
    except Cancelled as error:
        raise Problem("too_many_requests") from error


def spend_ticket(
    ticket_id: str, address: str, random: bytes, now: datetime, *, right: bool
) -> None:
    """Burn a control code and count the look-up, both or neither.

    `random` makes each request one of its own: two tabs in the same instant must not pass for
    one that was sent twice. Raise control_code_used or too_many_requests; a code that was refused
    for haste stays good.
    """
    counts = ["lookups"] if right else ["lookups", "wrong"]
    expires = int((now + timedelta(hours=1)).timestamp())
    burnt = {"pk": f"CODE#{ticket_id}", "sk": "CODE", "expires": expires}
    actions = [
        table.put(burnt),
        table.counted(counter_key(address, now), counts, LOOKUPS_A_WINDOW, now + 2 * COUNT_WINDOW),
    ]
    try:
        table.save_once(actions, "ticket", ticket_id, random.hex())
    except Cancelled as error:
        used = not error.reasons[0].met
        raise Problem("control_code_used" if used else "too_many_requests") from error


def of_number(registration_number: str) -> tuple[list[Due], list[OpenPayment]]:
    """Read the dues and open payments of a number, in one query.

    Dues come first, and raise Unavailable where they are too many. Open payments are notes that
    anybody can leave: however many there are, they hide no due.
    """
    rows = table.query(f"REG#{registration_number}", "OPEN$", MOST_ROWS)
    if len(rows) == MOST_ROWS and rows[-1]["sk"].startswith("DUE#"):
        raise Unavailable
    dues = [due(row) for row in rows if row["sk"].startswith("DUE#")]
    started = [_open_payment(row) for row in rows if row["sk"].startswith("OPEN#")]
    return dues, started


def due(row: table.Row) -> Due:
    """Read a due from its row."""
    return Due(
        registration_number=row["pk"].removeprefix("REG#"),
        year=row["year"],
        quarter=row["quarter"],
        amount_centimes=row["amount_centimes"],
        reference=row["reference"],
        account=row["account"],
        state=DueState(row["state"]),
        trans_id=row.get("trans_id"),
    )


def _open_payment(row: table.Row) -> OpenPayment:
    return OpenPayment(
        started_at=datetime.fromisoformat(row["started_at"]),
        due_ids=tuple(row["due_ids"].split("|")),
        until=datetime.fromisoformat(row["until"]),
    )


def load(loaded: Due, issued_at: datetime, source: str | None = None) -> Loading:
    """Load a due that the fund's core system issued then, in a file named `source`.

    One conditional write: a due that is paid or held is kept whatever the file says (event 77),
    and so is what a file that was issued later states: events of files come late, and twice.
    """
    issued = {"issued_at": stamp(issued_at), "source": source}
    action = table.put(_row(loaded) | issued, once=False)
    action["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR (#s = :unpaid AND "
        "(attribute_not_exists(issued_at) OR issued_at <= :issued))",
        "ExpressionAttributeNames": {"#s": "state"},
        "ExpressionAttributeValues": table.typed(
            {":unpaid": DueState.UNPAID, ":issued": issued["issued_at"]}
        ),
    }
    try:
        before = table.write(action)
    except Cancelled as error:
        return _refused(loaded, due(error.reasons[0].found))
    return "unchanged" if before and due(before) == loaded else "loaded"


def _refused(loaded: Due, stands: Due) -> Loading:
    """Say why a due was not written over the one that stands."""
    if stands == loaded:
        return "unchanged"
    return "outdated" if stands.state is DueState.UNPAID else "kept"


def _row(loaded: Due) -> dict[str, Any]:
    pk, sk = due_key(loaded.registration_number, loaded.id)
    return {
        "pk": pk, "sk": sk, "year": loaded.year, "quarter": loaded.quarter,
        "amount_centimes": loaded.amount_centimes, "reference": loaded.reference,
        "account": loaded.account, "state": loaded.state, "trans_id": loaded.trans_id,
    }  # fmt: skip


def put_data_time(issued_at: datetime) -> None:
    """Remember when the newest file was issued: pages say how fresh "nothing to pay" is."""
    pk, sk = _DATA_ROW
    row = {"pk": pk, "sk": sk, "loaded_at": stamp(issued_at)}
    action = table.put(row, once=False)
    action["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR loaded_at < :issued",
        "ExpressionAttributeValues": table.typed({":issued": row["loaded_at"]}),
    }
    with suppress(Cancelled):
        table.write(action)


def data_time() -> datetime | None:
    """Give when the newest file of dues was issued; None before the first."""
    row = table.get(_DATA_ROW)
    return datetime.fromisoformat(row["loaded_at"]) if row else None
