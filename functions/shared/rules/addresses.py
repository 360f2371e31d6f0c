"""One e-mail address, as a payer types it: no display name, no second address, no line break."""

import re

LONGEST = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL = 64
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MARKS = " \t\u00a0\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"


def address(typed: str) -> str | None:
    """Give the address in ASCII, its domain in lower case; None where it is not exactly one."""
    bare = typed.strip(_MARKS)
    local, at, domain = bare.rpartition("@")
    if not at or len(bare) > LONGEST or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004 - name and top
        return None
    whole = f"{local}@{ascii_domain}"
    return whole if len(whole) <= LONGEST else None


def masked(whole: str) -> str:
    """Give an address as a receipt shows it: a•••@example.ma."""
    local, _, domain = whole.rpartition("@")
    return f"{local[:1]}•••@{domain}"
