"""DynamoDB on loopback: dynoxide, quick enough to measure what stands before it, and Amazon's."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.places import BUILD, NPM
from tests.dynamodb import reference
from tests.stack import free_ports

DYNOXIDE = NPM / "@dynoxide" / "linux-x64" / "dynoxide"
TABLE = "Table"
# Whose dues fill a table that others are measured in.
FIRST_OTHER = 500_000_000
QUARTERS = 4
# A million rows are read before it answers.
PATIENCE_SECONDS = 300.0


@contextmanager
def dynoxide(others_dues: int = 0) -> Iterator[str]:
    """Run dynoxide in memory with the template's table, so full; give its address."""
    if others_dues:
        folder = _exported(others_dues)
        words = ["import", "--source", str(folder), "--schema", str(folder / "schema.json")]
        with _serving([*words, "--serve"]) as address:
            yield address
    else:
        with _serving(["serve"]) as address:
            reference.table(address, TABLE)
            yield address


@contextmanager
def _serving(words: list[str]) -> Iterator[str]:
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [str(DYNOXIDE), *words, "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield reference.answering(f"http://127.0.0.1:{port}", process, PATIENCE_SECONDS)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _exported(dues: int) -> Path:
    """Write dues of others as an export of DynamoDB's, which dynoxide reads quickest."""
    folder = BUILD / "export"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / TABLE / "data").mkdir(parents=True)
    with dynoxide() as address:
        described = reference.client(address).describe_table(TableName=TABLE)["Table"]
    (folder / "schema.json").write_text(json.dumps({"Table": described}, default=str))
    with gzip.open(folder / TABLE / "data" / "1.json.gz", "wt", compresslevel=1) as lines:
        lines.writelines(_line(place) for place in range(dues))
    return folder


def _line(place: int) -> str:
    number, quarter = FIRST_OTHER + place // QUARTERS, place % QUARTERS + 1
    row = {
        "pk": {"S": f"REG#{number}"}, "sk": {"S": f"DUE#2020-{quarter}-BPC{place:010d}"},
        "year": {"N": "2020"}, "quarter": {"N": str(quarter)}, "state": {"S": "unpaid"},
        "amount_centimes": {"N": "145110"}, "reference": {"S": f"BPC{place:010d}"},
        "account": {"S": "BPC pour encaissements ASVI"},
    }  # fmt: skip
    return json.dumps({"Item": row}) + "\n"


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """Run Amazon's DynamoDB Local with the template's table; give its address."""
    with reference.running() as address:
        reference.table(address, TABLE)
        yield address
