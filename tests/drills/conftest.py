"""The standing portal, the operator at a terminal, and the bank, whose ledger is the truth."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cmi_simulator.ledger import Entry
from tests.ops.bank import entry, listed
from tests.ops.conftest import Desk, asvi, portal, stack
from tests.portal import Json, Portal

__all__ = ["Desk", "asvi", "portal", "stack"]  # fixtures of the operator's tests


@dataclass(slots=True)
class Bank:
    """What the bank captured: what we told it to, and nothing else."""

    portal: Portal
    folder: Path
    captured: list[Entry] = field(default_factory=list)

    def pay(self, order: Json, trans_id: str) -> str:
        """Approve a card for an order, call back, do what the reply asks; give the reply."""
        reply = self.portal.verdict(order, TransId=trans_id).text
        if reply == "ACTION=POSTAUTH":
            total_centimes = sum(line["amount_centimes"] for line in order["lines"])
            made = entry(order["reference"], trans_id, total_centimes, at=self.portal.now)
            self.captured.append(made)
        return reply

    def list_of_the_day(self) -> str:
        """Write the list of captures that the merchant downloads; give its name."""
        return listed(self.folder / "captured.csv", *self.captured)


@pytest.fixture
def bank(portal: Portal, tmp_path: Path) -> Bank:
    """Open the bank."""
    return Bank(portal, tmp_path)
