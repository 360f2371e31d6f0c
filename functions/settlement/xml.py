"""CMI's merchant XML: requests written, answers read (`cmi.md`, Merchant XML API).

Answers come from outside: DTDs and entities are refused, sizes limited, and whatever is not
plainly an answer about our order is "unknown", never a verdict.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from functions.shared.rules.cmi.form import CURRENCY
from functions.shared.rules.money import dirhams
from functions.shared.rules.settlement import Fate, Status

LARGEST_BYTES = 64 * 1024
UNKNOWN = Status(Fate.UNKNOWN)
_FATES = {
    "A": Fate.AUTHORISED, "C": Fate.CAPTURED, "S": Fate.CAPTURED, "V": Fate.VOIDED,
    "CNCL": Fate.VOIDED, "D": Fate.DECLINED,
}  # fmt: skip
_CENTIMES = re.compile(r"[0-9]{1,11}")
_ABSENT = re.compile(r"no record found", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API user that CMI gave to the fund."""

    client_id: str
    name: str
    password: str


def question(who: Credentials, oid: str) -> bytes:
    """Ask what became of an order."""
    request = _request(who, oid)
    SubElement(SubElement(request, "Extra"), "ORDERSTATUS").text = "QUERY"
    return _written(request)


def order_to(verb: str, who: Credentials, oid: str, trans_id: str, amount_centimes: int) -> bytes:
    """Ask for a PostAuth (capture) or a Void of a transaction."""
    request = _request(who, oid)
    told = {"Type": verb, "TransId": trans_id}
    if verb == "PostAuth":
        told |= {"Total": dirhams(amount_centimes), "Currency": CURRENCY}
    for name, value in told.items():
        SubElement(request, name).text = value
    return _written(request)


def _written(request: Element) -> bytes:
    written: bytes = tostring(request, encoding="UTF-8", xml_declaration=True)
    return written


def _request(who: Credentials, oid: str) -> Element:
    request = Element("CC5Request")
    told = {"Name": who.name, "Password": who.password, "ClientId": who.client_id, "OrderId": oid}
    for name, value in told.items():
        SubElement(request, name).text = value
    return request


def status(body: bytes, oid: str) -> Status:
    """Read the answer to a question about `oid`."""
    root = _parsed(body)
    if root is None or _text(root, "OrderId") not in ("", oid):
        return UNKNOWN
    if _text(root, "ProcReturnCode") == "99" and _ABSENT.search(_text(root, "ErrMsg")):
        return Status(Fate.ABSENT)
    if _text(root, "Response") != "Approved" or _text(root, "OrderId") != oid:
        return UNKNOWN
    fate = _FATES.get(_text(root, "Extra/TRANS_STAT"), Fate.UNKNOWN)
    captured = _text(root, "Extra/CAPTURE_AMT")
    if fate is Fate.CAPTURED and not _CENTIMES.fullmatch(captured):
        return UNKNOWN
    return Status(fate, _text(root, "TransId"), int(captured) if captured else 0)


def done(body: bytes, oid: str) -> bool:
    """Say whether the answer to an order of ours is that it was carried out."""
    root = _parsed(body)
    approved = root is not None and _text(root, "Response") == "Approved"
    return root is not None and approved and _text(root, "OrderId") == oid


def refuses_us(body: bytes) -> bool:
    """Say whether CMI refuses our credentials: then there is no use in asking on."""
    root = _parsed(body)
    return root is not None and "invalid merchant" in _text(root, "ErrMsg").lower()


def _parsed(body: bytes) -> Element | None:
    if len(body) > LARGEST_BYTES:
        return None
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root if root.tag == "CC5Response" else None


def _text(root: Element, path: str) -> str:
    return (root.findtext(path) or "").strip()
