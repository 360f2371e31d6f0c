"""How the functions know that a request came by CloudFront, and so past its firewall.

CloudFront says a word in a header that it puts in the place of anybody else's. The functions are
told the SHA-256 of the word, and of the one before while the one is changed for the other: so they
hold no secret, and ask nobody for one on a verdict's way.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

HEADER = "x-asvi-origin"
_DIGEST = re.compile(r"[0-9a-f]{64}")
MOST = 2


def digests(listed: str) -> tuple[str, ...]:
    """Read the setting: one or two digests in hex, with a comma between; raise ValueError."""
    given = tuple(listed.split(","))
    if len(given) > MOST or not all(map(_DIGEST.fullmatch, given)):
        raise ValueError("give one or two SHA-256 digests in lower-case hex")
    return given


def vouched(word: str, known: Iterable[str]) -> bool:
    """Say whether a word is one whose digest is known; all are compared, whichever matches."""
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()
    return any([hmac.compare_digest(digest, one) for one in known])  # noqa: C419 - all are compared
