"""A portal with evidence `status-api` and its bank, in one process; nothing sleeps."""

import os
from collections.abc import Iterator
from datetime import datetime
from unittest.mock import patch

import pytest
from moto import mock_aws

from cmi_simulator.bank import Bank
from tests.portal import GOLDEN, GOLDEN_EVENING, Portal
from tests.settlement.bank import serving
from tests.settlement.world import World


class Clock:
    """The bank's clock: the portal's, once there is one."""

    portal: Portal | None = None

    def now(self) -> datetime:
        """Give the instant it is."""
        return self.portal.now if self.portal else GOLDEN_EVENING


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def bank(clock: Clock) -> Iterator[tuple[Bank, str]]:
    with serving(clock.now) as served:
        yield served


@pytest.fixture(scope="module")
def standing(bank: tuple[Bank, str]) -> Iterator[Portal]:
    with patch.dict(os.environ), mock_aws():
        made = Portal.standing()
        os.environ |= {"EVIDENCE": "status-api", "STATUS_API": "body", "STATUS_API_URL": bank[1]}
        yield made


@pytest.fixture
def world(standing: Portal, bank: tuple[Bank, str], clock: Clock) -> World:
    """Give the golden evening, with a payer's one due and an empty ledger."""
    clock.portal = standing.emptied().load(GOLDEN)
    bank[0].reset()
    return World(clock.portal, bank[0])
