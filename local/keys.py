"""The public half of the signing key, as pages read it: a JSON Web Key Set (RFC 7517, 7518)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from functions.shared.rules.receipts import SCALAR_BYTES, unpadded

if TYPE_CHECKING:
    import boto3

# In a SubjectPublicKeyInfo of P-256 (RFC 5480) the point comes last: 04, x, y.
UNCOMPRESSED = 4


def write(session: "boto3.Session", key_ids: list[str], path: Path) -> None:
    """Write the public keys of `key_ids` to `path`."""
    client = session.client("kms")
    keys = [jwk(key_id, client.get_public_key(KeyId=key_id)["PublicKey"]) for key_id in key_ids]
    path.write_text(json.dumps({"keys": keys}, indent=1) + "\n", encoding="utf-8")


def jwk(key_id: str, public_key_der: bytes) -> dict[str, str]:
    """Turn a P-256 public key as KMS gives it into a JWK; raise ValueError for another kind."""
    point = public_key_der[-(2 * SCALAR_BYTES + 1) :]
    if len(point) <= 2 * SCALAR_BYTES or point[0] != UNCOMPRESSED:
        raise ValueError("not an uncompressed public key of P-256")
    x, y = point[1 : SCALAR_BYTES + 1], point[SCALAR_BYTES + 1 :]
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": unpadded(x),
        "y": unpadded(y),
        "kid": key_id,
        "use": "sig",
        "alg": "ES256",
    }
