"""The operator's documents say what the commands do."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from functions.settlement.captured import Form
from functions.settlement.comparison import Kind
from functions.shared.aws import work
from functions.shared.aws.rows import order_key
from functions.shared.rules.keys import read as read_keys
from ops import exporting, moving, report
from ops.commands import app
from ops.screen import End
from tests.handlers.wire import registered
from tests.ops.conftest import Desk
from tests.portal import Json, Portal

DOCS = Path(__file__).parents[2] / "docs"
OPERATOR = (DOCS / "operator.md").read_text("utf-8")
COMPARISON = (DOCS / "comparison-file.md").read_text("utf-8")
COMMANDS = 13
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


def first_cells(text: str) -> list[str]:
    """Give the first cells of a document's tables, as far as they are code."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def test_commands() -> None:
    """Every command is described with its options, and no other."""
    group = typer.main.get_command(app)
    described = {cell.split()[0]: cell for cell in first_cells(OPERATOR)[:COMMANDS]}
    assert set(described) == set(group.commands)  # type: ignore[attr-defined] # it is a group
    for name, cell in described.items():
        options = set(re.findall(r"--[a-z-]+", cell))
        told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
        known = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", told))
        assert options == known - {"--help", "--who", "--yes"}


def test_export_columns() -> None:
    """The accountants' columns are described in their order."""
    assert tuple(first_cells(OPERATOR)[COMMANDS:]) == exporting.HEADER


def test_exits() -> None:
    """Every way in which a command ends is described, and the limit of refunds is the real one."""
    assert re.findall(r"^\| (\d) \|", OPERATOR, re.MULTILINE) == [str(int(end)) for end in End]
    assert f"above {moving.DEFAULT_LIMIT_DH} DH" in OPERATOR


def test_comparison_columns() -> None:
    """The setting's names and defaults, the findings and the report's columns are the real ones."""
    rows = dict(re.findall(r"^\| `(\w+)` \| `(.+?)` \|", COMPARISON, re.MULTILINE))
    assert rows == {one.name: str(getattr(Form(), one.name)) for one in fields(Form)}
    found = [cell for cell in first_cells(COMPARISON) if cell not in rows]
    assert set(found) == {kind.value for kind in Kind}
    for column in report.HEADER:
        assert f"`{column}`" in COMPARISON


def test_permissions(portal: Portal, asvi: Desk, capturing: Json) -> None:
    """The operator's permissions are those that the commands use, no more (§6.3)."""
    done: set[str] = set()

    def note(event_name: str, params: Json, **_: Any) -> None:  # noqa: ANN401 - botocore's shape
        operation = event_name.rpartition(".")[2]
        kinds = [PARTS[kind] for one in params.get("TransactItems", []) for kind in one]
        done.update(kinds or [operation])

    file = asvi.folder / "captured.csv"
    file.write_text("date;oid;trans_id;montant;devise\n")
    dues = asvi.folder / "dues.csv"
    dues.write_text(
        "registration_number,year,quarter,amount_dh,reference,account,paid_on\n"
        "987654321,2020,1,1.00,R,A,\n"
    )
    reference = capturing["reference"]
    work.enqueue(order_key(reference), "no status API", portal.now)
    with registered("provide-client-params", note):
        asvi.does("settle", reference, "paid", "--evidence", "list", "--trans-id", "T1")
        asvi.does("import", str(dues))
        asvi("compare", str(file), "--day", "2020-05-05")
        asvi.does("queue")
        asvi.does("show", reference)
        asvi.does("export", str(asvi.folder / "x.csv"), "--day", "2020-05-05")
        asvi.does("uncapture", reference, "--why", "list")
    opened = portal.checkout().json["reference"]
    with registered("provide-client-params", note):
        asvi.does("settle", opened, "paid", "--evidence", "list", "--trans-id", "T8")
    described = OPERATOR.partition("## Permissions")[2].partition("(")[0]
    assert sorted(done) == re.findall(r"`dynamodb:(\w+)`", described)


def test_rotation() -> None:
    """The store key's secret in the document is one that the functions read."""
    (written,) = re.findall(r"`(\{\"current\".+?\})`", OPERATOR)
    keys = read_keys(written.replace('"new"', '"the new key"').replace('"old"', '"the old key"'))
    assert keys.previous == "the old key"
    assert keys.previous_until
