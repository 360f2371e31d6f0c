"""Make one table hold what another holds: the last step of a restore from a backup.

    python -m tools.refill asvi-restored asvi-production-Table-ABC

AWS restores into a table of another name. The one that serves keeps its name, stream, keys and
safeguards, and is given the restored rows; what they lack is deleted. Run it while the portal is
frozen (docs/runbook.md#table-restored): it asks for the word.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
A_BATCH = 25


def refill(client: "DynamoDBClient", source: str, target: str) -> tuple[int, int, int]:
    """Make `target` hold what `source` holds; give how many rows were put, deleted, left alone."""
    wanted = {_key(item): _digest(item) for item in _rows(client, source)}
    gone = same = 0
    for item in _rows(client, target):
        if _key(item) not in wanted:
            client.delete_item(TableName=target, Key={name: item[name] for name in ("pk", "sk")})
            gone += 1
        elif _digest(item) == wanted[_key(item)]:
            del wanted[_key(item)]
            same += 1
    put = 0
    batch: list[Item] = []
    for item in _rows(client, source):
        if _key(item) in wanted:
            batch.append({"PutRequest": {"Item": item}})
            put += 1
        if len(batch) == A_BATCH:
            _write(client, target, batch)
            batch = []
    _write(client, target, batch)
    return put, gone, same


def _rows(client: "DynamoDBClient", table: str) -> Iterator[Item]:
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    for page in pages:
        yield from page["Items"]


def _write(client: "DynamoDBClient", table: str, batch: list[Item]) -> None:
    left: Any = {table: batch} if batch else {}
    while left:
        left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _digest(item: Item) -> bytes:
    """Name a row's content briefly: a million rows are compared in memory."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).digest()[:16]


def main(words: list[str]) -> int:
    """Refill after asking; give 1 where nothing was done."""
    if len(words) != 2:  # noqa: PLR2004 - the two tables
        print(__doc__, file=sys.stderr)
        return 1
    source, target = words
    print(f"{target} will hold what {source} holds, and nothing else.")
    if input("Is the portal frozen? Type frozen: ").strip() != "frozen":
        print("Nothing was done.", file=sys.stderr)
        return 1
    put, gone, same = refill(boto3.client("dynamodb"), source, target)
    print(f"{put} rows put, {gone} deleted, {same} were the same.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
