"""A standing portal for each test, in one process."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from moto import mock_aws

from tests.portal import GOLDEN, Portal


@pytest.fixture(scope="module")
def stack() -> Iterator[Portal]:
    """Make the template's table, secrets and key once for a file of tests: that is slow."""
    with patch.dict(os.environ), mock_aws():
        yield Portal.standing()


@pytest.fixture
def portal(stack: Portal) -> Portal:
    """Give the portal in May 2020, with the golden due and nothing else."""
    return stack.emptied().load(GOLDEN)
