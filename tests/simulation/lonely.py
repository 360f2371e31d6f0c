"""The table by itself, empty, with nobody about: where one call of our code is looked at alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

from functions.shared.aws import dues, table
from functions.shared.rules.orders import Due, DueState, Line, Order, OrderState
from tests.simulation import exchange
from tests.simulation.deployment import Outside, environment, indexes, open_doors
from tests.simulation.faults import Planned
from tests.simulation.table import Table
from tests.simulation.wire import Wire

NOW = datetime(2020, 5, 5, 21, 50, tzinfo=UTC)
NUMBER, REFERENCE, TRANS = "123456789", "43190271885204", "T1"
DUE = Due(NUMBER, 2020, 1, 145_110, "BPC1", "BPC pour encaissements ASVI")
LINES = (Line("contribution", 2020, 1, 145_110, "BPC1", "BPC"),)
Row = dict[str, Any]


@contextmanager
def lonely() -> Iterator[None]:
    """Let calls end in an empty table, at one instant."""
    made = Table(environment()["TABLE"], indexes=indexes())
    exchange.plug(Wire({"dynamodb": made.call}, Planned({}), Random(0), lambda *_: None))  # noqa: S311 - no secret
    exchange.through_botocore(on=True)
    open_doors(Outside(lambda: NOW, lambda _: None, lambda count: b"\0" * count))
    yield
    open_doors(None)
    exchange.plug(None)


def put(row: Row) -> Row:
    """Let a row stand in the table."""
    table.write(table.put(row, once=False))
    return row


def stands(row: Row) -> Row:
    """Read a row again."""
    return table.get((row["pk"], row["sk"])) or {}


def an_order(state: OrderState, trans_id: str | None = None, email: str | None = None) -> Order:
    """Give an order of one quarter in a state."""
    return Order(
        REFERENCE, NUMBER, (DUE.id,), LINES, "LOC", "fr", email, "2020-05", "rnd", "key",
        NOW, NOW, NOW, state=state, trans_id=trans_id,
    )  # fmt: skip


def a_due(state: DueState, trans_id: str | None, amount: int = 145_110) -> Row:
    """Give the row of its quarter."""
    pk, sk = dues.due_key(NUMBER, DUE.id)
    return {
        "pk": pk, "sk": sk, "year": 2020, "quarter": 1, "amount_centimes": amount,
        "reference": "BPC1", "account": DUE.account, "state": state, "trans_id": trans_id,
    }  # fmt: skip
