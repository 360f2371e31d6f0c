"""The control code: four digits to copy, and a proof of work that the browser finds by itself.

The proof has the shape of ALTCHA v1: find `number` such that SHA-256(salt + number) is the
challenge. It makes scanning numbers cost something; it tells nobody apart (docs/decisions/0001).
"""

import hashlib
import hmac
from datetime import datetime

from functions.shared.rules.tokens import TICKET_LIFE, Ticket

RANDOM_BYTES = 32
MOST = 50_000
_MOST_UNDER_ATTACK = 1_000_000
_WRONG_CODES_A_STEP = 5


def most_for(wrong_codes: int, doublings: int = 0) -> int:
    """Give the proof's upper bound: it doubles with every five wrong codes of an address.

    `doublings`: how often the operator doubles it for everybody, while numbers are being scanned.
    """
    steps = doublings + wrong_codes // _WRONG_CODES_A_STEP
    return int(min(MOST * 2**steps, _MOST_UNDER_ATTACK))


def ticket(random: bytes, most: int, now: datetime) -> Ticket:
    """Make a code and its proof from `RANDOM_BYTES` random bytes."""
    salt = random[12:24].hex()
    number = int.from_bytes(random[24:32], "big") % (most + 1)
    return Ticket(
        id=random[:8].hex(),
        code=f"{int.from_bytes(random[8:12], 'big') % 10_000:04d}",
        expires=int((now + TICKET_LIFE).timestamp()),
        salt=salt,
        challenge=_challenge(salt, number),
        most=most,
    )


def same_code(shown: Ticket, typed: str) -> bool:
    """Say whether the code that was typed, in plain digits, is the one that was shown."""
    return hmac.compare_digest(shown.code.encode(), typed.encode())


def proved(shown: Ticket, number: int) -> bool:
    """Say whether `number` solves the ticket's proof."""
    return 0 <= number <= shown.most and hmac.compare_digest(
        _challenge(shown.salt, number), shown.challenge
    )


def solved(salt: str, challenge: str) -> int:
    """Find the number that solves a proof, as a browser does; raise ValueError for none."""
    for number in range(_MOST_UNDER_ATTACK + 1):
        if _challenge(salt, number) == challenge:
            return number
    raise ValueError("no number solves it")


def _challenge(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
