"""CMI's merchant XML API as a world has it: it answers from the bank's ledger."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cmi_simulator.money import centimes
from tests.simulation.values import Json, UnknownSyntaxError

if TYPE_CHECKING:
    from tests.simulation.bank import Bank, Transaction

LETTERS = {
    "authorised": "A", "captured": "C", "voided": "V", "declined": "D", "lapsed": "V",
    "refunded": "V",
}  # fmt: skip
# The furthest-on transaction of an order is the one that CMI tells of.
FURTHEST = ("captured", "authorised", "refunded", "voided", "lapsed", "declined")


@dataclass(slots=True)
class BankApi:
    """Answers QUERY, PostAuth and Void.

    `by_transaction` False: a Void is taken for the order, whatever transaction it names, and
    undoes the furthest-on one, were it captured.
    """

    bank: "Bank"
    by_transaction: bool

    def call(self, operation: str, params: Json) -> Json:
        """Answer a document."""
        if operation != "Post":
            raise UnknownSyntaxError(operation)
        request = ET.fromstring(params["document"])  # noqa: S314 - our own document
        oid, verb = request.findtext("OrderId") or "", request.findtext("Type")
        trans_id, total = request.findtext("TransId") or "", request.findtext("Total") or "0"
        return {"document": self._answered(oid, verb, trans_id, total).decode()}

    def _answered(self, oid: str, verb: str | None, trans_id: str, total: str) -> bytes:
        known = [one for one in self.bank.ledger.values() if one.oid == oid]
        if not known:
            return _error(oid, f"No record found for {oid}")
        if verb is None:
            return _told(furthest(known))
        chosen = [one for one in known if trans_id in ("", one.trans_id)]
        if not chosen:
            return _error(oid, "Cannot find any transaction")
        if centimes(total) > chosen[0].amount_centimes:
            return _error(oid, "The amount is larger than the one that was reserved")
        if verb == "Void" and not self.by_transaction:
            return self._undone(furthest(known))
        return self._done(verb, chosen[0])

    def _undone(self, of: "Transaction") -> bytes:
        if of.state not in ("authorised", "captured"):
            return _error(of.oid, "Nothing to void")
        of.state = "voided"
        return _told(of)

    def _done(self, verb: str, of: "Transaction") -> bytes:
        if verb == "Void" and of.state == "authorised":
            of.state = "voided"
            return _told(of)
        if verb == "PostAuth" and of.state == "authorised":
            self.bank.capture(of)
            return _told(of)
        return _error(of.oid, f"Cannot {verb}: {of.state}")


def furthest(known: list["Transaction"]) -> "Transaction":
    """Give the one transaction of an order that CMI tells of."""
    return min(reversed(known), key=lambda one: FURTHEST.index(one.state))


def _told(of: "Transaction") -> bytes:
    captured = str(of.amount_centimes) if of.state == "captured" else ""
    extra = {"TRANS_ID": of.trans_id, "TRANS_STAT": LETTERS[of.state], "CAPTURE_AMT": captured}
    told = {
        "OrderId": of.oid,
        "Response": "Approved",
        "ProcReturnCode": "00",
        "TransId": of.trans_id,
    }
    return _written(told, extra)


def _error(oid: str, words: str) -> bytes:
    return _written(
        {"OrderId": oid, "Response": "Error", "ProcReturnCode": "99", "ErrMsg": words}, {}
    )


def _written(told: dict[str, str], extra: dict[str, str]) -> bytes:
    root = ET.Element("CC5Response")
    for name, value in told.items():
        ET.SubElement(root, name).text = value
    inner = ET.SubElement(root, "Extra")
    for name, value in extra.items():
        ET.SubElement(inner, name).text = value
    return ET.tostring(root)
