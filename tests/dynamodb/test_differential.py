"""The in-process table and Amazon's DynamoDB Local, given the same calls, must answer alike."""

import json
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import boto3
import pytest
from hypothesis import given

from tests.chance import examples
from tests.dynamodb import reference
from tests.dynamodb.endings import ending, levelled, pages
from tests.dynamodb.strategies import TABLE, Json, calls
from tests.simulation import exchange, stream, wire
from tests.simulation.deployment import indexes
from tests.simulation.faults import Planned
from tests.simulation.table import Change, Table

EXAMPLES = count()


@pytest.fixture(scope="module")
def real(address: str) -> Any:  # noqa: ANN401 - a client
    """Give a client of the reference, with the template's table."""
    reference.table(address, TABLE)
    return reference.client(address)


@pytest.fixture
def fake() -> Iterator[Any]:
    """Give a real client whose calls end in the in-process table."""
    client = boto3.client("dynamodb", region_name="eu-west-3")
    exchange.attach(client)
    table = Table(TABLE, indexes=indexes())
    exchange.plug(wire.Wire({"dynamodb": table.call}, Planned({}), Random(0), lambda *_: None))  # noqa: S311 - a world's chance has a seed
    yield client
    exchange.plug(None)


def apart(call: Json, example: int) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Give a call on rows of its own, so that no example sees another's."""
    text = json.dumps(call)
    for mark in ("ORDER#", "REG#", "WORK#", "DAY#"):
        text = text.replace(mark, f"{example}-{mark}")
    for token in ("one", "two"):
        text = text.replace(
            f'"ClientRequestToken": "{token}"', f'"ClientRequestToken": "{token}-{example}"'
        )
    return json.loads(text)


@examples(100)
@given(calls=calls)
def test_same_endings(real: Any, fake: Any, calls: list[tuple[str, Json]]) -> None:  # noqa: ANN401 - clients
    """The same calls end alike: answers, rows, error codes, reasons of a cancelled transaction."""
    example = next(EXAMPLES)
    for operation, params in calls:
        own = apart(params, example)
        told = f"{operation} {json.dumps(own)}"
        ours, theirs = ending(fake, operation, own), ending(real, operation, own)
        assert levelled(ours, theirs) == theirs, told


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("index", ["work", "paid", ""])
def test_pages(real: Any, fake: Any, most: int, forward: bool, index: str) -> None:  # noqa: ANN401 - clients
    """Page by page, a partition or an index gives every row once, in the same order."""
    mark = f"pages-{index}-{most}-{forward}"
    asked: Json = {"TableName": TABLE, "Limit": most, "ScanIndexForward": forward}
    asked |= {"IndexName": index} if index else {"ConsistentRead": True}
    name = {"work": "waits", "paid": "paid_day"}.get(index, "pk")
    asked |= {
        "KeyConditionExpression": f"{name} = :part",
        "ExpressionAttributeValues": {":part": {"S": mark}},
    }
    for place in (3, 0, 4, 2, 1):
        when = {"S": f"2020-{place}"}
        item = {"pk": {"S": mark}, "sk": when, "waits_at": when, "paid_at": when}
        for client in (fake, real):
            client.put_item(
                TableName=TABLE, Item=item | {"waits": {"S": mark}, "paid_day": {"S": mark}}
            )
    ours, theirs = pages(fake, asked), pages(real, asked)
    assert ours == theirs
    assert len(ours) == 5


def row(key: str, **attributes: Json) -> Json:
    """Give a row of a partition of its own."""
    return {"pk": {"S": f"alone-{key}"}, "sk": {"S": "ORDER"}, **attributes}


def put(item: Json, **more: Any) -> Json:  # noqa: ANN401 - parameters
    """Give the action that puts a row."""
    return {"Put": {"TableName": TABLE, "Item": item, **more}}


@pytest.mark.parametrize(
    "actions",
    [
        [put(row("twice")), put(row("twice"))],
        [put(row(str(place))) for place in range(101)],
        [put(row("typed", waits={"N": "1"}))],
        [put({"pk": {"S": "alone"}})],
        [put(row("empty") | {"sk": {"S": ""}})],
        [put(row("word"), ConditionExpression="attribute_not_exists(state)")],
    ],
    ids=["row twice", "101 actions", "index key", "no sort key", "empty key", "reserved word"],
)
def test_refused_requests(real: Any, fake: Any, actions: list[Json]) -> None:  # noqa: ANN401 - clients
    """A transaction that DynamoDB cannot accept is refused by the same code."""
    asked = {"TransactItems": actions}
    endings = [ending(client, "TransactWriteItems", asked) for client in (fake, real)]
    assert endings[0]["error"] == endings[1]["error"]


def test_tokens(real: Any, fake: Any) -> None:  # noqa: ANN401 - clients
    """A token's second request does nothing; with another body it is refused; so after ten minutes it is not."""
    first = {"TransactItems": [put(row("token", codes={"N": "1"}))], "ClientRequestToken": "token"}
    other = {"TransactItems": [put(row("token", codes={"N": "2"}))], "ClientRequestToken": "token"}
    gone = {"TableName": TABLE, "Key": row("token")}
    read = {**gone, "ConsistentRead": True}
    for client in (fake, real):
        assert ending(client, "TransactWriteItems", first) == {}
        assert ending(client, "DeleteItem", gone) == {}
        assert ending(client, "TransactWriteItems", first) == {}
        assert ending(client, "GetItem", read) == {}
        refused = ending(client, "TransactWriteItems", other)
        assert refused["error"] == "IdempotentParameterMismatchException"


def test_forgotten_tokens() -> None:
    """Ten minutes later a token is new again: only conditions protect then (reliability.md 2.2)."""
    clock = [0]
    table = Table(TABLE, now_ms=lambda: clock[0])
    first = {"TransactItems": [put(row("old"))], "ClientRequestToken": "t"}
    table.call("TransactWriteItems", first)
    clock[0] = 10 * 60 * 1000
    other = {"TransactItems": [put(row("old", codes={"N": "2"}))], "ClientRequestToken": "t"}
    assert table.call("TransactWriteItems", other) == {}
    assert table.get(("alone-old", "ORDER")) == row("old", codes={"N": "2"})


def test_stream(real: Any, address: str) -> None:  # noqa: ANN401 - a client
    """The stream tells of each change once, with the new row, and nothing of a write that changed nothing."""
    told: list[tuple[str, Json | None]] = []
    fake_table = Table(TABLE)
    fake_table.watchers.append(lambda changes: told.extend(_told(change) for change in changes))
    item = row("stream", state={"S": "open"})
    key = {"pk": item["pk"], "sk": item["sk"]}
    steps: list[tuple[str, Json]] = [
        ("PutItem", {"TableName": TABLE, "Item": item}),
        ("PutItem", {"TableName": TABLE, "Item": item}),
        ("TransactWriteItems", {"TransactItems": [put(item | {"state": {"S": "paid"}})]}),
        ("DeleteItem", {"TableName": TABLE, "Key": key}),
        ("DeleteItem", {"TableName": TABLE, "Key": key}),
    ]
    for operation, params in steps:
        fake_table.call(operation, params)
        ending(real, operation, params)
    assert told == list(_records(address, item["pk"]))
    assert [name for name, _ in told] == ["INSERT", "MODIFY", "REMOVE"]


def _told(change: Change) -> tuple[str, Json | None]:
    record = stream.record(change, 0)
    return record["eventName"], record["dynamodb"].get("NewImage")


def _records(address: str, pk: Json) -> Iterator[tuple[str, Json | None]]:
    client = boto3.client("dynamodbstreams", endpoint_url=address)
    (arn,) = [one["StreamArn"] for one in client.list_streams(TableName=TABLE)["Streams"]]
    for shard in client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        place = client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        ).get("ShardIterator")
        while place:
            page = client.get_records(ShardIterator=place)
            for record in page["Records"]:
                if record["dynamodb"]["Keys"]["pk"] == pk:
                    yield record["eventName"], record["dynamodb"].get("NewImage")
            place = page.get("NextShardIterator") if page["Records"] else None
