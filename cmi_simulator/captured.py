"""CMI's daily list of captured payments, for the merchant's comparison."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cmi_simulator.clock import local
from cmi_simulator.money import dirhams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmi_simulator.ledger import Entry

COLUMNS = ("date", "oid", "trans_id", "montant", "devise", "carte")
CURRENCIES = {"504": "MAD", "978": "EUR"}


def listing(entries: Iterable[Entry]) -> str:
    """Return captured entries as CSV with semicolons: date and time in Casablanca, dirhams."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry) for entry in entries)
    return text.getvalue()


def _row(entry: Entry) -> tuple[str, ...]:
    captured_at = local(entry.captured_at or entry.at)
    return (
        f"{captured_at:%Y-%m-%d %H:%M:%S}",
        entry.oid,
        entry.trans_id,
        dirhams(entry.captured_centimes),
        CURRENCIES[entry.currency],
        entry.masked_card,
    )
