"""The merchant's form: what the hosted page accepts, and what it says of the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmi_simulator import hash as ver3
from cmi_simulator.addresses import is_loopback
from cmi_simulator.money import AMOUNT, centimes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PHP_BLANKS = " \t\r\n\0\x0b"
LANGUAGES = ("fr", "ar", "en")
DEFAULT_TIMEOUT_SECONDS = 1800

WRONG_HASH = "3D-1004"
MISSING = "CORE-2005"
TOO_LONG = "CORE-2006"
NOT_A_NUMBER = "CORE-2007"
WRONG_TYPE = "CORE-2001"
ZERO = "CORE-2009"
WRONG_MERCHANT = "CORE-2313"
WRONG_ADDRESS = "SIM-URL"
"""Codes as public NestPay integrations list them; SIM-… are the simulator's own."""


class RefusedFormError(Exception):
    """The page does not open. `fail_url` is where the browser may be sent, "" when nowhere."""

    def __init__(self, code: str, message: str, posted: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        values = {name.upper(): value for name, value in (posted or {}).items()}
        fail_url = values.get("FAILURL", "")
        self.code = code
        self.message = message
        self.fail_url = fail_url if is_loopback(fail_url) else ""
        self.language = known_language(values.get("LANG", ""))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of « Détail de la commande », as the merchant wrote it."""

    code: str
    reference: str
    description: str
    amount: str


class OrderForm:
    """A form that passed every check. Names are found in any letter case, kept as posted."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        self._folded = {name.upper(): value for name, value in fields.items()}
        self.amount_centimes = centimes(self["amount"])
        self.timeout_seconds = int(self["sessiontimeout"] or DEFAULT_TIMEOUT_SECONDS)
        self.language = known_language(self["lang"])

    def __getitem__(self, name: str) -> str:
        return self._folded.get(name.upper(), "")

    @property
    def items(self) -> list[Item]:
        """The numbered lines, from 1 until a number is missing (NestPay's ItemNumberN)."""
        lines: list[Item] = []
        while f"ITEMNUMBER{(n := len(lines) + 1)}" in self._folded:
            amount = self[f"Total{n}"] or self[f"Price{n}"]
            lines.append(Item(self[f"ProductCode{n}"], self[f"Id{n}"], self[f"Desc{n}"], amount))
        return lines


def known_language(text: str) -> str:
    """Return the page's language: `text` when CMI has it, else French."""
    return text if text in LANGUAGES else LANGUAGES[0]


RULES = (
    ("hashAlgorithm", r"ver3", WRONG_HASH),
    ("storetype", r"3D_PAY_HOSTING", WRONG_TYPE),
    ("TranType", r"PreAuth", WRONG_TYPE),
    ("amount", AMOUNT.pattern, NOT_A_NUMBER),
    ("currency", r"504", NOT_A_NUMBER),
    ("oid", r"[A-Za-z0-9]{1,64}", TOO_LONG),
    ("rnd", r"\S.{0,63}", TOO_LONG),
    ("lang", "|".join(LANGUAGES), WRONG_TYPE),
    ("encoding", r"(?i:UTF-8)", WRONG_TYPE),
)
OPTIONAL_RULES = (
    ("sessiontimeout", r"[0-9]{2,4}", NOT_A_NUMBER),
    ("description", r"(?s:.{0,255})", TOO_LONG),
    ("refreshtime", r"[0-9]{1,4}", NOT_A_NUMBER),
)
ADDRESSES = ("okUrl", "failUrl", "callbackUrl", "shopurl")
TIMEOUT_SECONDS = range(30, 2701)


def read(posted: Iterable[tuple[str, list[str]]], merchant: str, store_key: str) -> OrderForm:
    """Return the form that was posted. Raises RefusedFormError at the first rule it breaks.

    Order of the checks: merchant, hash, mandatory fields and grammar, addresses.
    """
    pairs = [(name, value.strip(PHP_BLANKS)) for name, values in posted for value in values]
    fields = dict(pairs)
    _check_signature(pairs, fields, merchant, store_key)
    for name, pattern, code in RULES:
        _check(fields, name, pattern, code, mandatory=True)
    for name, pattern, code in OPTIONAL_RULES:
        _check(fields, name, pattern, code, mandatory=False)
    _check_addresses(fields)
    return _checked_values(fields)


def _check_signature(
    pairs: list[tuple[str, str]], fields: dict[str, str], merchant: str, store_key: str
) -> None:
    folded = {name.upper(): value for name, value in pairs}
    if folded.get("CLIENTID") != merchant:
        raise RefusedFormError(WRONG_MERCHANT, "Virtual terminal merchant not defined.", fields)
    unique = len(folded) == len(pairs)
    if not (unique and ver3.matches(fields, store_key, folded.get("HASH", ""))):
        raise RefusedFormError(WRONG_HASH, "Wrong security code (hash)", fields)


def _check(fields: dict[str, str], name: str, pattern: str, code: str, *, mandatory: bool) -> None:
    value = {known.upper(): text for known, text in fields.items()}.get(name.upper(), "")
    if not value and mandatory:
        raise RefusedFormError(MISSING, f"Null field problem: {name}", fields)
    if value and re.fullmatch(pattern, value) is None:
        raise RefusedFormError(code, f"Field not accepted: {name}", fields)


def _check_addresses(fields: dict[str, str]) -> None:
    for name in ADDRESSES:
        _check(fields, name, r"(?s:.+)", WRONG_ADDRESS, mandatory=True)
    folded = {name.upper(): value for name, value in fields.items()}
    for name in ADDRESSES:
        if not is_loopback(folded[name.upper()]):
            message = f"{name} is not on this machine: the simulator calls nothing else"
            raise RefusedFormError(WRONG_ADDRESS, message, fields)


def _checked_values(fields: dict[str, str]) -> OrderForm:
    form = OrderForm(fields)
    if form.amount_centimes == 0:
        raise RefusedFormError(ZERO, "Zero (0) is not valid amount", fields)
    if form.timeout_seconds not in TIMEOUT_SECONDS:
        raise RefusedFormError(NOT_A_NUMBER, "Field not accepted: sessiontimeout", fields)
    if any(name.upper() == "TOTAL" for name in fields):
        raise RefusedFormError(WRONG_TYPE, "Field not accepted: total", fields)
    return form
