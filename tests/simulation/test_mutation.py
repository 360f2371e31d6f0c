"""Mutants: each check of the verifier and each clause of a condition is there for a reason."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.conftest import Figure
from tests.simulation.mutation import OWN_TESTS

ROOT = Path(__file__).parents[2]
PARTS = 8


def _kill(figure: Figure, *what: str) -> None:
    """Kill mutants in a process of its own, from which they are forked."""
    command = [sys.executable, "-m", "tests.simulation.mutation", *what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    figure("mutants", done.stdout.strip().splitlines()[-1])


@pytest.mark.long
@pytest.mark.parametrize("module", OWN_TESTS)
def test_no_check_can_be_left_out(module: str, figure: Figure) -> None:
    """Whatever is changed in the verifier or in settlement's rules, a test or a world notices."""
    _kill(figure, module)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_no_condition_can_be_left_out(part: int, figure: Figure) -> None:
    """Whatever clause of a write's condition is dropped, a test or a world notices."""
    _kill(figure, "conditions", f"{part + 1}/{PARTS}")
