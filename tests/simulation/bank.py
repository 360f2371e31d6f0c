"""CMI as a world has it: its ledger is the truth, its signatures are the simulator's own code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from cmi_simulator import hash as bank_hash
from cmi_simulator.money import centimes
from functions.shared.rules.morocco import CASABLANCA
from tests.simulation.hub import DAY, START, Hub
from tests.simulation.values import Json

State = Literal["authorised", "declined", "captured", "voided", "lapsed", "refunded"]
POSTAUTH = "ACTION=POSTAUTH"
REMEMBERED = 1000
BACK: dict[str, State] = {"captured": "refunded", "authorised": "voided"}
LAPSES_MS = 4 * DAY, 7 * DAY
APPROVED = {"Response": "Approved", "ProcReturnCode": "00", "mdStatus": "1", "AuthCode": "123456"}
DECLINES = (
    {"Response": "Declined", "ProcReturnCode": "51", "mdStatus": "1"},
    {"Response": "Declined", "ProcReturnCode": "05", "mdStatus": "2"},
    {"Response": "Error", "ProcReturnCode": "99", "mdStatus": "0"},
)
CARD_HOLDER = "Zineb Canary"
MASKED_PAN = "400000******0010"


@dataclass(slots=True)
class Transaction:
    """One card tried on one form. `heard`: the replies that reached the bank.

    `defiant`: the bank captured although nobody asked it to. `renamed`: the payer moved the names
    of the form's fields, so that the amount is not the one that was signed for. `gone`: it had been
    released, by the fund's screen or a Void that landed late, when it was to be captured.
    """

    trans_id: str
    oid: str
    amount_centimes: int
    state: State
    fields: dict[str, str]
    key: str
    heard: list[str] = field(default_factory=list)
    captured_ms: int = -1
    defiant: bool = False
    renamed: bool = False
    gone: bool = False


@dataclass(slots=True)
class Bank:
    """Authorises, asks by callback, captures on our word."""

    keys: list[str]
    hub: Hub
    ledger: dict[str, Transaction] = field(default_factory=dict)
    watchers: list[Callable[[Transaction], None]] = field(default_factory=list)

    def key_of(self, form: Json) -> str | None:
        """Give the key under which a form is signed; None where the page says 3D-1004."""
        for key in self.keys:
            if _matches(tuple(form.items()), key, form["HASH"]):
                return key
        return None

    def tried(self, form: Json, key: str, said: dict[str, str], *, renamed: bool) -> Transaction:
        """Try a card on a form that was accepted."""
        number = f"T{len(self.ledger) + 1}"
        made = Transaction(
            trans_id=number,
            oid=form["oid"],
            amount_centimes=centimes(form["amount"]),
            state="authorised" if said == APPROVED else "declined",
            fields=_answer(form, said, number),
            key=key,
            renamed=renamed,
        )
        self.ledger[number] = made
        lapse_ms = self.hub.random.randrange(*LAPSES_MS)
        self.hub.after(lapse_ms, lambda: self.lapse(made))
        return made

    def message(self, of: Transaction) -> dict[str, str]:
        """Give the signed message on a transaction: callback and browser carry the same."""
        return of.fields | {"HASH": _signed(tuple(of.fields.items()), of.key)}

    def heard(self, of: Transaction, reply: str) -> None:
        """Hear a reply; only POSTAUTH captures."""
        of.heard.append(reply)
        if reply == POSTAUTH:
            of.gone |= of.state == "voided"
            self.capture(of)

    def capture(self, of: Transaction, *, defiant: bool = False) -> None:
        """Take the money that was reserved."""
        if of.state != "authorised":
            return
        of.state, of.captured_ms, of.defiant = "captured", self.hub.ms, defiant
        for watcher in self.watchers:
            watcher(of)

    def lapse(self, of: Transaction) -> None:
        """Let go of what was reserved and never captured, as happens after some days."""
        if of.state == "authorised":
            of.state = "lapsed"

    def given_back(self, of: Transaction) -> None:
        """Give back what was captured, let go of what was reserved: the fund asks by its screen."""
        if of.state in BACK:
            of.state = BACK[of.state]

    def of_order(self, oid: str) -> list[Transaction]:
        """Give an order's transactions, oldest first."""
        return [one for one in self.ledger.values() if one.oid == oid]

    def day_list(self, day: date) -> str:
        """Give the list of a Moroccan day's captures, as the fund is sent it."""
        lines = ["date;oid;trans_id;montant;devise"]
        for one in self.ledger.values():
            at = (START + timedelta(milliseconds=one.captured_ms)).astimezone(CASABLANCA)
            if one.state == "captured" and at.date() == day:
                amount = f"{one.amount_centimes / 100:.2f}"
                lines.append(f"{at:%Y-%m-%d %H:%M:%S};{one.oid};{one.trans_id};{amount};504")
        return "\n".join(lines) + "\n"


@lru_cache(maxsize=REMEMBERED)
def _signed(fields: tuple[tuple[str, str], ...], key: str) -> str:
    return bank_hash.sign(dict(fields), key)


@lru_cache(maxsize=REMEMBERED)
def _matches(form: tuple[tuple[str, str], ...], key: str, given: str) -> bool:
    return bank_hash.matches(dict(form), key, given)


def _answer(form: Json, said: dict[str, str], number: str) -> dict[str, str]:
    """Give the echo of a form with the bank's words on it, not yet signed."""
    echo = {name: value for name, value in form.items() if name != "HASH"}
    return echo | said | {
        "rnd": f"bank-{number}", "orgRnd": form["rnd"], "TransId": number,
        "cardHolderName": CARD_HOLDER, "maskedCreditCard": MASKED_PAN, "ErrMsg": "",
    }  # fmt: skip


# Forgeries: what anybody can post who has seen genuine messages, but not the key.


def tampered(message: dict[str, str], chance: float) -> dict[str, str]:
    """Change a fact of a genuine message; its hash is then another's."""
    changes = (
        {"ProcReturnCode": "00", "Response": "Approved", "ErrMsg": "x"},
        {"amount": "1.00"},
        {"TransId": "F1"},
        {"HASH": message["HASH"].lower()},
        {"HASH": message["HASH"] + "="},
        {"hashAlgorithm": "ver1"},
    )
    return message | changes[int(chance * len(changes))]


def renamed_answer(message: dict[str, str], chance: float) -> dict[str, str]:
    """Move names over the values of a genuine message: the hash does not cover names (event 53).

    The values keep their order, so the hash still matches, and one of our constants no longer
    stands under its name.
    """
    moved = ("storetype", "okUrl", "failUrl")[int(chance * 3)]
    return {(f"{name}_" if name == moved else name): value for name, value in message.items()}


def renamed_request(form: dict[str, str]) -> dict[str, str]:
    """Move names over the values of a signed form, so that `amount` names the country's 504."""
    names = ("amount", "AutoRedirect", "BillToCity", "BillToCountry")
    moved = dict(zip(names, ("aaa1", "aaa2", "aaa3", "amount"), strict=True))
    return {moved.get(name, name): value for name, value in form.items()}


def names_put_back(message: dict[str, str]) -> dict[str, str]:
    """Let `amount` name again, in the bank's answer to such a form, what we signed for.

    The values keep their order, and our constants their names: no reader of this message can
    tell it from the bank's word that the whole amount was accepted.
    """
    back = {"aaa1": "amount", "aaa2": "amounta", "aaa3": "amountb", "amount": "amountc"}
    return {back.get(name, name): value for name, value in message.items()}
