"""The bank's answer: NestPay's fields, signed, for the callback and for the browser."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmi_simulator import hash as ver3
from cmi_simulator.clock import local
from cmi_simulator.money import dirhams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmi_simulator.cards import Card, Outcome
    from cmi_simulator.ledger import Entry
    from cmi_simulator.order_form import OrderForm


@dataclass(frozen=True, slots=True)
class Typed:
    """What the payer typed on the card page and the bank accepted. The code is not kept."""

    card: Card
    holder: str
    month: str
    year: str
    client_address: str


def fields(
    order: OrderForm, entry: Entry, outcome: Outcome, typed: Typed, nonce: str
) -> dict[str, str]:
    """Return the answer unsigned: the request's fields, then the bank's own over them.

    `nonce` is the bank's own `rnd`; the merchant's comes back as `orgRnd`.
    """
    own = _transaction(entry, outcome) | _card(typed) | _authentication(order, outcome)
    own |= {
        "amount": _amount(order, entry),
        "currency": entry.currency,
        "rnd": nonce,
        "orgRnd": order["rnd"],
        "clientIp": typed.client_address,
        "ReturnOid": entry.oid,
        "merchantID": order["clientid"],
    }
    return _over(order.fields, own)


def _amount(order: OrderForm, entry: Entry) -> str:
    """Echo the amount as it was written, unless the bank took another one."""
    unchanged = entry.amount_centimes == order.amount_centimes
    return order["amount"] if unchanged else dirhams(entry.amount_centimes)


def _transaction(entry: Entry, outcome: Outcome) -> dict[str, str]:
    """Tell the result; after a failed authentication without ProcReturnCode or AuthCode."""
    told = {
        "TransId": entry.trans_id,
        "Response": outcome.response,
        "ErrMsg": outcome.message,
        "ErrCode": "" if outcome.approved else f"ISO8583-{outcome.code}",
        "acqStan": entry.host_reference[-6:],
        "EXTRA.TRXDATE": f"{local(entry.at):%Y%m%d %H:%M:%S}",
    }
    if outcome.code:
        told["ProcReturnCode"] = outcome.code
        told["AuthCode"] = entry.auth_code
        told["HostRefNum"] = entry.host_reference
    else:
        told["ErrCode"] = "3D-1005"
    return told


def _card(typed: Typed) -> dict[str, str]:
    number = typed.card.number
    return {
        "cardHolderName": typed.holder,
        "maskedCreditCard": masked(number),
        "MaskedPan": f"{number[:6]}***{number[-4:]}",
        "ACQBIN": "400000",
        "Ecom_Payment_Card_ExpDate_Month": typed.month,
        "Ecom_Payment_Card_ExpDate_Year": typed.year[-2:],
        "EXTRA.CARDBRAND": typed.card.brand,
        "EXTRA.CARDISSUER": "BANQUE SIMULEE",
    }


def _authentication(order: OrderForm, outcome: Outcome) -> dict[str, str]:
    authenticated = outcome.md_status == "1"
    return {
        "mdStatus": outcome.md_status,
        "txstatus": "Y" if authenticated else "N",
        "mdErrorMsg": "Authenticated" if authenticated else "Not authenticated",
        "eci": "05" if authenticated else "",
        "PAResSyntaxOK": "true",
        "PAResVerified": "true" if authenticated else "false",
        "hashAlgorithm": order["hashAlgorithm"],
    }


def _over(posted: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Lay the bank's fields over the echo, whatever the letter case of a posted name."""
    taken = {name.upper() for name in own} | {"HASH"}
    return {n: value for n, value in posted.items() if n.upper() not in taken} | dict(own)


def signed(answer: Mapping[str, str], store_key: str) -> dict[str, str]:
    """Return the answer as posted: HTML-escaped values, and the hash of the unescaped ones."""
    return sealed(answer, ver3.sign(answer, store_key))


def sealed(answer: Mapping[str, str], signature: str) -> dict[str, str]:
    """Return the answer as posted, under a signature made elsewhere."""
    return {name: _escaped(value) for name, value in answer.items()} | {"HASH": signature}


def _escaped(value: str) -> str:
    return html.escape(value).replace("&#x27;", "&#039;")


def renamed(answer: Mapping[str, str], store_key: str) -> dict[str, str]:
    """Return the rename forgery of a declined answer (event 53 of the promises).

    The hash covers values in the order of their names, not the names. The bank signs an
    answer that holds two texts typed by a payer, "00" and "Approved"; the forger gives those
    the names that decide, and the values before them, back to the order's number, names that
    sort in between. The signature stays valid; storetype, okUrl and orgRnd are gone.
    """
    genuine = dict(answer) | {"text1": "00", "text2": "Approved"}
    order = ver3.signed_order(genuine)
    start = [name.upper() for name in order].index("OID") + 1
    stop = order.index("text1")
    names = {name: f"p{place:03d}" for place, name in enumerate(order[start:stop])}
    names |= {"text1": "ProcReturnCode", "text2": "Response"}
    forged = {names.get(name, name): genuine[name] for name in order}
    return sealed(forged, ver3.sign(genuine, store_key))


def refused(code: str, message: str, nonce: str, store_key: str) -> dict[str, str]:
    """Return what the browser carries to failUrl when the form itself was refused: no oid."""
    answer = {
        "Response": "Error",
        "ProcReturnCode": "99",
        "ErrCode": code,
        "ErrMsg": message,
        "mdStatus": "7",
        "rnd": nonce,
        "hashAlgorithm": "ver3",
    }
    return signed(answer, store_key)


def masked(number: str) -> str:
    """Return 4000000000000010 as "4000 00** **** 0010"."""
    return f"{number[:4]} {number[4:6]}** **** {number[-4:]}"
