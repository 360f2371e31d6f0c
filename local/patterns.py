"""Match a stream record or an event against an event pattern, as Lambda and EventBridge do.

The operators are those of the Lambda developer's guide, "Filter rule syntax": exact values,
`exists`, `prefix`, `suffix`, `equals-ignore-case`, `anything-but`, `numeric` and `$or`. Of a
list in the event, one element that fulfils the rule is enough (EventBridge user's guide, "Arrays
in event patterns").
"""

import operator
from typing import Any

Pattern = dict[str, Any]
_ABSENT = object()
_NUMERIC = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matches(pattern: Pattern, record: object) -> bool:
    """Say whether `record` fulfils every key of `pattern`; raise ValueError at a strange rule."""
    return all(_key(name, wanted, record) for name, wanted in pattern.items())


def _key(name: str, wanted: Any, record: object) -> bool:  # noqa: ANN401 - a pattern is any JSON
    if name == "$or":
        return any(matches(choice, record) for choice in wanted)
    value = record.get(name, _ABSENT) if isinstance(record, dict) else _ABSENT
    if isinstance(wanted, dict):
        return matches(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_rule(rule, one) for rule in wanted for one in values or [_ABSENT])


def _rule(rule: Any, value: object) -> bool:  # noqa: ANN401 - a rule is any JSON
    if not isinstance(rule, dict):
        return type(rule) is type(value) and rule == value
    ((name, wanted),) = rule.items()
    if name == "exists":
        return wanted is (value is not _ABSENT)
    if name == "anything-but":
        return value is not _ABSENT and value not in _excluded(wanted)
    if name == "numeric":
        return _number(wanted, value)
    if name not in _TEXT:
        raise ValueError(f"no such filter rule: {name}")
    return isinstance(value, str) and _TEXT[name](value, wanted)


_TEXT = {
    "prefix": str.startswith,
    "suffix": str.endswith,
    "equals-ignore-case": lambda value, wanted: value.casefold() == wanted.casefold(),
}


def _number(wanted: list[Any], value: object) -> bool:
    if not isinstance(value, int | float):
        return False
    pairs = zip(wanted[::2], wanted[1::2], strict=True)
    return all(_NUMERIC[sign](value, bound) for sign, bound in pairs)


def _excluded(wanted: Any) -> list[Any]:  # noqa: ANN401 - one value or several
    if isinstance(wanted, dict):
        raise ValueError(f"no such filter rule: anything-but {next(iter(wanted))}")  # noqa: TRY004 - as any other rule that is not known
    return wanted if isinstance(wanted, list) else [wanted]
