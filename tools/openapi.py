"""Write `openapi.json` from what the functions declare; with `--check`, compare it.

Each operation lists its refusals in `x-codes` and its fields' faults in `x-field-codes`: the
site's build makes the payer's sentences from these.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from functions.checkout import api as checkout
from functions.letter import api as letter
from functions.lookup import api as lookup
from functions.receipt import api as receipt
from functions.shared import VERSION
from functions.shared.operations import COMMON, Operation
from functions.shared.rules.errors import STATUS

TARGET = Path("openapi.json")
OPERATIONS = (
    *lookup.OPERATIONS, *checkout.OPERATIONS, *receipt.OPERATIONS, *letter.OPERATIONS,
)  # fmt: skip
_REF = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457). Pages translate `code` and the faults in `fields`.",
    "required": ["type", "status", "code"],
    "properties": {
        "type": {"const": "about:blank"},
        "status": {"type": "integer"},
        "code": {"enum": sorted(STATUS)},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "total_centimes": {"type": "integer"},
    },
}


def document() -> dict[str, Any]:
    """Give the whole description (OpenAPI 3.1)."""
    models = [model for one in OPERATIONS for model in one.requests]
    answers = [one.answer for one in OPERATIONS if one.answer]
    pairs: list[Any] = [(model, "validation") for model in models]
    pairs += [(model, "serialization") for model in answers]
    refs, definitions = models_json_schema(pairs, ref_template=_REF)
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ASVI payment portal", "version": VERSION},
        "paths": paths,
        "components": {"schemas": {**definitions["$defs"], "Problem": _PROBLEM}},
    }


def _operation(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's own
    codes = sorted({*COMMON, *one.codes}) if one.requests else []
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": one.path.strip("/").replace("/", "-"),
        "responses": {str(one.status): _success(one, refs), **_refusals(codes)},
        "x-codes": codes,
        "x-field-codes": {name: list(faults) for name, faults in one.field_faults.items()},
    }
    if one.requests:
        schemas = [refs[model, "validation"] for model in one.requests]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        content = {"application/json": {"schema": schema}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _success(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's own
    if one.answer:
        content = {one.media_type: {"schema": refs[one.answer, "serialization"]}}
        return {"description": "Done", "content": content}
    if one.requests:
        schema = {"type": "string", "format": "binary"}
        return {"description": "Done", "content": {one.media_type: {"schema": schema}}}
    return {"description": "Taken"}


def _refusals(codes: list[str]) -> dict[str, Any]:
    """Group an operation's codes by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(status): {
            "description": ", ".join(names),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status, names in sorted(by_status.items())
    }


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it is the one that would be written."""
    text = json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if arguments != ["--check"]:
        TARGET.write_text(text)
        return 0
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    print("openapi.json is not what the functions declare: run `make openapi` and commit it")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
