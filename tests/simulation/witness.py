"""The "sometimes" ledger: hard cases that a batch of worlds must have met, or it proved nothing."""

# What 2 000 worlds must have met at least once each.
HARD = frozenset({
    "two tabs on one due",
    "approved twice",
    "decline, then approval",
    "late approval after expiry",
    "void wanted",
    "ambiguous commit resolved by a read",
    "ambiguous mail",
    "paid under the key before",
    "forgery refused",
    "rename forgery refused",
    "paid on names put back: the comparison must find it",
    "paid but not captured: the comparison must find it",
    "reply that the bank never heard",
    "callback that never came",
    "capture that nobody asked for",
    "repeated message captured again or at last",
    "control code refused the second time",
    "key_reused",
    "order_closed",
    "due_paid",
    "due_confirming",
    "total_changed",
    "due paid by another channel",
    "letter of money that was released",
    "letter that bounced",
    "stream record that came twice",
    "stream record that came late",
    "stream record given up",
    "row deleted by TTL",
    "clock ten minutes back",
    "order that only the operator can settle",
})  # fmt: skip


def missing(met: set[str]) -> list[str]:
    """Name the hard cases that were not met."""
    return sorted(HARD - met)
