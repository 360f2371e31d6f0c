"""The merchant's XML API, `/fim/api`: status of an order, PostAuth, Void, Credit.

CC5Request and CC5Response as public NestPay integrations have them; amounts of a status are
centimes, amounts of a request are dirhams.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cmi_simulator.clock import local
from cmi_simulator.ledger import LedgerError, is_settled
from cmi_simulator.money import DIRHAM_CODE, centimes

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmi_simulator.bank import Bank
    from cmi_simulator.ledger import Entry

LONGEST_BYTES = 16_384
LETTERS = {"authorised": "A", "captured": "C", "voided": "V", "declined": "D"}
Extra = dict[str, str]


def answer(bank: Bank, body: bytes) -> bytes:
    """Return the CC5Response to a CC5Request; every error is one too, never an exception."""
    request = _parsed(body)
    if request is None:
        return _error("", "CORE-2014", "Invalid query request detected.")
    oid = _text(request, "OrderId")
    if not _is_known(bank, request):
        return _error(oid, "CORE-1001", "Invalid merchant, user or password.")
    act = ACTIONS.get(_text(request, "Type")) or (
        _status if _text(request, "Extra/ORDERSTATUS") == "QUERY" else _unknown
    )
    with bank.lock:
        try:
            return act(bank, request, oid)
        except LedgerError as error:
            return _error(oid, error.code, str(error))


def _parsed(body: bytes) -> ET.Element | None:
    """Refuse any `<!` (DTD, entity, CDATA) before a parser sees it, and any charset but UTF-8.

    A NUL is refused too: by it expat takes the text for UTF-16, where `<!` hides.
    """
    if len(body) > LONGEST_BYTES:
        return None
    try:
        text = body.decode("utf-8")
        if "<!" in text or "\0" in text:
            return None
        root = ET.fromstring(text)  # noqa: S314 - no `<!` gets here, so no entity either
    except (UnicodeDecodeError, ET.ParseError):
        return None
    return root if root.tag == "CC5Request" else None


def _text(request: ET.Element, path: str) -> str:
    return (request.findtext(path) or "").strip()


def _is_known(bank: Bank, request: ET.Element) -> bool:
    wanted = (bank.settings.api_name, bank.settings.api_password, bank.settings.merchant)
    given = (_text(request, name) for name in ("Name", "Password", "ClientId"))
    pairs = zip(given, wanted, strict=True)
    return all(hmac.compare_digest(a.encode(), b.encode()) for a, b in pairs)


def _status(bank: Bank, _request: ET.Element, oid: str) -> bytes:
    entry = bank.ledger.best(oid)
    if entry is None:
        return _error(oid, "CORE-2008", f"No record found for {oid}")
    return _approved(entry, _status_fields(bank, entry))


def _status_fields(bank: Bank, entry: Entry) -> Extra:
    captured_at = entry.captured_at
    return {
        "ORD_ID": entry.oid,
        "TRANS_ID": entry.trans_id,
        "TRANS_STAT": _letter(bank, entry),
        "CHARGE_TYPE_CD": "S",
        "ORIG_TRANS_AMT": str(entry.amount_centimes),
        "CAPTURE_AMT": str(entry.captured_centimes) if entry.captured_centimes else "",
        "AUTH_CODE": entry.auth_code,
        "HOST_REF_NUM": entry.host_reference,
        "PROC_RET_CD": entry.code,
        "AUTH_DTTM": f"{local(entry.at):%Y-%m-%d %H:%M:%S}",
        "CAPTURE_DTTM": f"{local(captured_at):%Y-%m-%d %H:%M:%S}" if captured_at else "",
        "PAN": entry.masked_card,
    }


def _letter(bank: Bank, entry: Entry) -> str:
    if is_settled(entry, bank.now()):
        return "S"
    return "ERR" if entry.code == "99" else LETTERS[entry.state]


def _post_auth(bank: Bank, request: ET.Element, oid: str) -> bytes:
    entry = bank.ledger.best(oid)
    if entry is None or entry.state in {"declined", "voided"}:
        raise LedgerError("CORE-2509", "Cannot post, no matching preauth.")
    bank.ledger.capture(entry, _total(request, entry.amount_centimes), bank.now())
    return _approved(entry, {})


def _void(bank: Bank, request: ET.Element, oid: str) -> bytes:
    """TransId says which, when an order has two transactions that can be voided."""
    trans_id, now = _text(request, "TransId"), bank.now()
    chosen = [e for e in bank.ledger.of(oid) if trans_id in {"", e.trans_id}]
    voidable = [e for e in chosen if bank.ledger.is_voidable(e, now)]
    if len(voidable) > 1:
        message = "There are multiple transactions in the order that can be voided."
        raise LedgerError("CORE-2133", message)
    if not voidable:
        raise LedgerError("CORE-2008", "Couldn't find any related transaction.")
    bank.ledger.void(voidable[0], now)
    return _approved(voidable[0], {})


def _credit(bank: Bank, request: ET.Element, oid: str) -> bytes:
    entry = bank.ledger.best(oid)
    if entry is None:
        raise LedgerError("CORE-2008", "Couldn't find any related transaction.")
    net = entry.captured_centimes - entry.refunded_centimes
    bank.ledger.credit(entry, _total(request, net), bank.now())
    return _approved(entry, {})


def _unknown(_bank: Bank, _request: ET.Element, _oid: str) -> bytes:
    raise LedgerError("CORE-2001", "This is an invalid transaction type.")


ACTIONS: dict[str, Callable[[Bank, ET.Element, str], bytes]] = {
    "PostAuth": _post_auth,
    "Void": _void,
    "Credit": _credit,
}


def _total(request: ET.Element, default_centimes: int) -> int:
    """Return the centimes asked for; without a Total, the whole."""
    if _text(request, "Currency") not in {"", DIRHAM_CODE}:
        raise LedgerError("CORE-2007", "Unparsable number usage: Currency")
    text = _text(request, "Total")
    try:
        return centimes(text) if text else default_centimes
    except ValueError as error:
        raise LedgerError("CORE-2007", "Unparsable number usage: Total") from error


def _approved(entry: Entry, extra: Extra) -> bytes:
    """In a status answer this means only that the record was found."""
    told = {
        "OrderId": entry.oid,
        "GroupId": entry.oid,
        "Response": "Approved",
        "AuthCode": entry.auth_code,
        "HostRefNum": entry.host_reference,
        "ProcReturnCode": "00",
        "TransId": entry.trans_id,
        "ErrMsg": "",
    }
    return _written(told, extra | {"NUMCODE": "00"})


def _error(oid: str, code: str, message: str) -> bytes:
    told = {"OrderId": oid, "Response": "Error", "ProcReturnCode": "99", "ErrMsg": message}
    return _written(told, {"ERRORCODE": code})


def _written(told: dict[str, str], extra: Extra) -> bytes:
    root = ET.Element("CC5Response")
    for name, value in told.items():
        ET.SubElement(root, name).text = value
    more = ET.SubElement(root, "Extra")
    for name, value in extra.items():
        ET.SubElement(more, name).text = value
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
