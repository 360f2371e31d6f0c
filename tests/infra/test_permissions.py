"""Each function's role: nothing less than it needs, nothing more (`reliability.md` §6.3)."""

import pytest

from tests.rights import SEEN, Need, allowed, described, every_right
from tools.permissions import Right

FUNCTIONS = sorted(function.name for function in described().functions())
# What Lambda itself does in the name of a function: no code of ours calls it.
BY_LAMBDA = {
    "what TracePolicy allows": "sends the traces of its calls",
    "logs:CreateLogStream": "writes what it prints",
    "logs:PutLogEvents": "likewise",
    "sts:AssumeRole": "takes the role",
    "dynamodb:DescribeStream": "reads the stream for it",
    "dynamodb:GetRecords": "likewise",
    "dynamodb:GetShardIterator": "likewise",
    "dynamodb:ListStreams": "likewise",
    "s3:ListBucket": "sees whether there is the bucket for what failed",
}
FAILED = "FailureBucket/aws/lambda/*"
# AWS's own policies, for services that act on the stack: they are AWS's to keep small.
SERVICES = {"BackupRole", "DeploymentRole"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_more(recorded: dict[str, set[Need]], name: str) -> None:
    """A function may do nothing that it was not seen to do; that it does no more, every test holds."""
    ours = [it for it in allowed(name) if it.action not in BY_LAMBDA and it.resource != FAILED]
    unused = [it for it in ours if not any(need.met_by(it) for need in recorded[name])]
    assert not unused
    assert len(ours) >= 2


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_kind_of_row_too_many(recorded: dict[str, set[Need]], name: str) -> None:
    """Of the kinds of rows that a right names, each was touched."""
    for right in allowed(name):
        _, _, kinds = right.condition.partition("LeadingKeys ")
        for kind in kinds.split(", ") if kinds else ():
            narrow = Right(right.holder, right.effect, right.who, right.action, right.resource,
                           f"dynamodb:LeadingKeys {kind}")  # fmt: skip
            assert any(need.met_by(narrow) for need in recorded[name]), narrow


def test_nothing_on_everything() -> None:
    """No right is on everything but X-Ray's, for which AWS knows no resource; none is on all actions."""
    for right in every_right():
        if right.effect == "Allow" and right.holder not in SERVICES:
            assert right.resource != "*" or right.holder == "TracePolicy", right
            assert not right.action.endswith(":*") or right.who == "AWS iam::root", right


def test_nobody_loses_an_order() -> None:
    """No function may delete an order, an attempt or a letter, nor read the whole table."""
    found = {it for name in FUNCTIONS for it in allowed(name)}
    assert not [it for it in found if it.action.endswith(("Scan", "DeleteTable", "BatchWriteItem"))]
    deleting = [it for it in found if it.action == "dynamodb:DeleteItem"]
    assert {it.condition.rpartition(" ")[2] for it in deleting} == {"REG#*"}


def test_who_holds_what_money_hangs_on() -> None:
    """CMI's key is read by three functions, receipts are signed and mail is sent by one."""
    holders: dict[str, set[str]] = {}
    for right in every_right():
        holders.setdefault(f"{right.action} {right.resource}", set()).add(right.holder)
    assert holders["secretsmanager:GetSecretValue StoreKeySecret"] == {
        "CallbackRole", "CanaryRole", "CheckoutRole"
    }  # fmt: skip
    assert holders["kms:Sign SigningKey"] == {"LetterRole"}
    senders = [who for right, who in holders.items() if right.startswith("ses:")]
    assert set().union(*senders) == {"LetterRole"}


def test_a_call_too_many_is_found(recorded: dict[str, set[Need]]) -> None:
    """The harness itself: what no role allows fails the test that does it."""
    assert recorded
    need = Need("dynamodb:GetItem", "Table", "ORDER#1")
    assert not any(map(need.met_by, allowed("LookupFunction")))
    assert any(map(need.met_by, allowed("LetterFunction")))
    assert SEEN
