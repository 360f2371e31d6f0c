"""A standing portal, and the operator's commands on it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from functions.shared import outside, settings
from functions.shared.aws import ledger
from functions.shared.rules.orders import Order, OrderState
from ops.commands import app
from tests.portal import GOLDEN, Json, Portal
from tests.rights import OPERATOR, permitted


@pytest.fixture(scope="module")
def stack() -> Iterator[Portal]:
    """Make the template's table, secrets and key once for a file of tests: that is slow."""
    with patch.dict(os.environ), mock_aws():
        yield Portal.standing()


@pytest.fixture
def portal(stack: Portal) -> Portal:
    """Give the portal in May 2020, with the golden due and nothing else."""
    return stack.emptied().load(GOLDEN)


@dataclass(slots=True)
class Desk:
    """The operator at a terminal, at the portal's instant."""

    portal: Portal
    folder: Path
    name: str = "amina"

    def __call__(self, *typed: str, answer: str | None = None) -> Result:
        """Run a command; `answer` is typed when it asks."""
        with patch.object(outside, "now", lambda: self.portal.now), permitted(OPERATOR):
            return CliRunner().invoke(app, typed, input=answer, env={"ASVI_WHO": self.name})

    def does(self, *typed: str) -> str:
        """Run a command that asks nothing and ends well; give what it printed."""
        asking = typed[0] in ("settle", "uncapture", "refund", "resend", "done", "forget")
        result = self(*typed, *(["--yes"] if asking else []))
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *typed: str) -> str:
        """Run a command that is refused; give why."""
        before = self.portal.rows()
        result = self(*typed, "--yes")
        assert result.exit_code == 1, result.output
        assert self.portal.rows() == before
        return result.output


@pytest.fixture
def asvi(portal: Portal, tmp_path: Path) -> Desk:
    """Give the operator's terminal."""
    return Desk(portal, tmp_path)


@pytest.fixture
def capturing(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Json:
    """Give an order that CMI was asked to capture, and of which nothing is proved yet."""
    monkeypatch.setenv("EVIDENCE", "status-api")
    settings.read.cache_clear()
    order: Json = portal.checkout().json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    return order


@pytest.fixture
def paid(portal: Portal) -> Json:
    """Give a paid order."""
    order: Json = portal.checkout().json
    assert portal.verdict(order).text == "ACTION=POSTAUTH"
    return order


def stands(order: Json) -> Order:
    """Give an order as it stands in the table."""
    found = ledger.order(order["reference"])
    assert found
    return found


def state(order: Json) -> OrderState:
    """Give an order's state as it stands in the table."""
    return stands(order).state


def events(portal: Portal, order: Json) -> list[tuple[str, str, str]]:
    """Give what was done to an order beside verdicts: what, who, why."""
    rows = [row for row in portal.rows(f"ORDER#{order['reference']}") if "EVENT#" in row["sk"]]
    return [(row["what"], row["who"], row["why"]) for row in rows]


def letters(portal: Portal) -> list[str]:
    """Give the kinds of the letters that are owed."""
    return sorted(row["kind"] for row in portal.rows("ORDER#") if row["sk"].startswith("LETTER#"))
