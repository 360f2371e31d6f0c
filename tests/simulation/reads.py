"""GetItem, BatchGetItem and Query, of the table strongly and of its index as it happens to be."""

from collections.abc import Callable, Mapping

from tests.simulation.expressions import check_used, compared, key_condition
from tests.simulation.table import Table, key_of, only
from tests.simulation.updates import KEYS
from tests.simulation.values import Item, Json, UnknownSyntaxError, Values, invalid

MOST_KEYS = 100


def _strong(params: Mapping[str, object]) -> None:
    """Our code decides about money on strong reads only; a weak one is a mistake, told loudly."""
    if params.get("ConsistentRead") is not True:
        raise UnknownSyntaxError("a read of the table that is not strong")


def get_item(table: Table, params: Json) -> Json:
    """Read one row."""
    only(params, "TableName", "Key", "ConsistentRead")
    _strong(params)
    row = table.get(key_of(params["Key"]))
    return {} if row is None else {"Item": row}


def batch_get_item(table: Table, params: Json) -> Json:
    """Read up to a hundred rows, each by itself: a commit may fall between two of them."""
    only(params, "RequestItems")
    ((name, wanted),) = params["RequestItems"].items()
    table.check_name({"TableName": name})
    only(wanted, "Keys", "ConsistentRead")
    _strong(wanted)
    keys = [key_of(key) for key in wanted["Keys"]]
    if len(keys) > MOST_KEYS:
        raise invalid("Too many items requested for the BatchGetItem call")
    if len(set(keys)) != len(keys):
        raise invalid("Provided list of item keys contains duplicates")
    rows = [row for row in map(table.get, keys) if row is not None]
    return {"Responses": {name: rows}, "UnprocessedKeys": {}}


def query(table: Table, params: Json) -> Json:
    """Read a partition in order of its sort key, of the table or of the index."""
    only(
        params, "TableName", "KeyConditionExpression", "ExpressionAttributeValues",
        "ExpressionAttributeNames", "ConsistentRead", "ScanIndexForward", "Limit", "IndexName",
        "ExclusiveStartKey",
    )  # fmt: skip
    name = params.get("IndexName")
    if name is not None and name not in table.indexes:
        raise invalid("The table does not have the specified index")
    if name is None:
        _strong(params)
    elif params.get("ConsistentRead"):
        raise invalid("Consistent reads are not supported on global secondary indexes")
    names = KEYS if name is None else table.indexes[name]
    return _page(_found(table, params, names), params, names)


def _found(table: Table, params: Json, names: tuple[str, str]) -> list[Item]:
    """Give the rows that the key condition names, in the order asked for."""
    given: Values = params.get("ExpressionAttributeValues", {})
    words = params.get("ExpressionAttributeNames", {})
    parts, used = key_condition(params["KeyConditionExpression"], words)
    check_used(used, words, given)
    (partition,) = [part for part in parts if part[0] == names[0]] or [("", "", "")]
    if partition[1] != "=" or any(part[0] not in names for part in parts):
        raise invalid("Query condition missed key schema element, or is not supported")
    pk = given[partition[2]]["S"]
    index = params.get("IndexName")
    rows = table.index.get((index, pk), {}) if index else table.parts.get(pk, {})
    rest = [part for part in parts if part[0] == names[1]]
    kept = [
        row
        for row in rows.values()
        if all(compared(sign, row[names[1]], given[value]) for _, sign, value in rest)
    ]
    down = not params.get("ScanIndexForward", True)
    return sorted(kept, key=lambda row: _place(row, names), reverse=down)


def _place(row: Item, names: tuple[str, str]) -> tuple[str, ...]:
    return (row[names[1]]["S"], row["pk"]["S"], row["sk"]["S"])


def _page(rows: list[Item], params: Json, names: tuple[str, str]) -> Json:
    """Give one page of rows, and where the next begins if there may be more."""
    start = params.get("ExclusiveStartKey")
    if start is not None:
        down = not params.get("ScanIndexForward", True)
        passed: Callable[[Item], bool] = lambda row: (  # noqa: E731 - one line of a choice
            _place(row, names) < _place(start, names) if down
            else _place(row, names) > _place(start, names)
        )  # fmt: skip
        rows = [row for row in rows if passed(row)]
    most = params.get("Limit", len(rows) + 1)
    page = rows[:most]
    answer: Json = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
    if len(rows) >= most:
        last = page[-1]
        answer["LastEvaluatedKey"] = {name: last[name] for name in {*KEYS, *names}}
    return answer


OPERATIONS: dict[str, Callable[[Table, Json], Json]] = {
    "GetItem": get_item,
    "BatchGetItem": batch_get_item,
    "Query": query,
}
