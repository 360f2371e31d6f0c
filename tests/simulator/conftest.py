"""Fixtures of the simulator's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmi_simulator.settings import Settings
from tests.simulator.shop import KEY, Receiver, Shop


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give a merchant's server."""
    running = Receiver()
    yield running
    running.close()


@pytest.fixture
def settings() -> Settings:
    """Give the local merchant."""
    return Settings(store_key=KEY, callback_timeout_seconds=5)


@pytest.fixture
def shop(settings: Settings, receiver: Receiver) -> Iterator[Shop]:
    """Give a merchant with one payer, on the golden evening."""
    made = Shop(settings, receiver)
    yield made
    made.bank.later.cancel()
