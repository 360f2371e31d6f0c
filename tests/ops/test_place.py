"""Which portal the commands work on."""

import os
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from functions.shared import outside
from functions.shared.aws import table
from ops import place
from ops.commands import app
from tests.ops.conftest import Desk
from tests.portal import Portal
from tests.stack import free_ports


@pytest.fixture
def nowhere() -> Iterator[dict[str, str]]:
    """Take away the table's name; give the environment that the command then makes."""
    with patch.dict(os.environ):
        os.environ.pop("TABLE", None)
        os.environ |= {"AWS_PROFILE": "production", "AWS_PORT": str(free_ports(1)[0])}
        table.client.cache_clear()
        yield os.environ  # type: ignore[misc] # the environment is a mapping of texts
    table.client.cache_clear()


def test_no_table(nowhere: dict[str, str]) -> None:
    """Without TABLE the commands reach this machine alone, whatever credentials lie about."""
    result = CliRunner().invoke(app, ["queue"])
    assert result.exit_code == 3
    assert "no local stack answers" in result.output
    assert nowhere["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{nowhere['AWS_PORT']}"
    assert nowhere["AWS_ACCESS_KEY_ID"] == "local"
    assert "AWS_PROFILE" not in nowhere


def test_local_stack(nowhere: dict[str, str]) -> None:
    """With a stack on this machine its table is found by itself."""
    del nowhere["AWS_PORT"]
    with patch.object(place, "_only_table", lambda _: "the-table"):
        place.find()
    assert nowhere["TABLE"] == "the-table"
    assert nowhere["AWS_ENDPOINT_URL"] == "http://127.0.0.1:8002"


def test_local_clock(nowhere: dict[str, str]) -> None:
    """A local command may run at the instant that `make run` was told; one without an offset not."""
    nowhere["PORTAL_NOW"] = "2020-05-05T21:50:51+00:00"
    with patch.object(place, "_only_table", lambda _: "t"), patch.object(outside, "now"):
        place.find()
        assert abs(outside.now() - Portal().now) < timedelta(minutes=1)
        nowhere.pop("TABLE")
        nowhere["PORTAL_NOW"] = "2020-05-05T21:50:51"
        with pytest.raises(place.NowhereError, match="PORTAL_NOW"):
            place.find()


def test_table_is_believed(asvi: Desk) -> None:
    """With TABLE the environment stays as it is."""
    before = dict(os.environ)
    asvi.does("queue")
    assert dict(os.environ) == before


def test_no_permission(asvi: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that cannot be read is said in a sentence, without a word of Python."""
    monkeypatch.setenv("TABLE", "somebody-elses")
    result = asvi("queue")
    assert result.exit_code == 3
    assert "AWS did not answer" in result.output
    assert "Traceback" not in result.output
