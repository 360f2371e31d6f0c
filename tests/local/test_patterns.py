import json
from typing import Any

import pytest

from local import template
from local.patterns import matches

PAID: dict[str, Any] = {"sk": {"S": "ORDER"}, "state": {"S": "paid"}}


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (["a", "b"], "b", True),
        (["a"], "A", False),
        ([1], 1, True),
        ([1], "1", False),
        ([1], True, False),
        ([None], None, True),
        ([{"exists": True}], "x", True),
        ([{"exists": False}], "x", False),
        ([{"prefix": "ORD"}], "ORDER", True),
        ([{"suffix": "ER"}], "ORDERS", False),
        ([{"prefix": "1"}], 12, False),
        ([{"equals-ignore-case": "Paid"}], "PAID", True),
        ([{"anything-but": ["open", "paid"]}], "expired", True),
        ([{"anything-but": "paid"}], "paid", False),
        ([{"numeric": [">", 0, "<=", 5]}], 5, True),
        ([{"numeric": [">", 0, "<=", 5]}], 6, False),
        ([{"numeric": ["=", 5]}], "5", False),
        (["b"], ["a", "b"], True),
        (["c"], ["a", "b"], False),
        ([{"exists": True}], [], False),
    ],
)
def test_rule(rule: list[object], value: object, expected: bool) -> None:
    """Each rule of Lambda's filter syntax lets through what Lambda lets through."""
    assert matches({"a": rule}, {"a": value}) is expected


def test_absent_key() -> None:
    """An absent key fulfils `exists: false` and no other rule, however deep it stands."""
    assert matches({"a": {"b": [{"exists": False}]}}, {})
    assert not matches({"a": [{"anything-but": "x"}]}, {})
    assert not matches({"a": {"b": ["x"]}}, {"a": "x"})


def test_alternatives() -> None:
    """`$or` lets a record through that fulfils one of its patterns, beside the other keys."""
    pattern: dict[str, Any] = {"a": [1], "$or": [{"b": [1]}, {"c": [1]}]}
    assert matches(pattern, {"a": 1, "c": 1})
    assert not matches(pattern, {"a": 1, "b": 2})


def test_unknown_rule() -> None:
    """A rule that is not known here is refused, not taken for one that lets all through."""
    with pytest.raises(ValueError, match="wildcard"):
        matches({"a": [{"wildcard": "*"}]}, {"a": "x"})
    with pytest.raises(ValueError, match="prefix"):
        matches({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "x"})


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (PAID, True),
        (PAID | {"proof": {"S": "signed"}}, False),
        (PAID | {"state": {"S": "open"}}, False),
        (PAID | {"sk": {"S": "LETTER#1"}}, False),
    ],
)
def test_filter_of_the_template(image: dict[str, object], expected: bool) -> None:
    """The letter function is called for a paid order that has no signed receipt, and only then."""
    (stream,) = [one for one in template.read().streams() if one.function == "LetterFunction"]
    record = json.loads(json.dumps({"dynamodb": {"NewImage": image}}))
    assert any(matches(pattern, record) for pattern in stream.patterns) is expected
