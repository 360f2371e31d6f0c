"""The "sometimes" ledger: hard cases that a batch of worlds must have met, or it proved nothing."""

# So many worlds must have met each at least once.
ENOUGH = 2000
HARD = frozenset({
    "two tabs on one due",
    "approved twice",
    "decline, then approval",
    "late approval after expiry",
    "void wanted",
    "ambiguous commit resolved by a read",
    "ambiguous mail",
    "letter sent again after ten minutes of silence",
    "paid under the key before",
    "forgery refused",
    "rename forgery refused",
    "paid on names put back: the comparison must find it",
    "paid but not captured: the comparison must find it",
    "paid and not captured: the comparison found it",
    "captured and not paid: the comparison found it",
    "capture made up for by the operator",
    "refused money given back by hand",
    "order that only the operator can settle",
    "payment refunded by two persons",
    "paid, and taken back by the operator",
    "reply that the bank never heard",
    "callback that never came",
    "capture that nobody asked for",
    "capture that came hours later",
    "callback evidence",
    "status-api evidence",
    "repeated message captured again or at last",
    "control code refused the second time",
    "due paid by another channel",
    "letter of money that was released",
    "letter that bounced",
    "letter asked again",
    "address corrected",
    "stream record that came twice",
    "stream record that came late",
    "stream record given up",
    "row deleted by TTL",
    "clock ten minutes back",
    "table lost and restored",
    "captured order lost with the table: given back",
    "address forgotten",
    "payment that CMI never told of stripped",
})  # fmt: skip
# Refusals of the API that payers must have met, and services that must have failed.
REFUSALS = frozenset({"key_reused", "order_closed", "due_paid", "due_confirming", "total_changed"})
LATE = frozenset({"session_expired", "control_code_expired"})
DOWN = frozenset({"dynamodb", "dynamodb for writing", "secretsmanager", "kms", "sesv2", "cmi"})


def wanted() -> set[str]:
    """Name every hard case."""
    late = {f"{code} while the clock was late" for code in LATE}
    down = {f"{service} down" for service in DOWN}
    return set(HARD | REFUSALS | late | down)


def missing(met: set[str]) -> list[str]:
    """Name the hard cases that were not met."""
    return sorted(wanted() - met)
