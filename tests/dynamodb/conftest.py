"""The reference, started once for all its tests in a process."""

from collections.abc import Iterator

import pytest

from tests.dynamodb import reference


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of a running DynamoDB Local."""
    with reference.running() as address:
        yield address
