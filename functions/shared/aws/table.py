"""The one table: reads that are always strong, and writes that all hold or none (`design.md` §5).

botocore's errors become ours here and nowhere else. A time-out is never taken for a failure: the
same request with the same token is sent again, and where the outcome stays unknown, that is said.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.shared import outside
from functions.shared.aws import clients
from functions.shared.rules.errors import Cancelled, Reason, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Row = dict[str, Any]
Key = tuple[str, str]
Action = dict[str, Any]

_TRIES = 4
_PAUSE_SECONDS = 0.05
_PASSING = frozenset(
    {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)
_TOKEN_CHARACTERS = 32


@cache
def client() -> "DynamoDBClient":
    """Give the container's DynamoDB client; time-outs leave room for a second try."""
    config = Config(
        connect_timeout=1, read_timeout=1.5, retries={"mode": "standard", "total_max_attempts": 2}
    )
    made: DynamoDBClient = clients.make("dynamodb", config)
    return made


def name() -> str:
    """Give the table's name."""
    return os.environ["TABLE"]


def query(pk: str, last: str, most: int, *, down: bool = False) -> list[Row]:
    """Read `most` rows of a partition strongly: up to sort key `last`, or from it `down`."""
    with translated():
        answer = client().query(
            TableName=name(),
            KeyConditionExpression="pk = :pk AND sk <= :last",
            ExpressionAttributeValues={":pk": {"S": pk}, ":last": {"S": last}},
            ConsistentRead=True,
            ScanIndexForward=not down,
            Limit=most,
        )
    return [plain(item) for item in answer["Items"]]


def get(key: Key) -> Row | None:
    """Read one row strongly."""
    with translated():
        item = client().get_item(TableName=name(), Key=typed_key(key), ConsistentRead=True)
    return plain(item["Item"]) if "Item" in item else None


def get_many(keys: Sequence[Key]) -> dict[Key, Row]:
    """Read rows strongly in one call; raise Unavailable where DynamoDB leaves some out."""
    wanted: Any = {"Keys": [typed_key(key) for key in keys], "ConsistentRead": True}
    with translated():
        answer = client().batch_get_item(RequestItems={name(): wanted})
    if answer.get("UnprocessedKeys"):
        raise Unavailable
    rows = [plain(item) for item in answer["Responses"][name()]]
    return {(row["pk"], row["sk"]): row for row in rows}


def write(action: Action) -> Row:
    """Do one conditional write; raise Cancelled or Unavailable.

    Give the row that an update left, or that a put stood in the place of; empty where none stood.
    """
    ((verb, request),) = action.items()
    wanted = {"ReturnValues": "ALL_NEW" if verb == "Update" else "ALL_OLD"}
    call: Any = {"Put": client().put_item, "Update": client().update_item}[verb]
    answer = _persistently(lambda: call(**request, **wanted))
    return plain(answer.get("Attributes", {}))


def save_once(actions: Sequence[Action], *step: str) -> None:
    """Write all of `actions` or none, once; raise Cancelled or Unavailable.

    The request's token is derived from `step`, so that a second try after a lost answer is the
    same request to DynamoDB.
    """
    token = hashlib.sha256("|".join(step).encode()).hexdigest()[:_TOKEN_CHARACTERS]
    items: Any = actions
    _persistently(
        lambda: client().transact_write_items(TransactItems=items, ClientRequestToken=token)
    )


def _persistently(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever boto3 answers
    """Make a call, and again where another write was in its way."""
    for attempt in range(_TRIES):
        try:
            with translated():
                return call()
        except _PassingError:
            outside.pause(_PAUSE_SECONDS * 2**attempt)
    raise Unavailable


def put(row: Row, *, once: bool = True) -> Action:
    """Give the action that puts a row; `once`: only where it is not there yet."""
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if once else {}
    return {"Put": {**_target(), "Item": typed(row), **condition}}


def update(key: Key, expression: str, condition: str, values: Mapping[str, Any]) -> Action:
    """Give the action that changes a row under a condition. `#s` stands for `state`."""
    names = {"ExpressionAttributeNames": {"#s": "state"}} if "#s" in expression + condition else {}
    request = {
        **_target(),
        "Key": typed_key(key),
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        **({"ExpressionAttributeValues": typed(values)} if values else {}),
        **names,
    }
    return {"Update": request}


def delete(key: Key) -> Action:
    """Give the action that deletes a row, there or not."""
    return {"Delete": {"TableName": name(), "Key": typed_key(key)}}


def counted(key: Key, counts: Iterable[str], limit: int, expires: datetime) -> Action:
    """Give the action that adds one to each of `counts`, the first up to `limit`."""
    names = list(counts)
    values: dict[str, Any] = {":one": 1, ":expires": int(expires.timestamp()), ":limit": limit}
    added = ", ".join(f"{count} :one" for count in names)
    return update(
        key,
        f"SET expires = if_not_exists(expires, :expires) ADD {added}",
        f"attribute_not_exists({names[0]}) OR {names[0]} < :limit",
        values,
    )


def _target() -> dict[str, str]:
    return {"TableName": name(), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


class _PassingError(Exception):
    """The same request may succeed if it is sent again."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn botocore's errors into Cancelled, Unavailable, or a passing error to try again."""
    try:
        yield
    except ClientError as error:
        raise _ours(error) from error
    except BotoCoreError as error:
        raise Unavailable from error


def _ours(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        found: Any = error.response.get("Item", {})
        return Cancelled([Reason(met=False, found=plain(found))])
    if code in ("TransactionConflictException", "TransactionInProgressException"):
        return _PassingError()
    if code != "TransactionCanceledException":
        return Unavailable()
    given = error.response.get("CancellationReasons", [])
    if {reason["Code"] for reason in given} <= _PASSING:
        return _PassingError()
    return Cancelled(
        [
            Reason(
                met=reason["Code"] != "ConditionalCheckFailed",
                found=plain(reason.get("Item", {})),
            )
            for reason in given
        ]
    )


def typed_key(key: Key) -> dict[str, dict[str, str]]:
    """Write a row's key as DynamoDB reads it."""
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def typed(row: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Write text and integers as DynamoDB reads them; a None is left out."""
    return {
        attribute: {"N": str(int(value))} if isinstance(value, int) else {"S": value}
        for attribute, value in row.items()
        if value is not None
    }


def plain(item: Mapping[str, Any]) -> Row:
    """Read text and integers as DynamoDB writes them."""
    return {
        attribute: int(value["N"]) if "N" in value else value["S"]
        for attribute, value in item.items()
    }
