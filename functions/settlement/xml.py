"""CMI's merchant XML: requests written, answers read (`cmi.md`, Merchant XML API).

Answers come from outside: DTDs and entities are refused, sizes limited, and whatever is not
plainly an answer about our order alone is "unknown" or "mixed", never a verdict.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from functions.shared.rules.cmi.answer import APPROVED, identifier
from functions.shared.rules.cmi.form import CURRENCY
from functions.shared.rules.money import dirhams
from functions.shared.rules.morocco import CASABLANCA
from functions.shared.rules.settlement import Fate, Status

LARGEST_BYTES = 64 * 1024
UNKNOWN, MIXED = Status(Fate.UNKNOWN), Status(Fate.MIXED)
_READ = (
    "OrderId", "Response", "ProcReturnCode", "ErrMsg", "TransId", "Extra",
    "Extra/TRANS_STAT", "Extra/CAPTURE_AMT", "Extra/TRANS_ID", "Extra/CAPTURE_DTTM",
)  # fmt: skip
_FATES = {
    "A": Fate.AUTHORISED, "C": Fate.CAPTURED, "S": Fate.CAPTURED, "V": Fate.VOIDED,
    "CNCL": Fate.VOIDED, "D": Fate.DECLINED,
}  # fmt: skip
_NAMED = (Fate.AUTHORISED, Fate.CAPTURED)
_CENTIMES = re.compile(r"[0-9]{1,11}")
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_ABSENT = re.compile(r"no record found", re.IGNORECASE)
_STRANGER = "invalid merchant"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API user that CMI gave to the fund."""

    client_id: str
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says under the names that we read. `single`: each stands there once."""

    texts: Mapping[str, str]
    single: bool

    def about(self, oid: str) -> bool:
        """Say whether the answer is about an order, and about it alone."""
        trans_ids = {self.texts["TransId"], self.texts["Extra/TRANS_ID"]} - {""}
        return self.single and self.texts["OrderId"] == oid and len(trans_ids) <= 1

    @property
    def refuses_us(self) -> bool:
        """Whether CMI refuses our credentials: then there is no use in asking on."""
        return _STRANGER in self.texts["ErrMsg"].lower()


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


def read(body: bytes) -> Answer | None:
    """Read an answer of CMI's; None for whatever is none."""
    if len(body) > LARGEST_BYTES:
        return None
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    if root.tag != "CC5Response":
        return None
    texts = {path: (root.findtext(path) or "").strip() for path in _READ}
    return Answer(texts, single=all(len(root.findall(path)) <= 1 for path in _READ))


def status(answer: Answer | None, oid: str) -> Status:
    """Give CMI's word on an order from its answer to our question."""
    if answer is None:
        return UNKNOWN
    told = answer.texts
    if told["ProcReturnCode"] == "99":
        absent = answer.single and oid in (told["OrderId"], told["ErrMsg"].split(" ")[-1])
        return Status(Fate.ABSENT) if absent and _ABSENT.match(told["ErrMsg"]) else UNKNOWN
    if told["Response"] != "Approved":
        return UNKNOWN
    return _fate(answer) if answer.about(oid) else MIXED


def _fate(answer: Answer) -> Status:
    told = answer.texts
    fate, captured = _FATES.get(told["Extra/TRANS_STAT"], Fate.UNKNOWN), told["Extra/CAPTURE_AMT"]
    if not identifier(told["TransId"]) or (fate in _NAMED and not told["TransId"]):
        return UNKNOWN
    if fate is Fate.CAPTURED and not _CENTIMES.fullmatch(captured):
        return UNKNOWN
    if fate is Fate.CAPTURED:
        return Status(fate, told["TransId"], int(captured), _moment(told["Extra/CAPTURE_DTTM"]))
    return Status(fate, told["TransId"])


def _moment(text: str) -> datetime | None:
    """Read a time on a clock in Morocco; None where it is none: the accounts then take ours."""
    if not _CLOCK.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CASABLANCA)
    except ValueError:
        return None


def done(answer: Answer | None, oid: str) -> bool:
    """Say whether the answer to an order of ours is that it was carried out.

    Both of its words must say so: one that contradicts itself says nothing.
    """
    if answer is None or not answer.about(oid):
        return False
    return (answer.texts["Response"], answer.texts["ProcReturnCode"]) == ("Approved", APPROVED)
