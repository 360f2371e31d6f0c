"""Parameters changed on a bad day reach payers: a new version, at once, with the code as it is."""

import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws
from samtranslator.translator.transform import transform

from local.template import _NoPolicies
from tools.artifact import described
from tools.deploy import switch
from tools.deploy.release import release_of
from tools.deploy.switch import SwitchError, asked, changed

STANDS = {"Payments": "open", "Deployment": "Linear", "Release": "abc", "MerchantId": "600000009"}
CODE = {"LookupFunction": "c2hh"}
TEMPLATE = """
{"Parameters": {"Payments": {"Type": "String"}, "Deployment": {"Type": "String"},
                "Release": {"Type": "String"}, "MerchantId": {"Type": "String"}},
 "Resources": {"Topic": {"Type": "AWS::SNS::Topic",
                         "Properties": {"TopicName": {"Ref": "Release"}}}}}
"""


def versions(**given: str) -> set[str]:
    """Give the versions of functions that SAM would publish under some parameters."""
    template = described()
    template["Globals"]["Function"]["CodeUri"] = "s3://local/functions"
    plain = transform(template, given, _NoPolicies())["Resources"]
    return {name for name, one in plain.items() if one["Type"] == "AWS::Lambda::Version"}


def test_parameter_alone_publishes_nothing() -> None:
    """Why a release has a name: SAM publishes no version where only a parameter changed."""
    assert versions(Payments="open") == versions(Payments="closed")


def test_release_publishes() -> None:
    """With another release every function has another version, so that `live` moves to it."""
    before, after = (versions(Release=release_of({"Payments": word}, CODE)) for word in ("a", "b"))
    functions = described()["Resources"].values()
    assert len(before) == sum(one["Type"] == "AWS::Serverless::Function" for one in functions)
    assert not before & after


def test_release() -> None:
    """Other code or another parameter is another release; the same of both is the same one."""
    one = release_of({"Payments": "open"}, CODE)
    assert one == release_of({"Payments": "open", "Release": one}, CODE)
    assert one != release_of({"Payments": "closed"}, CODE)
    assert one != release_of({"Payments": "open"}, {"LookupFunction": "other"})


def test_changed() -> None:
    """What was asked changes, at once and not in steps; everything else keeps its value."""
    new = {one["ParameterKey"]: one for one in changed(STANDS, {"Payments": "closed"})}
    assert new["Payments"]["ParameterValue"] == "closed"
    assert new["Deployment"]["ParameterValue"] == "AllAtOnce"
    assert new["Release"]["ParameterValue"] not in ("", "abc")
    assert new["MerchantId"] == {"ParameterKey": "MerchantId", "UsePreviousValue": True}


def test_back_and_forth() -> None:
    """Closing and opening again are two releases: the second is not taken for the first."""
    closed = {**STANDS, "Payments": "closed", "Release": release_of({}, "abc")}
    (release,) = [
        one["ParameterValue"]
        for one in changed(closed, {"Payments": "open"})
        if one["ParameterKey"] == "Release"
    ]
    assert release not in (closed["Release"], STANDS["Release"])


@pytest.mark.parametrize("words", [[], ["Payments"], ["Payments=a", "Payments=b"]])
def test_not_understood(words: list[str]) -> None:
    """What is no parameter with a value, once, changes nothing."""
    with pytest.raises(SwitchError, match="Say what to change"):
        asked(words)


@pytest.mark.parametrize("name", ["PortalUrl", "Languages", "PythonRuntime", "Release"])
def test_built_from(name: str) -> None:
    """What pages or artifacts are built from is not switched beside them."""
    with pytest.raises(SwitchError, match="make deploy"):
        asked([f"{name}=x"])


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    """Give an account with a stack."""
    with patch.dict(os.environ), mock_aws():
        made = boto3.Session(region_name="eu-west-3")
        given: Any = [{"ParameterKey": k, "ParameterValue": v} for k, v in STANDS.items()]
        made.client("cloudformation").create_stack(
            StackName="asvi-staging", TemplateBody=TEMPLATE, Parameters=given
        )
        yield made


def test_switched(session: boto3.Session) -> None:
    """The stack has the new value, a new release, and its template as before."""
    switch.switch(session, "asvi-staging", {"Payments": "frozen"})
    (found,) = session.client("cloudformation").describe_stacks(StackName="asvi-staging")["Stacks"]
    stands = {one["ParameterKey"]: one["ParameterValue"] for one in found["Parameters"]}
    assert (stands["Payments"], stands["MerchantId"]) == ("frozen", "600000009")
    assert stands["Release"] != "abc"


def test_refused(session: boto3.Session) -> None:
    """A parameter or a stack that does not exist is named, and nothing is changed."""
    with pytest.raises(SwitchError, match="no parameter Payment"):
        switch.switch(session, "asvi-staging", {"Payment": "closed"})
    with pytest.raises(SwitchError, match="asvi-dev was not changed"):
        switch.switch(session, "asvi-dev", {"Payments": "closed"})


def test_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage that is none, or an order that is not understood, is a line and an exit code."""
    assert switch.main([]) == 1
    assert capsys.readouterr().err == "STAGE is missing: dev, staging, production.\n"
    assert switch.main(["staging", "Languages=fr"]) == 1
    assert "this takes a build" in capsys.readouterr().err
