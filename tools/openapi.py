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
from functions.shared.operations import ANY_FAULT, COMMON, Operation
from functions.shared.rules.errors import STATUS

TARGET = Path("openapi.json")
OPERATIONS = (
    *lookup.OPERATIONS, *checkout.OPERATIONS, *receipt.OPERATIONS, *letter.OPERATIONS,
)  # fmt: skip
Faults = dict[str, tuple[str, ...]]
_REF = "#/components/schemas/{model}"
_KEPT_NOWHERE = {"Cache-Control": {"$ref": "#/components/headers/Cache-Control"}}
_SECONDS = {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
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
        "components": {
            "headers": {"Cache-Control": {"required": True, "schema": {"const": "no-store"}}},
            "schemas": {**definitions["$defs"], "Problem": _PROBLEM},
        },
    }


def _operation(one: Operation, refs: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's own
    codes = sorted({*(COMMON if one.requests else ()), *one.codes})
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": one.path.strip("/").replace("/", "-"),
        "responses": {str(one.status): _success(one, refs), **_refusals(codes, one.field_faults)},
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
    described: dict[str, Any] = {"description": "Done", "headers": _KEPT_NOWHERE}
    if one.answer:
        content = {one.media_type: {"schema": refs[one.answer, "serialization"]}}
        return described | {"content": content}
    if one.requests:
        schema = {"type": "string", "format": "binary"}
        return described | {"content": {one.media_type: {"schema": schema}}}
    return described | {"description": "Taken"}


def _refusals(codes: list[str], faults: Faults) -> dict[str, Any]:
    """Describe the refusals of each status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    return {str(status): _refusal(names, faults) for status, names in sorted(by_status.items())}


def _refusal(names: list[str], faults: Faults) -> dict[str, Any]:
    """Describe the problems of one status: which codes, and which faults of which fields."""
    told: dict[str, Any] = {"code": {"enum": names}}
    if "invalid" in names:
        fields = {name: {"enum": sorted({*ANY_FAULT, *some})} for name, some in faults.items()}
        told["fields"] = {"properties": fields, "additionalProperties": {"enum": [*ANY_FAULT]}}
    problem = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": told}]}
    hasty = {"Retry-After": _SECONDS} if names == ["too_many_requests"] else {}
    return {
        "description": ", ".join(names),
        "headers": _KEPT_NOWHERE | hasty,
        "content": {"application/problem+json": {"schema": problem}},
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
