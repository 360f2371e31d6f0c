"""The tools that hold the templates: they find what is wrong, and say it in a line."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.rights import described
from tools import inline, permissions, scan


def test_new_and_gone() -> None:
    """A finding that is not accepted stops the check; so does one that is no longer there."""
    lines = scan.compared({("A", "Table"), ("B", "Api")}, {("B", "Api"), ("C", "Key")})
    assert lines == ["A Table: mend it, or say why not", "C Key: no longer found"]


def test_accepted() -> None:
    """Everything that is accepted names its reason, and resources that exist."""
    resources = set(described().plain["Resources"]) | {"LogBucket"}
    assert {resource for _, resource in scan.accepted()} <= resources


def test_no_reason(tmp_path: Path) -> None:
    """Nothing is accepted without a reason."""
    listed = tmp_path / "accepted.toml"
    listed.write_text('[CKV_1]\nname = "x"\nreason = ""\nresources = ["Table"]\n')
    with pytest.raises(ValueError, match="no reason for CKV_1"):
        scan.accepted(listed)


def test_scan_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """The check ends with 1 where anything differs, and with 0 where nothing does."""
    with patch.object(scan, "found", return_value={("CKV_9", "Table")}):
        assert scan.main() == 1
    assert "CKV_9 Table: mend it" in capsys.readouterr().out
    with patch.object(scan, "found", return_value=scan.accepted()):
        assert scan.main() == 0


def test_permissions_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A permission that changes is seen in the reviewed page before it is deployed."""
    page = tmp_path / "permissions.md"
    page.write_text(permissions.TARGET.read_text("utf-8").replace("kms:Sign", "kms:*"))
    monkeypatch.setattr(permissions, "TARGET", page)
    monkeypatch.setattr("sys.argv", ["permissions.py", "--check"])
    assert permissions.main() == 1
    monkeypatch.setattr("sys.argv", ["permissions.py"])
    assert permissions.main() == 0
    assert "kms:Sign" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("node", "written"),
    [
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::x"}, "s3:::x"),
        ({"Fn::Sub": ["${A}-x", {"A": {"Ref": "Table"}}]}, "Table-x"),
        ({"Fn::Select": [0, {"Fn::Split": ["@", {"Ref": "MailFrom"}]}]}, "MailFrom before @"),
        ({"Fn::GetAtt": ["Table", "StreamArn"]}, "Table.StreamArn"),
        ([{"Ref": "B"}, "a"], "B, a"),
    ],
)  # fmt: skip
def test_readable(node: Any, written: str) -> None:  # noqa: ANN401 - a template is any JSON
    """A policy reads as a person would say it."""
    assert permissions.text(node) == written


def test_inline_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program that was changed and not put into the template fails the check."""
    source = tmp_path / "page-address.js"
    source.write_text(inline.SOURCE.read_text("utf-8") + "// later\n")
    template = tmp_path / "template.yaml"
    template.write_text(inline.TEMPLATE.read_text("utf-8"))
    monkeypatch.setattr(inline, "SOURCE", source)
    monkeypatch.setattr(inline, "TEMPLATE", template)
    monkeypatch.setattr("sys.argv", ["inline.py", "--check"])
    assert inline.main() == 1
    monkeypatch.setattr("sys.argv", ["inline.py"])
    assert inline.main() == 0
    assert "        // later\n" in template.read_text("utf-8")
