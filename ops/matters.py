"""What waits for the operator of one payment, and how it is taken out of the queue."""

from functions.shared import outside
from functions.shared.aws import ledger, matters, table
from functions.shared.aws.moves import Word
from ops.words import queued


def waiting(reference: str) -> list[table.Row]:
    """Give the rows of a payment that wait for the operator."""
    return [row for row in ledger.everything(reference) if queued(row)]


def settled(reference: str, trans_id: str | None) -> None:
    """Close the comparison's matter about a transaction: the order's own event tells of it."""
    key = matters.matter_key(reference, trans_id or "")
    row = table.get(key)
    if row is not None and queued(row):
        matters.close([key], outside.now())


def close(reference: str, keys: list[table.Key], word: Word) -> bool:
    """Close matters by somebody's word; False where one of them waits no more."""
    now = outside.now()
    return matters.close(keys, now, matters.closing(reference, word.who, word.why, now))
