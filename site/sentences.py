"""Which error codes a page can meet: read from `openapi.json`, so that none lacks a sentence."""

from collections.abc import Iterable
from typing import Any

from refusal import BuildError

MADE_BY_THE_PAGE = ("offline", "timeout", "bad_answer")


def error_names(openapi: dict[str, Any], operations: Iterable[str]) -> list[str]:
    """Names of the errors of operations such as `POST /api/lookup`, and of those a page makes.

    A code is named by itself; a field's code by field and code, `registration_number.too_short`.
    """
    names = dict.fromkeys(MADE_BY_THE_PAGE)
    for operation in operations:
        described = _described(openapi, operation)
        names |= dict.fromkeys(described["x-codes"])
        for name, codes in described.get("x-field-codes", {}).items():
            names |= dict.fromkeys(f"{name}.{code}" for code in codes)
    return list(names)


def _described(openapi: dict[str, Any], operation: str) -> dict[str, Any]:
    method, _, path = operation.partition(" ")
    try:
        found: dict[str, Any] = openapi["paths"][path][method.lower()]
        found["x-codes"]
    except KeyError as error:
        raise BuildError(f"openapi.json does not list the codes of {operation}") from error
    return found
