"""What a function's calls to AWS need, held against what its role in the template allows.

`tests/portal.py` runs every function under `permitted`: in no test does a function anything that
it could not do once deployed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from local import template
from local.template import Json, Template
from tools.permissions import Right, rights

# What an action of a transaction needs (DynamoDB developer guide, "IAM and transactions").
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
LEADING = "dynamodb:LeadingKeys"


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A right that a call needs. `leading`: the partition of the row, for a row of the table."""

    action: str
    resource: str
    leading: str = ""

    def met_by(self, right: Right) -> bool:
        """Say whether a right of a role allows this."""
        same = right.action == self.action and fnmatchcase(self.resource, right.resource)
        kinds = right.condition.partition(LEADING + " ")[2]
        return same and (
            not kinds or any(fnmatchcase(self.leading, kind) for kind in kinds.split(", "))
        )


# Botocore's own door for every call of every client.
CALL = "_make_api_call"
# Without the check of a function that calls another one over HTTP, as the canary does.
_call = getattr(BaseClient, CALL)
# What every function was seen to need in this process.
SEEN: dict[str, set[Need]] = {}


# Who may do what without being a function: the operator's commands, by a policy of their own.
OPERATOR = "OperatorPolicy"


@contextmanager
def permitted(function: str) -> Iterator[None]:
    """Run a function (or OPERATOR); its test fails at the first call that is not allowed."""

    def called(client: BaseClient, operation: str, params: Json) -> Any:  # noqa: ANN401 - any answer
        for need in READERS[client.meta.service_model.service_name](operation, params):
            SEEN.setdefault(function, set()).add(need)
            if not any(map(need.met_by, allowed(function))):
                pytest.fail(f"{function} may not {need}")
        return _call(client, operation, params)

    with patch.object(BaseClient, CALL, called):
        yield


@cache
def allowed(function: str) -> tuple[Right, ...]:
    """Give the rights of a function's role, or of the operator's policy."""
    holder = function
    if function != OPERATOR:
        holder = described().resources("AWS::Lambda::Function")[function]["Role"]["Fn::GetAtt"][0]
    return tuple(right for right in every_right() if right.holder == holder)


@cache
def described() -> Template:
    """Give the template, read once."""
    return template.read()


@cache
def every_right() -> tuple[Right, ...]:
    """Give every right that the template gives or denies."""
    return tuple(rights(described()))


def _dynamodb(operation: str, params: Json) -> Iterator[Need]:
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            ((part, request),) = item.items()
            yield Need(f"dynamodb:{PARTS[part]}", "Table", _partition(request))
    elif operation == "BatchGetItem":
        (wanted,) = params["RequestItems"].values()
        for key in wanted["Keys"]:
            yield Need("dynamodb:BatchGetItem", "Table", key["pk"]["S"])
    elif "IndexName" in params:
        yield Need(f"dynamodb:{operation}", f"Table/index/{params['IndexName']}")
    elif operation == "Query":
        yield Need("dynamodb:Query", "Table", params["ExpressionAttributeValues"][":pk"]["S"])
    else:
        yield Need(f"dynamodb:{operation}", "Table", _partition(params))


def _partition(request: Json) -> str:
    return str((request.get("Key") or request["Item"])["pk"]["S"])


def _secretsmanager(operation: str, params: Json) -> Iterator[Need]:
    # Functions are told ARNs; another name is a test's, of a secret that there is not.
    if params["SecretId"].startswith("arn:"):
        # Secrets Manager puts a hyphen and six characters after a secret's name.
        yield Need(f"secretsmanager:{operation}", params["SecretId"].rpartition("/")[2][:-7])


def _kms(operation: str, _params: Json) -> Iterator[Need]:
    yield Need(f"kms:{operation}", "SigningKey")


def _s3(operation: str, params: Json) -> Iterator[Need]:
    yield Need(f"s3:{operation}", f"IntakeBucket/{params['Key']}")


def _sesv2(operation: str, params: Json) -> Iterator[Need]:
    # SES asks for the right to send a raw message whichever call brings it.
    for action in (operation, "SendRawEmail") if "Raw" in params["Content"] else (operation,):
        yield Need(f"ses:{action}", "ses:identity/MailFrom after @")
        yield Need(f"ses:{action}", "ses:configuration-set/ConfigurationSet")


READERS = {
    "dynamodb": _dynamodb, "secretsmanager": _secretsmanager, "kms": _kms, "s3": _s3,
    "sesv2": _sesv2,
}  # fmt: skip
