"""CMI's lists of captures, as the simulator writes them, and the reports on them."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from cmi_simulator.captured import listing
from cmi_simulator.ledger import Entry

NEXT_DAY = timedelta(hours=12)
EMPTY = "Nothing waits."


def entry(oid: str, trans_id: str = "T1", amount_centimes: int = 146706, *, at: datetime) -> Entry:
    """Give a capture of the bank's ledger."""
    return Entry(
        oid=oid, trans_id=trans_id, amount_centimes=amount_centimes, currency="504",
        state="captured", at=at, captured_centimes=amount_centimes, captured_at=at,
        masked_card="400000******0010", code="00", auth_code="123456", host_reference="1",
    )  # fmt: skip


def listed(file: Path, *entries: Entry) -> str:
    """Write the bank's list of captures; give its name."""
    file.write_text(listing(entries), newline="")
    return str(file)


def report(file: Path) -> list[tuple[str, ...]]:
    """Give the report's findings: kind, transaction, what was done in a word."""
    with file.with_name(f"{file.name}.comparison.csv").open(newline="") as opened:
        lines = list(csv.DictReader(opened))
    return [(one["finding"], one["trans_id"], one["done"].partition(":")[0]) for one in lines]
