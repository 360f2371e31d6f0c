"""A portal that stands for a whole file, its books, and an ear for all that it says."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from moto import mock_aws

from tests.fuzz.books import Books, opened
from tests.fuzz.listening import Ear, listening
from tests.portal import GOLDEN, Portal


@pytest.fixture(scope="module")
def stand() -> Iterator[tuple[Portal, Books]]:
    """Make the portal in May 2020, with the golden due, and open its books."""
    with patch.dict(os.environ), mock_aws():
        portal = Portal.standing()
        with opened() as books:
            portal.load(GOLDEN)
            books.keep()
            yield portal, books


@pytest.fixture(scope="module")
def portal(stand: tuple[Portal, Books]) -> Portal:
    """Give the portal."""
    return stand[0]


@pytest.fixture(scope="module")
def books(stand: tuple[Portal, Books]) -> Books:
    """Give its books."""
    return stand[1]


@pytest.fixture
def ear(portal: Portal) -> Iterator[Ear]:
    """Hear all that the portal's functions log and count."""
    assert portal.functions  # they have made their loggers
    with listening() as heard:
        yield heard
