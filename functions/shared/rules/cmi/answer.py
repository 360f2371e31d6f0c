"""What CMI says of an attempt: the form it posts, read and verified (`cmi.md`, Callback)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from functions.shared.rules.cmi.hashing import VARIANTS, matching_variant
from functions.shared.rules.money import centimes

LARGEST_BYTES = 32 * 1024
MOST_FIELDS = 100
# The echo of an order's lines comes on top: nine items of seven fields (`form.py`).
_ITEM_FIELD = re.compile(r"(?:ITEMNUMBER|PRODUCTCODE|QTY|DESC|ID|PRICE|TOTAL)[1-9]")
_MOST_ITEM_FIELDS = 9 * 7
APPROVED = "00"
# Partly authenticated cards (2-4) carry the bank's liability as fully authenticated ones do.
ACCEPTED_MD_STATUS = frozenset("1234")
_CHARSETS = {
    "": "utf-8", "UTF-8": "utf-8", "ISO-8859-1": "iso-8859-1", "ISO-8859-9": "iso-8859-9",
    "WINDOWS-1252": "cp1252", "WINDOWS-1254": "cp1254",
}  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{0,64}")


@dataclass(frozen=True, slots=True)
class Message:
    """A form that CMI signed. Names are looked up without regard to case."""

    fields: dict[str, str]
    key_id: str
    variant: str

    def get(self, name: str) -> str:
        """Give a field's value, empty where the field is absent."""
        return self.fields.get(name.upper(), "")

    def echoed(self, name: str) -> str:
        """Give a field that echoes our request, prepared as it was when the hash matched."""
        return VARIANTS[self.variant](self.get(name))

    @property
    def oid(self) -> str:
        """The order's reference, as CMI echoes it."""
        return self.get("oid")

    @property
    def trans_id(self) -> str:
        """CMI's name of the attempt."""
        return self.get("TransId")

    @property
    def code(self) -> str:
        """The bank's verdict: `00` accepts, anything else or nothing refuses."""
        return self.get("ProcReturnCode")

    @property
    def amount_centimes(self) -> int | None:
        """The amount of the attempt; None where its text is no amount."""
        return centimes(self.get("amount"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A post that is no message of CMI's form; `why` is one word for the counter."""

    why: str


@dataclass(frozen=True, slots=True)
class Forged:
    """A well-formed post whose hash no key of ours makes."""


Reading = Message | Unreadable | Forged


def identifier(text: str) -> bool:
    """Say whether a text can name an order or a transaction: rows are named by it; or is empty."""
    return _IDENTIFIER.fullmatch(text) is not None


def read(body: bytes, content_type: str, keys: Iterable[tuple[str, str]]) -> Reading:
    """Read a posted form and verify its hash under `keys`, pairs of (key id, store key).

    All keys are tried whichever matches. `hashAlgorithm` and `HASHPARAMS` of the message are
    never believed: the hash is ver3 over all fields (events 41-51).
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in ("", "application/x-www-form-urlencoded"):
        return Unreadable("content_type")
    if len(body) > LARGEST_BYTES:
        return Unreadable("too_large")
    parsed = _parsed(body)
    if isinstance(parsed, Unreadable):
        return parsed
    fields, charset = parsed
    return _verified(fields, charset, keys)


def _parsed(body: bytes) -> tuple[dict[str, str], str] | Unreadable:
    """Split a body into its fields under the charset that it declares."""
    declared = _pairs(body)
    if declared is None:
        return Unreadable("form")
    encodings = [value.strip().upper() for name, value in declared if name.upper() == "ENCODING"]
    charset = _CHARSETS.get(encodings[0] if encodings else "")
    pairs = None if charset is None else _in_charset(declared, charset)
    if charset is None or pairs is None:
        return Unreadable("charset")
    names = {name.upper() for name, _ in pairs}
    if len(names) != len(pairs):
        return Unreadable("duplicate_field")
    if sum(not _ITEM_FIELD.fullmatch(name) for name in names) > MOST_FIELDS:
        return Unreadable("too_many_fields")
    return dict(pairs), charset


def _pairs(body: bytes) -> list[tuple[str, str]] | None:
    """Split a form, each of its bytes read as one sign; None where it is none."""
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="iso-8859-1",
            max_num_fields=MOST_FIELDS + _MOST_ITEM_FIELDS,
        )
    except ValueError:
        return None


def _in_charset(pairs: Iterable[tuple[str, str]], charset: str) -> list[tuple[str, str]] | None:
    """Read the bytes of a form under a charset; None where they are none of its."""
    try:
        return [
            (name.encode("iso-8859-1").decode(charset), value.encode("iso-8859-1").decode(charset))
            for name, value in pairs
        ]
    except ValueError:
        return None


def _verified(
    fields: dict[str, str], charset: str, keys: Iterable[tuple[str, str]]
) -> Message | Forged | Unreadable:
    given = next((value for name, value in fields.items() if name.upper() == "HASH"), None)
    if given is None:
        return Unreadable("hash_missing")
    charsets = dict.fromkeys(("utf-8", charset))  # the samples hash text or the bytes posted
    matches = [
        (key_id, variant)
        for key_id, store_key in keys
        for encoding in charsets
        if (variant := matching_variant(fields, given, store_key, encoding))
    ]
    if not matches:
        return Forged()
    message = Message({name.upper(): value for name, value in fields.items()}, *matches[0])
    if not (identifier(message.oid) and identifier(message.trans_id)):
        return Unreadable("identifier")
    return message
