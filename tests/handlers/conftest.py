"""A standing portal for each test, in one process."""

import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.portal import GOLDEN, Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    """The portal in May 2020, with the golden due."""
    before = dict(os.environ)
    with mock_aws():
        yield Portal.standing(GOLDEN)
    os.environ.clear()
    os.environ.update(before)
