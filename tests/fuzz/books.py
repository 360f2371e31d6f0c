"""The table in process, and what was written to it: looked at, and taken back for the next case."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from functions.shared.aws import table as shelf
from tests.portal import Json, forget
from tests.simulation.deployment import indexes
from tests.simulation.table import Change, Table
from tests.simulation.values import DynamoError


@dataclass(slots=True)
class Books:
    """The changes of the table since they were last taken back."""

    table: Table
    changes: list[Change] = field(default_factory=list)

    def written(self) -> list[str]:
        """Name the rows that changed, `<partition key> <sort key>`."""
        return [" ".join(change.key) for change in self.changes]

    def undo(self) -> None:
        """Take the changes back, the last one first, and the transactions that made them."""
        self.table.tokens.clear()
        for change in reversed(self.changes[:]):
            self.table.commit([Change(change.key, change.new, change.old)])
        self.keep()

    def keep(self) -> None:
        """Let what was changed stand."""
        self.changes.clear()

    def answer(self, model: Any, params: Json, **_: object) -> Any:  # noqa: ANN401 - botocore's
        """Stand for DynamoDB's answer to a request that botocore has checked and written."""
        try:
            said, status = self.table.call(model.name, json.loads(params["body"])), 200
        except DynamoError as error:
            told = {"Code": error.code, "Message": error.message}
            said, status = {"Error": told, **error.facts}, 400
        answer = AWSResponse("https://table.example", status, HTTPHeaders(), None)
        return answer, said | {"ResponseMetadata": {}}


@contextmanager
def opened() -> Iterator[Books]:
    """Let the functions' table be one in process: moto's is right too, and thirty times slower."""
    books = Books(Table(shelf.name(), indexes=indexes()))
    books.table.watchers.append(books.changes.extend)
    shelf.client().meta.events.register_first("before-call", books.answer)
    yield books
    forget()
