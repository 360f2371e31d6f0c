r"""Hash Version 3 of the NestPay gateway, as CMI uses it (`cmi.md`, Hash ver3).

The text that is hashed is every value in the order of its field's name, each followed by `|`,
then the store key; `\` and `|` inside a value are escaped. The names themselves are not hashed.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html.entities import name2codepoint

UNHASHED = frozenset({"HASH", "ENCODING"})
_PHP_BLANKS = " \t\n\r\0\x0b"
_DIGITS = "0123456789"
_RUN = re.compile(r"[0-9]+|[^0-9]")
_ENTITY = re.compile(r"&(?:#([0-9]{1,9})|#[xX]([0-9A-Fa-f]{1,8})|([A-Za-z][A-Za-z0-9]*));")


class DisputedOrderError(ValueError):
    """CMI's own samples sort these names in different ways: such a form is never signed."""


def request_hash(fields: Mapping[str, str], store_key: str) -> str:
    """Sign a form: base64 of SHA-512 over its trimmed values in an order that nobody disputes.

    Raise DisputedOrderError where the PHP sample's natural order and the JSP sample's character
    order differ, or two names differ by case only.
    """
    values = [trimmed(fields[name]) for name in _undisputed(tuple(hashed_names(fields)))]
    return _digest(values, store_key, "utf-8")


def _undisputed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Sort names as all samples do; raise DisputedOrderError where they do not agree."""
    if len({name.upper() for name in names}) != len(names):
        raise DisputedOrderError("two names differ by case only")
    agreed, *others = _orders(names)
    if others:
        raise DisputedOrderError("natural and character order of the names differ")
    return agreed


@lru_cache(maxsize=64)  # a gateway sends the same names again and again
def _orders(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Sort names as the JSP sample and as the PHP sample does: one order where they agree."""
    return tuple(dict.fromkeys(tuple(sorted(names, key=key)) for key in (str.upper, natural)))


def matching_variant(
    fields: Mapping[str, str], given: str, store_key: str, charset: str = "utf-8"
) -> str | None:
    """Name the documented way of preparing values under which `given` is the answer's hash.

    Every way is tried and compared in constant time; None where none matches.
    """
    found = None
    for values, variant in _ways(fields).items():
        ours = _digest(values, store_key, charset)
        if hmac.compare_digest(ours.encode(), given.encode("utf-8", "surrogatepass")):
            found = variant
    return found


def _ways(fields: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Give each way of preparing and sorting the values, by its outcome: most come to the same."""
    names = tuple(hashed_names(fields))
    ways: dict[tuple[str, ...], str] = {}
    for variant, prepare in VARIANTS.items():
        prepared = {name: prepare(fields[name]) for name in names}
        for order in _orders(names):
            ways.setdefault(tuple(prepared[name] for name in order), variant)
    return ways


def trimmed(value: str) -> str:
    """Give a value as PHP's trim leaves it: without six kinds of blanks at its ends."""
    return value.strip(_PHP_BLANKS)


def hashed_names(fields: Iterable[str]) -> list[str]:
    """Give the names whose values are hashed: all but `hash` and `encoding` in any case."""
    return [name for name in fields if name.upper() not in UNHASHED]


def natural(name: str) -> list[tuple[int, int, str]]:
    """Give the sort key of PHP's natcasesort: runs of digits compare as numbers."""
    return [_place(run) for run in _RUN.findall(name.upper())]


def _place(run: str) -> tuple[int, int, str]:
    """Give the place of a sign, or of a number: the one with more digits is the larger.

    It is not read as an integer, for a name comes from anybody and may be thousands of digits.
    """
    if run[0] not in _DIGITS:
        return ord(run), 0, ""
    number = run.lstrip("0")
    return ord("0"), len(number), number


def decoded(value: str) -> str:
    """Undo HTML escapes as PHP's html_entity_decode with ENT_QUOTES does, and no further.

    Unlike Python's html.unescape it leaves `&apos;`, entities without `;` and the names that
    HTML 5 added, and refuses numbers of characters that HTML 4.01 does not allow.
    """
    return _ENTITY.sub(_character, value)


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        code = name2codepoint.get(name)
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code is not None and _allowed(code) else match.group()


def _allowed(code: int) -> bool:
    return (
        code in (0x09, 0x0A, 0x0D)
        or 0x20 <= code <= 0x7E  # noqa: PLR2004 - ranges of characters, not magic
        or 0xA0 <= code <= 0xD7FF  # noqa: PLR2004 - likewise
        or 0xE000 <= code <= 0x10FFFF  # noqa: PLR2004 - likewise
    )


def _without_final_newline(value: str) -> str:
    return value.removesuffix("\n").removesuffix("\r")


def _as_callback(value: str) -> str:
    return decoded(_without_final_newline(value))


def _as_return(value: str) -> str:
    return trimmed(decoded(value))


def _as_jsp(value: str) -> str:
    return trimmed(value.replace("\r", "").replace("\n", ""))


# The official samples prepare an answer's values in these ways before hashing, and disagree.
VARIANTS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "callback": _as_callback,
    "return": _as_return,
    "jsp": _as_jsp,
}


def _digest(values: Iterable[str], store_key: str, charset: str) -> str:
    text = "|".join(_escaped(part) for part in (*values, store_key))
    return base64.b64encode(hashlib.sha512(text.encode(charset, "replace")).digest()).decode()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")
