"""What CloudFront does with the address of a page, as `infra/edge/page-address.js` says it.

The same in Python, so that `make run` needs no JavaScript engine; tests/infra runs both on the
same requests.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from functions.shared.rules.languages import DEFAULT

# A language as a browser weighs it: "ar-MA", "fr;q=0.8" (RFC 9110, 12.5.4).
_WEIGHED = re.compile(
    r"[ \t]*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?[ \t]*(?:;[ \t]*q=([01](?:\.[0-9]{0,3})?)[ \t]*)?"
)
# Words and hyphens alone: an address such as //host or /\host would lead to another site.
_PAGE = re.compile(r"(?:/[a-z0-9-]+)+")
# A page in some language: a receipt printed in one that is no longer offered still names it.
_EDITION = re.compile(r"/([a-z]{2,3})((?:/[a-z0-9-]+)*/)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request is led: to a file of the site, or with a status to another address."""

    path: str
    status: HTTPStatus = HTTPStatus.OK


def address(path: str, accept_language: str, offered: Sequence[str]) -> Address:
    """Say where the address of a page leads."""
    if path == "/":
        language = preferred(accept_language, offered)
        return Address(f"/{language}/index.html" if language else "/index.html")
    edition = _EDITION.fullmatch(path)
    if edition and edition[1] not in offered:
        return Address(f"/{DEFAULT}{edition[2]}", HTTPStatus.FOUND)
    if path.endswith("/"):
        return Address(f"{path}index.html")
    if _PAGE.fullmatch(path):
        return Address(f"{path}/", HTTPStatus.MOVED_PERMANENTLY)
    return Address(path)


def preferred(accept_language: str, offered: Sequence[str]) -> str:
    """Give the language among those offered that a browser wants most; empty where it is none."""
    best, most = "", 0.0
    for part in accept_language.split(","):
        found = _WEIGHED.fullmatch(part)
        if found is None:
            continue
        language, weight = found[1].lower(), float(found[2] or 1)
        if weight > most and language in offered:
            best, most = language, weight
    return best
