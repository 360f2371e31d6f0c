"""A function under Lambda's own runtime client, as the bench runs it."""

import os
import site
import subprocess
from pathlib import Path

import pytest

from bench.runtime import Function, FunctionError

ROOT = Path(__file__).parents[2]
PACKAGES = Path(site.getsitepackages()[0])
TOLD = {"PATH": os.environ["PATH"], "AWS_REGION": "eu-west-3"}


def test_an_event() -> None:
    """An event gets the handler's answer; start and event are charged what they took."""
    path = (ROOT, PACKAGES)
    with Function.start("bench.contenders.bare.handle", path, TOLD, subprocess.DEVNULL) as function:
        answer, spent = function.invoke({"body": "{}"})
        again, _ = function.invoke({"body": "{}"})
        memory = function.memory_mebibytes
    assert answer == again
    assert answer["statusCode"] == 200
    assert function.started.cpu_ms > 5
    assert 0 < spent.cpu_ms < function.started.cpu_ms
    assert 5 < memory < 100


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_of_the_kind", "nothing_of_the_kind"),
        ("def handle(event): pass", "positional argument"),
    ],
)
def test_what_fails_is_told(tmp_path: Path, code: str, said: str) -> None:
    """A function that cannot start, or raises, ends the measurement with its own words."""
    (tmp_path / "broken.py").write_text(f"{code}\n")
    with (
        pytest.raises(FunctionError, match=said),
        Function.start("broken.handle", (tmp_path, PACKAGES), TOLD, subprocess.DEVNULL) as function,
    ):
        function.invoke({})
