"""The order that the browser carries to CMI's page (`cmi.md`, Request)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from functions.shared.rules.cmi.hashing import request_hash, trimmed
from functions.shared.rules.languages import LANGUAGES
from functions.shared.rules.money import dirhams
from functions.shared.rules.orders import Line, Order
from functions.shared.rules.receipts import masked

# Beyond nine items the gateway's samples sort the names of the fields in different ways.
MOST_ITEMS = 9
STORE_TYPE = "3D_PAY_HOSTING"
CURRENCY = "504"
SESSION_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Merchant:
    """What the fund is to CMI: its client id and the portal's address, without final slash."""

    client_id: str
    portal_url: str
    line_items: bool = True

    def return_url(self, language: str) -> str:
        """Where CMI sends the browser after a verdict, whichever it is."""
        return f"{self.portal_url}/cmi/return?l={language}"


def signed_form(order: Order, merchant: Merchant, store_key: str) -> dict[str, str]:
    """Give the form's fields with their HASH. The same order gives the same form."""
    fields = _order_fields(order, merchant) | _payer_fields(order)
    if merchant.line_items:
        fields |= _item_fields(order.lines)
    # The hash is over trimmed values, so those are what the browser must post.
    fields = {name: trimmed(value) for name, value in fields.items()}
    return fields | {"HASH": request_hash(fields, store_key)}


def _order_fields(order: Order, merchant: Merchant) -> dict[str, str]:
    portal = merchant.portal_url
    return {
        "clientid": merchant.client_id,
        "storetype": STORE_TYPE,
        "TranType": "PreAuth",
        "amount": dirhams(order.total_centimes),
        "currency": CURRENCY,
        "oid": order.reference,
        "okUrl": merchant.return_url(order.language),
        "failUrl": merchant.return_url(order.language),
        "callbackUrl": f"{portal}/cmi/callback",
        "shopurl": f"{portal}/cmi/cancel?l={order.language}",
        "lang": LANGUAGES[order.language].gateway,
        "rnd": order.rnd,
        "hashAlgorithm": "ver3",
        "encoding": "UTF-8",
        "refreshtime": "5",
        "CallbackResponse": "true",
        "AutoRedirect": "true",
        "sessiontimeout": str(SESSION_SECONDS),
        "description": f"ASVI {order.reference}",
    }


def _payer_fields(order: Order) -> dict[str, str]:
    """Give the client's fields: constants and a masked number, no name of an insured person."""
    return {
        "email": order.email or "",
        "BillToName": f"Assure ASVI {masked(order.registration_number)}",
        "BillToStreet1": "Maroc",
        "BillToCity": "Maroc",
        "BillToCountry": CURRENCY,
        "tel": "",
    }


def _item_fields(lines: tuple[Line, ...]) -> dict[str, str]:
    items = lines if len(lines) <= MOST_ITEMS else tuple(_by_year(lines))
    fields: dict[str, str] = {}
    for number, line in enumerate(items[:MOST_ITEMS], start=1):
        fields |= {
            f"ItemNumber{number}": str(number),
            f"ProductCode{number}": line.code,
            f"Qty{number}": "1",
            f"Desc{number}": line.account,
            f"Id{number}": line.reference,
            f"Price{number}": dirhams(line.amount_centimes),
            f"Total{number}": dirhams(line.amount_centimes),
        }
    return fields if len(items) <= MOST_ITEMS else {}


def _by_year(lines: Iterable[Line]) -> Iterable[Line]:
    """Join the contributions of a year into one line, for the gateway only; period 0."""
    for (kind, year), group in groupby(lines, key=lambda line: (line.kind, line.year)):
        same = list(group)
        if kind == "fee" or len(same) == 1:
            yield from same
        else:
            total = sum(line.amount_centimes for line in same)
            yield Line(kind, year, 0, total, f"{len(same)} trimestres", same[0].account)
