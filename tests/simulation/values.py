"""DynamoDB's typed values: what is equal, what comes before, what adds up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Value = dict[str, Any]
Item = dict[str, Value]
Values = Mapping[str, Value]
Json = dict[str, Any]


class DynamoError(Exception):
    """An error that DynamoDB answers: its code, its words, and what else the answer carries."""

    def __init__(self, code: str, message: str = "", **facts: Any) -> None:  # noqa: ANN401 - any JSON
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.facts = code, message, facts


class UnknownSyntaxError(Exception):
    """Something that the fake was never taught: teach it, and compare with the reference."""


def invalid(message: str) -> DynamoError:
    """Give the error for a request that DynamoDB cannot accept."""
    return DynamoError("ValidationException", message)


def kind(value: Value) -> str:
    """Give a value's type, such as S or N."""
    (name,) = value
    return name


def plain(value: Value) -> Any:  # noqa: ANN401 - text, number or truth
    """Give what a value stands for."""
    ((name, content),) = value.items()
    return Decimal(content) if name == "N" else content


def same(one: Value | None, other: Value | None) -> bool:
    """Say whether two values are equal; nothing equals what is not there."""
    if one is None or other is None or kind(one) != kind(other):
        return False
    return bool(plain(one) == plain(other))


def order(one: Value | None, other: Value | None) -> int | None:
    """Give -1, 0 or 1; None where the two cannot be ordered, as things of two types."""
    if one is None or other is None or kind(one) != kind(other) or kind(one) not in "SN":
        return None
    first, second = plain(one), plain(other)
    return int(first > second) - int(first < second)


def total(one: Value, other: Value, sign: int = 1) -> Value:
    """Add two numbers (or take the second away), written as DynamoDB writes numbers."""
    if kind(one) != "N" or kind(other) != "N":
        raise invalid("An operand in the update expression has an incorrect data type")
    number = Decimal(one["N"]) + sign * Decimal(other["N"])
    return {"N": written(number)}


def written(number: Decimal) -> str:
    """Write a number without trailing zeros or exponent."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text


def normal(item: Mapping[str, Value]) -> Item:
    """Give an item as DynamoDB keeps it: numbers in their shortest form."""
    return {
        name: {"N": written(Decimal(value["N"]))} if "N" in value else value
        for name, value in item.items()
    }
