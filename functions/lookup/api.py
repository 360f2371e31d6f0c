"""What the look-up takes and gives (`api.md`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.shared.fields import ControlCode, Moment, RegistrationNumber, Token
from functions.shared.operations import NUMBER_FAULTS, Operation
from functions.shared.web import Request


class CodeRequest(Request):
    """Nothing is asked of whoever wants a control code."""


class ProofOfWork(BaseModel):
    """Find `number` from 0 to `maxnumber` such that SHA-256(salt + number) is `challenge`."""

    algorithm: Literal["SHA-256"] = "SHA-256"
    salt: str
    challenge: str
    maxnumber: int


class CodeAnswer(BaseModel):
    """A control code to show, its ticket, and a proof of work to do meanwhile."""

    ticket: str
    control_code: str
    expires_in_seconds: int
    proof: ProofOfWork


class Proof(Request):
    """The number that solves the proof of work."""

    number: Annotated[int, Field(json_schema_extra={"minimum": 0})]


class FirstLookup(Request):
    """A registration number with the control code that was shown."""

    registration_number: RegistrationNumber
    control_code: ControlCode
    ticket: Token
    proof: Proof


class Renewal(Request):
    """A session, for fresh dues and thirty minutes more."""

    session: Token


class ListedDue(BaseModel):
    """A quarter that can be paid, or whose payment is being confirmed."""

    id: str
    year: int
    quarter: int
    amount_centimes: int
    reference: str
    account: str
    state: Literal["unpaid", "confirming"]


class StartedPayment(BaseModel):
    """A payment that somebody started and may not have finished."""

    started_at: Moment
    due_ids: list[str]
    state: Literal["open"] = "open"
    until: Moment
    until_in_seconds: int


class Fee(BaseModel):
    """A tariff of the processing fee, as decimal shares."""

    rate: str
    vat: str


class LookupAnswer(BaseModel):
    """Dues of a number. An unknown number and one with nothing to pay answer alike."""

    session: str
    session_expires_in_seconds: int
    registration_number: str
    unpaid_count: int
    as_of: Moment
    open_payments: list[StartedPayment]
    dues: list[ListedDue]
    fees: dict[Literal["LOC", "INT"], Fee]


class Health(BaseModel):
    """The portal's API is up."""

    status: Literal["ok"] = "ok"
    version: str


OPERATIONS = (
    Operation(
        "POST", "/api/control-code", "Get a control code", (CodeRequest,), CodeAnswer,
        codes=("too_many_requests",),
    ),
    Operation(
        "POST", "/api/lookup", "Look up what is owed", (FirstLookup, Renewal), LookupAnswer,
        codes=(
            "control_code_wrong", "control_code_expired", "control_code_used", "proof_wrong",
            "session_expired", "too_many_requests",
        ),
        field_faults={"registration_number": NUMBER_FAULTS, "control_code": NUMBER_FAULTS},
    ),
    Operation("GET", "/api/health", "Ask whether the API is up", (), Health),
    Operation(
        "POST", "/api/csp", "Report a blocked script or frame", status=204,
        codes=("too_large", "internal"),
    ),
)  # fmt: skip
