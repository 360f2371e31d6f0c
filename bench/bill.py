"""AWS's bill for a million payments, from what was measured and a list of prices."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.figures import Json
from bench.places import HERE
from local import template

PRICES: Json = tomllib.loads((HERE / "prices.toml").read_text("utf-8"))
MILLION = 1_000_000
GIGABYTE = 1e9
# Calls of a golden payment, and the function and the event that each was measured as.
CALLS = {
    "control_code": "lookup", "first_lookup": "lookup", "renewal": "lookup",
    "checkout": "checkout", "callback": "callback", "returned": "callback", "receipt": "receipt",
    "letter": "letter", "letter_sent": "letter", "letter_delivered": "letter",
}  # fmt: skip
# Work of a call that many payments share: units and time of its own, no call.
SHARED = {"forgotten": "settlement"}
NOT_BY_API = ("letter", "letter_sent", "letter_delivered")
API_REQUESTS = len(CALLS) - len(NOT_BY_API)


@dataclass(frozen=True, slots=True)
class Used:
    """What one payment uses. `cpu_ms` and `log_bytes`: of all its calls together.

    `waiting_mebibytes`: the memory that stands by during a call to AWS, all calls added up.
    """

    write_units: float
    read_units: float
    cpu_ms: float
    waiting_mebibytes: float
    log_bytes: float
    page_bytes: float
    page_requests: float
    mail_bytes: float
    rest_api: bool = False
    signatures: int = 0


@dataclass(slots=True)
class Bill:
    """USD for a million payments, by item; `beside`: what the target's list leaves out."""

    items: dict[str, float] = field(default_factory=dict)
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The items together."""
        return sum(self.items.values())

    @property
    def without_mail(self) -> float:
        """The items but the e-mail."""
        return self.total - self.items["e-mail"]

    @property
    def whole(self) -> float:
        """All of it."""
        return self.total + sum(self.beside.values())


def gigabyte_seconds(cpu_ms: float, waiting_mebibytes: float) -> float:
    """Give what Lambda charges: processor time at a whole processor's memory, and waiting."""
    whole = float(PRICES["lambda_arm64"]["mebibytes_a_processor"]) / 1024
    a_call = float(PRICES["assumed"]["aws_call_milliseconds"]) / 1e3
    return cpu_ms / 1e3 * whole + a_call * waiting_mebibytes / 1024


def bill(used: Used) -> Bill:
    """Give the bill of a million payments."""
    each, gigabyte = PRICES["per_million"], PRICES["per_gigabyte"]
    api = each["rest_api_request" if used.rest_api else "http_api_request"]
    memory = gigabyte_seconds(used.cpu_ms, used.waiting_mebibytes)
    a_second = PRICES["lambda_arm64"]["gigabyte_second"] * MILLION
    by_size = MILLION / GIGABYTE
    items = {
        "e-mail": each["mail"] + used.mail_bytes * by_size * gigabyte["mail_attachment"],
        "writes": used.write_units * each["write_unit"],
        "reads": used.read_units * each["read_unit"],
        "API": API_REQUESTS * api,
        "functions": len(CALLS) * each["lambda_request"] + memory * a_second,
        "log": used.log_bytes * by_size * gigabyte["log"],
        "pages": used.page_bytes * by_size * gigabyte["cdn"],
    }
    return Bill(items, _beside(used))


def _beside(used: Used) -> dict[str, float]:
    each = PRICES["beside_per_million"]
    requests = used.page_requests + API_REQUESTS
    return {
        "signature by KMS": used.signatures * each["kms_ecc_signature"],
        "requests of the CDN": requests * each["cdn_request"],
        "firewall": requests * each["firewall_request"],
        "traces": len(CALLS) * PRICES["assumed"]["traced_share"] * each["trace"],
    }


def memory() -> dict[str, int]:
    """Give each function's memory in MiB by its folder's name, as the template has it."""
    return {one.handler.split(".")[1]: one.memory_mb for one in template.read().functions()}


def ours(found: Mapping[str, Mapping[str, float]], cold: float) -> Used:
    """Give what a payment uses of AWS, from the sections' figures; `cold`: share of cold calls."""
    calls, starts, weights = found["calls"], found["cold"], found["weights"]
    events, mebibytes = CALLS | SHARED, memory()
    started = sum(starts[f"{function} start ms"] for function in CALLS.values())
    waiting = sum(calls[f"{name} calls"] * mebibytes[events[name]] for name in events)
    return Used(
        write_units=calls["golden wru"],
        read_units=sum(calls[f"{name} rru"] for name in events),
        cpu_ms=sum(starts[f"event {name} ms"] for name in events) + cold * started,
        waiting_mebibytes=waiting,
        log_bytes=sum(starts[f"event {name} log bytes"] for name in events),
        page_bytes=weights["journey bytes"],
        page_requests=weights["journey requests"],
        mail_bytes=found["letters"]["mail bytes"],
        signatures=1,
    )
