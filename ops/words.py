"""What the rows of a payment mean to an operator, in words."""

from functions.shared.aws import rows, table
from functions.shared.rules.work import QUEUE
from ops.orders import ADVICE

_KINDS = {
    "ORDER": "payment", "ATTEMPT": "refused money", "LETTER": "letter", "MATTER": "comparison",
}  # fmt: skip
_TODO = {
    "refused money": "give it back or void it at CMI, then asvi done REFERENCE --why ...",
    "letter": "asvi resend REFERENCE, or tell the payer and asvi done REFERENCE --why ...",
    "comparison": "asvi show REFERENCE, look for it at CMI, then asvi settle, uncapture or "
    "refund; asvi done where none of these applies",
}


def kind(row: table.Row) -> str:
    """Say what a row that waits stands for."""
    return _KINDS.get(row["sk"].partition("#")[0], "row")


def about(row: table.Row) -> str:
    """Say which transaction, letter or state a row that waits is about."""
    _, _, name = row["sk"].partition("#")
    return str(row["state"]) if kind(row) == "payment" else name.partition("#")[0]


def why(row: table.Row) -> str:
    """Say why a row waits."""
    if kind(row) == "letter" and "queued_why" not in row:
        return "SES refused it"
    return str(row.get("queued_why", ""))


def todo(row: table.Row) -> str:
    """Say what the operator can do about a row that waits."""
    if kind(row) == "payment":
        return ADVICE[rows.order(row).state]
    return _TODO.get(kind(row), "asvi show REFERENCE")


def told(row: table.Row) -> str:
    """Give a row that waits in a line."""
    return f"{kind(row)} {about(row)}: {why(row)}"


def queued(row: table.Row) -> bool:
    """Say whether a row waits for the operator."""
    return row.get("waits") == QUEUE
