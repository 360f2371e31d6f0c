"""Every refusal of the API, as a code that pages translate (RFC 9457, `api.md`).

    Problem        what the caller is told: a code, a status, the fields at fault
    Unavailable    an AWS call failed or its outcome is unknown; told as `unavailable`
    Cancelled      a transaction's conditions did not hold; decided upon, never told

Foreign errors become these once, in `shared/aws/`; `web.py` turns them into answers.
"""

from dataclasses import dataclass
from typing import Any

STATUS = {
    "malformed": 400,
    "cross_site": 400,
    "session_expired": 401,
    "not_found": 404,
    "method_not_allowed": 405,
    "control_code_used": 409,
    "due_paid": 409,
    "due_confirming": 409,
    "total_changed": 409,
    "key_reused": 409,
    "order_closed": 409,
    "not_ready": 409,
    "no_address": 409,
    "address_kept": 409,
    "control_code_expired": 410,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "control_code_wrong": 422,
    "proof_wrong": 422,
    "nothing_selected": 422,
    "terms_not_accepted": 422,
    "email_invalid": 422,
    "due_unknown": 422,
    "too_many_requests": 429,
    "internal": 500,
    "closed": 503,
    "unavailable": 503,
}


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """A refusal. `fields` names the fault of each field, `facts` goes into the answer as is."""

    def __init__(self, code: str, fields: dict[str, str] | None = None, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.fields = fields
        self.facts = facts

    def body(self) -> dict[str, Any]:
        """Give the problem+json document."""
        fields = {"fields": self.fields} if self.fields else {}
        return {
            "type": "about:blank", "status": self.status, "code": self.code,
            **fields, **self.facts,
        }  # fmt: skip


class Unavailable(Problem):
    """AWS did not answer, or its answer was lost: whether the call took effect is unknown."""

    def __init__(self) -> None:
        super().__init__("unavailable")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one action of a transaction was not done. `met`: its condition held."""

    met: bool
    found: dict[str, Any]


class Cancelled(Exception):  # noqa: N818 - what DynamoDB calls it
    """A transaction was not done because conditions did not hold; one reason for each action."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("conditions not met")
        self.reasons = reasons
