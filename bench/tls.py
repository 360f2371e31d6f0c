"""The first encrypted call of a function: what it costs beside the next one.

A local authority vouches for a stub of AWS on loopback. The function trusts that one, and beside
it either the authorities that the artifact brings, or all that botocore knows.
"""

import json
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench import stub
from bench.figures import Table, of
from bench.places import BUILD, HERE, ISOLATED
from bench.processes import Process
from bench.rounds import Silent, interleaved
from bench.standing import Addresses, environment

PROBE = HERE / "inside" / "encrypted.py"
ROOTS = Path("functions") / "shared" / "aws" / "amazon-roots.pem"
FOLDER = BUILD / "tls"


def table(process: Process, times: int) -> Table:
    """Give the processor time of a first and a next encrypted call, by what is trusted."""
    known = {
        "Amazon's own authorities, as deployed": process.path[0] / ROOTS,
        "all that botocore knows": process.path[0] / "botocore" / "cacert.pem",
    }
    certificate = _certificate()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate)
    with stub.running(served) as others:
        probes = {
            name: _Probe(process, others, _bundle(place, path, certificate))
            for place, (name, path) in enumerate(known.items())
        }
        found = interleaved(probes, times, Silent())
    rows = tuple(
        (name, tuple(of([run[part] for run in runs], "ms") for part in ("first", "next")))
        for name, runs in found.items()
    )
    return Table("An encrypted call to AWS, CPU", ("the first", "the next"), rows)


class _Probe:
    """Starts a function's modules and makes two calls, trusting a bundle."""

    def __init__(self, process: Process, address: str, bundle: Path) -> None:
        self.command = [*ISOLATED, str(PROBE), process.handler.rpartition(".")[0]]
        told = environment(process.name, Addresses(address, address))
        told |= {"PYTHONPATH": str(process.path[0]), "AWS_CA_BUNDLE": str(bundle)}
        self.told = told | {"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"}

    def __call__(self) -> dict[str, float]:
        """Give the processor time of both, in milliseconds."""
        ran = subprocess.run(self.command, env=self.told, capture_output=True, check=True)
        spent: dict[str, float] = json.loads(ran.stdout)
        return spent


def _bundle(place: int, known: Path, certificate: Path) -> Path:
    path = FOLDER / f"bundle-{place}.pem"
    path.write_bytes(known.read_bytes() + certificate.read_bytes().partition(b"-----BEGIN PRIV")[0])
    return path


def _certificate() -> Path:
    """Make a certificate for localhost that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "localhost.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path
