"""Lists for the operator: a day's payments, all that stands of an order, what waits in the queue.

The indexes only propose keys, and may be a moment behind; every row is then read strongly.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from functions.shared.aws import rows, table, work
from functions.shared.rules.ledger import entry, partition
from functions.shared.rules.orders import Order
from functions.shared.rules.work import QUEUE, SHARDS

INDEX = "paid"
# DynamoDB reads at most this many rows in a call.
BATCH = 100
# Attempts, letters, events and matters of one order.
MOST_ROWS = 500
# The last of all sort keys.
_LAST = "~"


def paid_on(day: date) -> list[Order]:
    """Give the orders that were paid on a day in Morocco, whatever became of them, by time."""
    keys = [key for number in range(SHARDS) for key in _indexed(partition(day, number))]
    found = [rows.order(row) for row in read(keys) if row.get("paid_day")]
    on_day = [order for order in found if _belongs(order, day)]
    return sorted(on_day, key=lambda order: (order.paid_at, order.reference))


def _belongs(order: Order, day: date) -> bool:
    number = int(order.reference) % SHARDS
    return order.paid_at is not None and entry(order.reference, order.paid_at) == partition(
        day, number
    )


def orders(references: Iterable[str]) -> dict[str, Order]:
    """Give the orders that exist among `references`."""
    keys = [rows.order_key(reference) for reference in dict.fromkeys(references)]
    return {order.reference: order for order in map(rows.order, read(keys))}


def order(reference: str) -> Order | None:
    """Give an order; None where there is none."""
    row = table.get(rows.order_key(reference))
    return rows.order(row) if row else None


def everything(reference: str) -> list[table.Row]:
    """Give every row of an order: attempts, events, letters, matters, the order itself."""
    return table.query(f"ORDER#{reference}", _LAST, MOST_ROWS)


def of_number(registration_number: str) -> list[table.Row]:
    """Give the rows of a number: its dues, and the notes of payments that were begun."""
    return table.query(f"REG#{registration_number}", _LAST, MOST_ROWS)


def queued(now: datetime, most: int) -> list[table.Row]:
    """Give what waits for the operator, at most `most` rows, oldest first."""
    found = read(work.due(QUEUE, now, most))
    return [row for row in found if row.get("waits") == QUEUE]


def read(keys: Sequence[table.Key]) -> Iterator[table.Row]:
    """Read rows strongly, in the order of their keys; those that are gone are left out."""
    for start in range(0, len(keys), BATCH):
        wanted = keys[start : start + BATCH]
        found = table.get_many(wanted)
        yield from (found[key] for key in wanted if key in found)


def _indexed(name: str) -> Iterator[table.Key]:
    """Give every key of a partition of the index, page by page."""
    page: dict[str, Any] = {}
    while True:
        with table.translated():
            answer = table.client().query(
                TableName=table.name(),
                IndexName=INDEX,
                KeyConditionExpression="paid_day = :day",
                ExpressionAttributeValues={":day": {"S": name}},
                **page,
            )
        yield from ((row["pk"], row["sk"]) for row in map(table.plain, answer["Items"]))
        if "LastEvaluatedKey" not in answer:
            return
        page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
