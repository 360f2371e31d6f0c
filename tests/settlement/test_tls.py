"""The line to CMI is encrypted, and its other end is who it says (event 91)."""

import re
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from functions.settlement.api import Api
from functions.settlement.settings import Settings
from functions.shared.rules.settlement import Fate
from functions.shared.settings import SettingsError, read
from tests.settlement.wires import CAPTURED, HEAD, OID, WHO, heard, listening


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Give a certificate for localhost that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, plain, serialization.NoEncryption())
    )
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "fate"),
    [
        ("localhost", True, Fate.CAPTURED), ("localhost", False, Fate.UNKNOWN),
        ("127.0.0.1", True, Fate.UNKNOWN),
    ],
)  # fmt: skip
def test_certificate(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, fate: Fate
) -> None:
    """Whoever has no certificate for CMI's name from somebody trusted is not asked (event 91)."""
    passwords: list[bool] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def talk(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as secure:
            passwords.append(b"asvi_local" in heard(secure))
            secure.sendall(HEAD.format("200 OK", len(CAPTURED), "").encode() + CAPTURED)

    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(talk) as (url, _):
        place = re.sub(r"http://[^:]+", f"https://{host}", url)
        assert Api(place, "body", WHO).status(OID).fate is fate
    assert passwords == ([True] if fate is Fate.CAPTURED else [])


@pytest.mark.parametrize("stage", ["dev", "staging", "production"])
def test_no_plain_line(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """Outside a developer's machine the password never goes over a plain line."""
    told = {
        "STAGE": stage, "TABLE": "t", "TOKEN_SECRET": "s", "PAYMENTS": "open",
        "MERCHANT_ID": "600000001", "EMAIL_DAYS": "180", "ABANDONED_DAYS": "390",
        "STATUS_API": "body", "VOID_BY_TRANSACTION": "off", "STATUS_API_SECRET": "a", "STATUS_API_URL": "http://cmi.example/fim/api",
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    read.cache_clear()
    with pytest.raises(SettingsError, match="STATUS_API_URL"):
        read(Settings)
    monkeypatch.setenv("STATUS_API_URL", "https://cmi.example/fim/api")
    assert read(Settings).status_api == "body"
    read.cache_clear()
