"""`make deploy` and `make destroy`: which commands, in which order, and what is refused."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from tests.artifact.test_build import PACKED
from tools import build, stages
from tools.artifact import target
from tools.deploy import __main__ as deploying
from tools.deploy import cloud, smoke
from tools.deploy.__main__ import DeployError, Deployment, deploy, destroy, main
from tools.deploy.release import release_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OUTPUTS = """
{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
 "Outputs": {"SiteBucketName": {"Value": "pages"}, "DistributionId": {"Value": "E1"},
             "SigningKeyId": {"Value": "key"}}}
"""
GIVEN = {"PortalUrl": "https://asvi.example", "GatewayOrigin": "https://pay.example"}

RELEASE = release_of(GIVEN, {"F": PACKED.code_sha256})


class Steps:
    """What a deployment did, in order; AWS's part of it is another test's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, aws: boto3.Session) -> None:
        self.done: list[str] = []
        self.commands: list[list[str]] = []
        self.aws = aws
        self.fails = False
        self.wrong: list[str] = []
        done = self.done
        monkeypatch.setattr(build, "functions", lambda _: self.noted("built", {"F": PACKED}))
        monkeypatch.setattr(build, "site", lambda stage, _: done.append(f"pages of {stage}"))
        monkeypatch.setattr(deploying, "publish", lambda *_: done.append("published"))
        monkeypatch.setattr(smoke, "problems", lambda *_: self.noted("looked at", self.wrong))
        monkeypatch.setattr(stages, "parameters", lambda _: GIVEN)
        monkeypatch.setattr(stages, "given", lambda _: GIVEN)
        monkeypatch.setattr(deploying, "_git", lambda *_: "")

    def noted(self, what: str, outcome: Any) -> Any:  # noqa: ANN401 - whatever the step gives
        """Note a step, and give what it gives."""
        self.done.append(what)
        return outcome

    def run(self, command: list[str]) -> int:
        """Note a command, and do what SAM does: make the stack."""
        self.commands.append(command)
        self.done.append(command[1])
        if "--guided" in command and not self.fails:
            self.exist()
        return int(self.fails)

    def exist(self) -> None:
        """Let the stack be there."""
        self.aws.client("cloudformation").create_stack(StackName="asvi-dev", TemplateBody=OUTPUTS)

    def of(self, stage: str) -> Deployment:
        """Give a deployment of a stage."""
        return Deployment(stage, self.run, self.aws)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    """Give an empty account, and note what is done to it."""
    monkeypatch.setattr(
        stages, "settings", lambda stage: {"stack_name": f"asvi-{stage}", "region": "eu-west-3"}
    )
    with patch.dict(os.environ), mock_aws():
        yield Steps(monkeypatch, boto3.Session(region_name="eu-west-3"))


def test_first_time(steps: Steps) -> None:
    """The first time SAM asks; the pages are built once it knows their address."""
    deploy(steps.of("dev"), NOW)
    assert steps.done == ["built", "deploy", "pages of dev", "published", "looked at"]
    (command,) = steps.commands
    assert command[-1] == "--guided"
    assert command[command.index("--config-env") + 1] == "dev"
    assert command[command.index("--template-file") + 1] == str(build.OUT / "template.yaml")
    assert {'PortalUrl="https://asvi.example"', f'Release="{RELEASE}"'} <= set(command)


def test_first_look(steps: Steps, capsys: pytest.CaptureFixture[str]) -> None:
    """The first time there is no DNS and no key of CMI's yet: that is told, and is no failure."""
    steps.wrong = ["https://asvi.example does not answer"]
    deploy(steps.of("dev"), NOW)
    assert "infra/README.md, from step 5 on:\nhttps://asvi.example does" in capsys.readouterr().out


PARSED = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
json.dump(CfnParameterOverridesType().convert(tuple(sys.argv[1:]), None, None), sys.stdout)
"""


def test_parameters_as_sam_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """SAM reads every value whole: with blanks in it, with commas, and where it is empty."""
    given = {"GatewayAddresses": "192.0.2.1 192.0.2.2", "Languages": "fr,ar", "HostedZoneId": ""}
    monkeypatch.setattr(stages, "given", lambda _: given)
    command = deploying.sam_deploy("dev", "abc", first=False)
    words = command[command.index("--parameter-overrides") + 1 :]
    python = str(build.SAM.with_name("python"))
    done = subprocess.run([python, "-c", PARSED, *words], capture_output=True, check=True)
    assert json.loads(done.stdout) == given | {"Release": "abc"}


def test_next_time(steps: Steps) -> None:
    """Later nothing is asked, and pages that cannot be built stop it before anything changes."""
    steps.exist()
    deploy(steps.of("dev"), NOW)
    assert steps.done == ["built", "pages of dev", "deploy", "published", "looked at"]
    assert "--guided" not in steps.commands[0]


def test_sam_fails(steps: Steps) -> None:
    """Where SAM fails, the pages of before stay: they fit the functions of before."""
    steps.exist()
    steps.fails = True
    with pytest.raises(DeployError, match=r"deploy .* failed"):
        deploy(steps.of("dev"), NOW)
    assert "published" not in steps.done


def test_change_refused(steps: Steps) -> None:
    """Where a person declines the change, no page is published."""
    with pytest.raises(DeployError, match="is not there"):
        deploy(Deployment("dev", lambda _: 0, steps.aws), NOW)
    assert "published" not in steps.done


def test_too_large(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over its budget is not deployed."""
    monkeypatch.setattr(build, "over_budget", lambda _: ["F has grown"])
    with pytest.raises(DeployError, match="F has grown"):
        deploy(steps.of("dev"), NOW)
    assert steps.commands == []


def test_does_not_work(steps: Steps) -> None:
    """Where the portal does not answer as it should, that is said, with what to do."""
    steps.exist()
    steps.wrong = ["/fr/ answers 500"]
    with pytest.raises(DeployError, match=r"/fr/ answers 500\nSee docs/runbook.md#"):
        deploy(steps.of("dev"), NOW)


def test_uncommitted_production(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Production is always a commit: what nobody can build again is not deployed there."""
    monkeypatch.setattr(deploying, "_git", lambda *_: " M functions/web.py")
    with pytest.raises(DeployError, match="in no commit"):
        deploy(steps.of("production"), NOW)
    assert steps.done == []


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_only_dev_is_destroyed(steps: Steps, stage: str) -> None:
    """No command takes down what payers use."""
    with pytest.raises(DeployError, match="Only dev is destroyed"):
        destroy(steps.of(stage))
    assert steps.commands == []


def test_destroyed(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trial goes, its pages first; what holds money's records is named, and stays."""
    steps.exist()
    monkeypatch.setattr(cloud, "empty", lambda _, bucket: steps.done.append(f"emptied {bucket}"))
    destroy(steps.of("dev"))
    assert steps.done == ["emptied pages", "delete"]
    assert steps.commands[0][2:] == [
        "--stack-name", "asvi-dev", "--no-prompts", "--region", "eu-west-3",
    ]  # fmt: skip
    assert "table, keys, secrets" in capsys.readouterr().out


def test_nothing_to_destroy(steps: Steps) -> None:
    """Where there is no stack, that is said."""
    with pytest.raises(DeployError, match="There is no stack asvi-dev"):
        destroy(steps.of("dev"))


def test_rehearsed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`DRY=1` says all that would be done, and asks AWS nothing: there are no credentials here."""
    given = stages.parameters("dev") | GIVEN
    monkeypatch.setattr(stages, "parameters", lambda _: given)
    monkeypatch.setattr(build, "site_of", lambda _: tmp_path)
    monkeypatch.setattr(deploying, "session", lambda _: pytest.fail("asked AWS"))
    assert main(["dev", "--dry"], run=lambda _: pytest.fail("ran a command")) == 0
    said = capsys.readouterr().out
    assert "deploy --template-file" in said
    assert said.index("assets/asvi.") < said.index(
        "fr/index.html  text/html; charset=utf-8  no-cache"
    )
    assert "look from outside at https://asvi.example" in said.lower()


def test_said_plainly(steps: Steps, capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal is a line and an exit code, not a stack of Python."""
    assert main(["production", "--destroy"], run=steps.run) == 1
    assert capsys.readouterr().err == "Only dev is destroyed by a command, never production.\n"


def test_builds_for_the_template() -> None:
    """What is deployed is built for the template's own runtime, not for this machine."""
    assert target().runtime == stages.parameters("dev")["PythonRuntime"]
