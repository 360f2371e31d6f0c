"""The switchboard: ways in which a gateway misbehaves, each to be switched on by name."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_simulator.cards import FUNDS, Outcome

LONGEST_SECONDS = 600.0


class UnknownFaultError(LookupError):
    """No fault has this name."""


class NoDelayError(ValueError):
    """This fault takes no `seconds`, or they are out of range."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, in one sentence; `seconds` when it is a delay."""

    what: str
    seconds: float | None = None


FAULTS = {
    "callback_twice": Fault("The callback is sent twice, one after the other."),
    "callback_twice_at_once": Fault("The callback is sent twice at the same moment."),
    "callback_late": Fault("The callback comes long after the browser is sent back.", 30.0),
    "callback_after_browser": Fault(
        "The callback comes just after the browser is sent back (before it, when this is off).",
        2.0,
    ),
    "callback_never": Fault("No callback is sent, so nothing is captured."),
    "wrong_hash": Fault("The answers are signed with another key."),
    "wrong_amount": Fault("The bank authorises one centime more, and signs it."),
    "wrong_currency": Fault("The bank authorises the number in euros (978), and signs it."),
    "renamed_fields": Fault(
        "The attempt is declined; after its callback comes a forgery of it, in which the names "
        "are shifted so that the bank's valid hash covers an approval.",
    ),
    "declined_then_approved": Fault(
        "An approved card is first declined (51), then approved, on the same order.",
    ),
    "approved_twice": Fault("An approved card is approved twice, under two transaction numbers."),
    "ignores_reply": Fault("An approved payment is captured whatever the callback was answered."),
    "loses_reply": Fault("The answer to the callback is lost: nothing is captured."),
    "answers_3d_1004": Fault("Every form, right or wrong, is refused with 3D-1004."),
    "gateway_down": Fault("The hosted page answers 503."),
    "form_twice": Fault("A form that was already paid opens again and can be paid again."),
    "api_down": Fault("The XML API answers 503."),
    "api_slow": Fault("The XML API answers late.", 10.0),
    "capture_late": Fault("A capture that was asked for takes effect late.", 30.0),
}


class Switchboard:
    """Which faults are on, and the length of those that are delays."""

    def __init__(self) -> None:
        self._on: set[str] = set()
        self._seconds: dict[str, float] = {}

    def on(self, name: str) -> bool:
        """Tell whether the fault is on. Raises UnknownFaultError."""
        if name not in FAULTS:
            raise UnknownFaultError(name)
        return name in self._on

    def seconds(self, name: str) -> float:
        """Return the length of a delay that is on, 0 when it is off."""
        if not self.on(name):
            return 0.0
        return self._seconds.get(name, FAULTS[name].seconds or 0.0)

    def switch(self, name: str, *, on: bool, seconds: float | None = None) -> None:
        """Put a fault on or off. Raises UnknownFaultError or NoDelayError and changes nothing."""
        if name not in FAULTS:
            raise UnknownFaultError(name)
        if seconds is not None:
            if FAULTS[name].seconds is None or not 0 < seconds <= LONGEST_SECONDS:
                raise NoDelayError(name)
            self._seconds[name] = seconds
        (self._on.add if on else self._on.discard)(name)

    def clear(self) -> None:
        """Put every fault off, with its first length."""
        self._on.clear()
        self._seconds.clear()

    def listing(self) -> list[dict[str, object]]:
        """Return the faults as `GET /faults` gives them; `seconds` only where it is a delay."""
        return [self._row(name, fault) for name, fault in FAULTS.items()]

    def _row(self, name: str, fault: Fault) -> dict[str, object]:
        row: dict[str, object] = {"name": name, "on": name in self._on, "what": fault.what}
        if fault.seconds is not None:
            row["seconds"] = self._seconds.get(name, fault.seconds)
        return row

    def outcomes(self, chosen: Outcome) -> list[Outcome]:
        """Return the attempts that one press of the button makes, in order."""
        if self.on("renamed_fields"):
            return [FUNDS]
        if not chosen.approved:
            return [chosen]
        approvals = [chosen] * (2 if self.on("approved_twice") else 1)
        return [FUNDS, *approvals] if self.on("declined_then_approved") else approvals

    def amount_centimes(self, asked: int) -> int:
        """Return the amount that is authorised when `asked` centimes were asked for."""
        return asked + 1 if self.on("wrong_amount") else asked

    def currency(self, asked: str) -> str:
        """Return the ISO 4217 number that is authorised when `asked` was."""
        return "978" if self.on("wrong_currency") else asked
