"""Two words that stand on the recap and in our letters: an e-mail without them is not ours.

They are two of `nouns.csv`, chosen by a keyed hash of the payment's reference, so nobody without
the key can tell them. An order keeps the numbers of its two lines: the list grows at its end, and
no line is moved or taken away.
"""

import csv
import hashlib
import hmac
from functools import cache
from pathlib import Path

from functions.shared.rules.languages import DEFAULT
from functions.shared.rules.orders import Pair


def pair_for(reference: str, secret: bytes) -> Pair:
    """Give the pair of a reference: two different lines of the list."""
    mac = hmac.digest(secret, b"words:" + reference.encode(), hashlib.sha256)
    count = len(_nouns())
    first = int.from_bytes(mac[:8], "big") % count
    step = 1 + int.from_bytes(mac[8:16], "big") % (count - 1)
    return first, (first + step) % count


def said(pair: Pair, language: str) -> tuple[str, str]:
    """Say a pair in a language; in French where the list does not speak it."""
    first, second = (_nouns()[number] for number in pair)
    return first.get(language) or first[DEFAULT], second.get(language) or second[DEFAULT]


@cache
def _nouns() -> list[dict[str, str]]:
    """Give the list, each noun by language."""
    with Path(__file__).with_name("nouns.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
