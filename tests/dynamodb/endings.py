"""How a call of a table ended, in a form in which two tables can be compared."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.values import Item, Json, normal

TWICE_WRONG = {"ValidationException", "IdempotentParameterMismatchException"}
METHODS = {
    "PutItem": "put_item", "UpdateItem": "update_item", "DeleteItem": "delete_item",
    "GetItem": "get_item", "BatchGetItem": "batch_get_item", "Query": "query",
    "TransactWriteItems": "transact_write_items",
}  # fmt: skip


def ending(client: Any, operation: str, params: Json) -> Json:  # noqa: ANN401 - a client
    """Do a call, and say how it ended."""
    try:
        answer = getattr(client, METHODS[operation])(**params)
    except ClientError as error:
        return refusal(error.response)
    return said(answer)


def refusal(response: Any) -> Json:  # noqa: ANN401 - botocore's
    """Give the error of an answer: its code, what was found, the reasons of a transaction."""
    reasons = [
        (reason["Code"], normal(reason.get("Item", {})))
        for reason in response.get("CancellationReasons", [])
    ]
    if any(code == "ValidationError" for code, _ in reasons):
        # AWS documents this as a reason of the cancelled transaction; DynamoDB Local refuses the
        # request. Our code writes no such update either way.
        return {"error": "ValidationException", "reasons": [], "item": {}}
    found = normal(response.get("Item", {}))
    return {"error": response["Error"]["Code"], "reasons": reasons, "item": found}


def said(answer: Json) -> Json:
    """Leave out what differs by nature; put what has no order in order."""
    kept = {
        name: part
        for name, part in answer.items()
        if name not in ("ResponseMetadata", "ConsumedCapacity")
    }
    if "Responses" in kept:
        rows = [normal(row) for part in kept["Responses"].values() for row in part]
        kept["Responses"] = sorted(rows, key=_key)
    for name in ("Item", "Attributes"):
        if name in kept:
            kept[name] = normal(kept[name])
    if "Items" in kept:
        kept["Items"] = [normal(row) for row in kept["Items"]]
    return kept


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["pk"]["S"], row["sk"]["S"]


def levelled(ours: Json, theirs: Json) -> Json:
    """Give our ending without two differences that DynamoDB itself leaves open."""
    if "LastEvaluatedKey" not in theirs:
        # A page that is full to the last row may name the next page, which is then empty.
        ours.pop("LastEvaluatedKey", None)
    # A request that is wrong in two ways is refused for either.
    return theirs if {ours.get("error"), theirs.get("error")} == TWICE_WRONG else ours


def pages(client: Any, params: Json) -> list[Item]:  # noqa: ANN401 - a client
    """Read a query page by page to its end; give all its rows."""
    answer = client.query(**params)
    found = [normal(row) for row in answer["Items"]]
    if "LastEvaluatedKey" not in answer:
        return found
    return found + pages(client, params | {"ExclusiveStartKey": answer["LastEvaluatedKey"]})
