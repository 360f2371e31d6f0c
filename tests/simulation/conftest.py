"""Figures of the simulator's tests, told once at the end of a run, however many processes ran it."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from tests.simulation import deployment, figures

Figure = Callable[[str, object], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Give what notes a figure of the run."""
    return record_property


@pytest.fixture(scope="module")
def printed() -> Iterator[StringIO]:
    """Set this process up for worlds; give what is logged in it."""
    with deployment.standing() as printed:
        yield printed


def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own
    """Tell the figures."""
    told: dict[str, list[Any]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            told.setdefault(name, []).append(value)
    for line in figures.lines(told):
        terminalreporter.write_line(line)
