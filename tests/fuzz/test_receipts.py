"""Whatever is held to be a receipt or a signature: genuine to the last bit, or refused."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.rules import receipts
from tests.chance import examples
from tests.fuzz.damage import damaged

KEY = ec.derive_private_key(4319, ec.SECP256R1())
KEY_ID = "arn:aws:kms:eu-west-3:123456789012:key/1"
FACTS = {
    "v": 1, "r": "43190271885204", "t": 146706, "p": "2020-05-05T21:50:51+00:00",
    "n": "xxxxx6789", "l": [["202001", 145110]], "f": [["202005", 1596]],
}  # fmt: skip
PAYLOAD = receipts.unpadded(json.dumps(FACTS, separators=(",", ":")).encode())
DER = KEY.sign(PAYLOAD.encode(), ec.ECDSA(hashes.SHA256()))
PROOF = receipts.proof(PAYLOAD, KEY_ID, DER)
NASTY = (
    b".", b"..", b"-", b"_", b"=", b"+", b"/", b" ", b"#", b"A", "é".encode(), "\u2066".encode(),
    b"\n", b"%2E", PROOF.encode(),
)  # fmt: skip
HERE = Path(__file__).parent
texts = damaged(PROOF.encode(), NASTY).map(lambda text: text.decode(errors="replace"))
scalars = st.integers(0, 2**256) | st.integers(0, 2**270)
signatures = (
    st.binary(max_size=80)
    | damaged(DER)
    | st.tuples(scalars, scalars).map(lambda pair: utils.encode_dss_signature(*pair))
)


@dataclass(frozen=True, slots=True)
class Page:
    """The code of the page that checks receipts, at work in Node."""

    given: IO[str]
    told: IO[str]

    def verdicts(self, texts: list[str]) -> list[list[Any]]:
        """Ask about texts; give the page's word on each, and the facts of a genuine one."""
        self.given.write(json.dumps(texts) + "\n")
        self.given.flush()
        said: list[list[Any]] = json.loads(self.told.readline())
        return said


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Run the page's code with the fund's key."""
    point = KEY.public_key().public_numbers()
    place = {name: receipts.unpadded(at.to_bytes(32, "big")) for name, at in _named(point)}
    keys = {"keys": [{"kty": "EC", "crv": "P-256", "kid": KEY_ID, **place}]}
    (code,) = (HERE.parents[1] / "site").rglob("signed.mjs")
    command = ["node", str(HERE / "verdicts.mjs"), str(code), json.dumps(keys)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        assert node.stdin
        assert node.stdout
        yield Page(node.stdin, node.stdout)
        node.stdin.close()


def _named(point: ec.EllipticCurvePublicNumbers) -> list[tuple[str, int]]:
    return [("x", point.x), ("y", point.y)]


def test_genuine(page: Page) -> None:
    """The text of a receipt, scanned or pasted, is genuine, and tells its facts."""
    address = f"https://asvi.example/fr/verification/#{PROOF}"
    pasted = f" {PROOF[:50]}\n{PROOF[50:]}\u200f"
    assert page.verdicts([PROOF, address, pasted]) == [["genuine", FACTS]] * 3


@examples(20)
@given(given_=st.lists(texts | st.text(max_size=30), min_size=1, max_size=50))
def test_damaged_receipts(page: Page, given_: list[str]) -> None:
    """A damaged text is refused in one of the page's words; none tells other facts."""
    for text, (word, *facts) in zip(given_, page.verdicts(given_), strict=True):
        assert word in {"genuine", "altered", "unreadable", "unknown"}, text
        assert facts == ([FACTS] if word == "genuine" else [])


@examples(300)
@given(der=signatures)
def test_signatures(der: bytes) -> None:
    """KMS's signature is taken whole, as another library reads it, or refused."""
    try:
        raw = receipts.raw_signature(der)
    except ValueError:
        return
    r, s = utils.decode_dss_signature(der)
    assert raw == r.to_bytes(32, "big") + s.to_bytes(32, "big")
