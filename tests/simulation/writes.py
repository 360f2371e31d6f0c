"""PutItem, UpdateItem, DeleteItem, and TransactWriteItems that does all of them or none."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.table import (
    CANCELLED,
    LARGEST_TRANSACTION,
    Change,
    Table,
    body_of,
    checked,
    holds,
    key_of,
    only,
    place,
)
from tests.simulation.updates import update
from tests.simulation.values import DynamoError, Item, Json, UnknownSyntaxError, invalid

_CONDITION = (
    "TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
)  # fmt: skip
_FAILED = "The conditional request failed"


@dataclass(frozen=True, slots=True)
class Written:
    """What a write would do: the change, or that its condition does not hold."""

    change: Change
    holds: bool


def _put(table: Table, params: Json) -> Written:
    only(params, *_CONDITION, "Item", "ReturnValues")
    key, item = checked(table, params["Item"])
    old = table.get(key)
    return Written(Change(key, old, item), holds(params, old))


def _delete(table: Table, params: Json) -> Written:
    only(params, *_CONDITION, "Key", "ReturnValues")
    key = key_of(params["Key"])
    old = table.get(key)
    return Written(Change(key, old, None), holds(params, old))


def _check(table: Table, params: Json) -> Written:
    only(params, *_CONDITION, "Key")
    key = key_of(params["Key"])
    old = table.get(key)
    return Written(Change(key, old, old), holds(params, old))


def _update(table: Table, params: Json) -> Written:
    only(params, *_CONDITION, "Key", "ReturnValues", "UpdateExpression")
    key = key_of(params["Key"])
    old = table.get(key)
    plan = update(params["UpdateExpression"], params.get("ExpressionAttributeNames", {}))
    if not holds(params, old, plan.used):
        return Written(Change(key, old, old), holds=False)
    values = params.get("ExpressionAttributeValues", {})
    _, new = checked(table, plan.apply(old or dict(params["Key"]), values))
    return Written(Change(key, old, new), holds=True)


_VERBS: dict[str, Callable[[Table, Json], Written]] = {
    "Put": _put,
    "Update": _update,
    "Delete": _delete,
    "ConditionCheck": _check,
}


def _alone(verb: str) -> Callable[[Table, Json], Json]:
    """Make the operation that does one write by itself."""

    def write(table: Table, params: Json) -> Json:
        done = _VERBS[verb](table, params)
        if not done.holds:
            raise DynamoError("ConditionalCheckFailedException", _FAILED, **_old(done, params))
        table.commit([done.change])
        return _returned(done.change, params.get("ReturnValues", "NONE"))

    return write


def _returned(change: Change, wanted: str) -> Json:
    if wanted == "NONE":
        return {}
    if wanted not in ("ALL_NEW", "ALL_OLD"):
        raise UnknownSyntaxError(wanted)
    row = change.new if wanted == "ALL_NEW" else change.old
    return {} if row is None else {"Attributes": row}


def _old(done: Written, params: Json) -> dict[str, Item]:
    wanted = params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    return {"Item": done.change.old} if wanted and done.change.old is not None else {}


def transact(table: Table, params: Json) -> Json:
    """Do all actions or none; the same token within ten minutes does nothing again."""
    only(params, "TransactItems", "ClientRequestToken")
    actions = [next(iter(action.items())) for action in params["TransactItems"]]
    _check_shape(table, actions)
    done = [_tried(table, verb, request) for verb, request in actions]
    token, body = params.get("ClientRequestToken", ""), body_of(params)
    if token and table.remembered(token, body):
        return {}
    reasons = [
        one if isinstance(one, dict) else _reason(one, request)
        for one, (_, request) in zip(done, actions, strict=True)
    ]
    if any(reason["Code"] != "None" for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        message = f"{CANCELLED} [{codes}]"
        raise DynamoError("TransactionCanceledException", message, CancellationReasons=reasons)
    table.commit([one.change for one in done if isinstance(one, Written)])
    if token:
        table.remember(token, body)
    return {}


def _tried(table: Table, verb: str, request: Json) -> Written | Json:
    """Prepare one action; what its item alone refuses is a reason, not an error of the request."""
    try:
        return _VERBS[verb](table, request)
    except DynamoError as error:
        if "data type" in error.message or "does not exist in the item" in error.message:
            return {"Code": "ValidationError", "Message": error.message}
        raise


def _reason(done: Written, request: Json) -> Json:
    if done.holds:
        return {"Code": "None"}
    return {"Code": "ConditionalCheckFailed", "Message": _FAILED, **_old(done, request)}


def _check_shape(table: Table, actions: list[tuple[str, Json]]) -> None:
    """Refuse too many actions, another table, and two actions on one row."""
    if len(actions) > LARGEST_TRANSACTION:
        raise invalid("Member must have length less than or equal to 100")
    keys = []
    for verb, request in actions:
        table.check_name(request)
        keys.append(place(request["Item"] if verb == "Put" else request["Key"]))
    if len(set(keys)) != len(keys):
        raise invalid("Transaction request cannot include multiple operations on one item")


OPERATIONS: dict[str, Callable[[Table, Json], Json]] = {
    "PutItem": _alone("Put"),
    "UpdateItem": _alone("Update"),
    "DeleteItem": _alone("Delete"),
    "TransactWriteItems": transact,
}
