"""What the API's description is made of: `make openapi` writes `openapi.json` from it."""

from dataclasses import dataclass, field

from pydantic import BaseModel

from functions.shared.web import Request

# Any operation may be refused in these ways before its own reasons are looked at.
COMMON = ("malformed", "cross_site", "too_large", "unsupported_media_type", "invalid",
          "internal", "unavailable")  # fmt: skip
# Any field may be missing, of a wrong type or length, or none of ours; a page of ours sends none.
ANY_FAULT = ("required", "too_long", "too_short", "unknown", "wrong_type")
NUMBER_FAULTS = ("required", "too_short", "too_long", "not_digits")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API. `requests` are alternatives; `answer` None: no JSON comes back."""

    method: str
    path: str
    summary: str
    requests: tuple[type[Request], ...] = ()
    answer: type[BaseModel] | None = None
    status: int = 200
    media_type: str = "application/json"
    codes: tuple[str, ...] = ()
    field_faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
