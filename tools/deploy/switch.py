"""`make switch STAGE=production WITH="Payments=closed"`: parameters changed, code as it is.

    python -m tools.deploy.switch production Payments=closed ProofDoublings=2

For a bad day: minutes, no build, at once for everybody and not in steps. `infra/samconfig.toml`
must be told too, or the next deployment turns it back.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError, WaiterError

from tools import stages
from tools.deploy.release import NAME, release_of

# Pages or artifacts are built from these: make deploy changes them.
BUILT_FROM = {"Stage", "PortalUrl", "Languages", "PythonRuntime", "Architecture", NAME}
# With an alarm ringing, a deployment in steps would not even begin.
AT_ONCE = {"Deployment": "AllAtOnce"}
CAPABILITIES: Any = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
WAIT = {"Delay": 5, "MaxAttempts": 120}


class SwitchError(Exception):
    """Nothing was changed; the message says why."""


def asked(words: Sequence[str]) -> dict[str, str]:
    """Read `Name=value` words; raise SwitchError."""
    wanted = dict(word.partition("=")[::2] for word in words if "=" in word)
    if len(wanted) != len(words) or not wanted:
        raise SwitchError("Say what to change, as in Payments=closed, each once.")
    if built := sorted(BUILT_FROM & wanted.keys()):
        raise SwitchError(f"{', '.join(built)}: this takes a build. Use make deploy.")
    return wanted


def changed(stands: Mapping[str, str], wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the parameters for CloudFormation; raise SwitchError for a name that is none."""
    if unknown := sorted(wanted.keys() - stands.keys()):
        raise SwitchError(f"The stack has no parameter {', '.join(unknown)}.")
    new = {**wanted, **AT_ONCE}
    new[NAME] = release_of({**stands, **new}, stands.get(NAME, ""))
    return [
        {"ParameterKey": name, "ParameterValue": new[name]}
        if name in new
        else {"ParameterKey": name, "UsePreviousValue": True}
        for name in sorted(stands)
    ]


def switch(session: boto3.Session, stack: str, wanted: Mapping[str, str]) -> None:
    """Change parameters of a stack and wait until they hold; raise SwitchError."""
    cloud = session.client("cloudformation")
    try:
        (found,) = cloud.describe_stacks(StackName=stack)["Stacks"]
        stands = {one["ParameterKey"]: one["ParameterValue"] for one in found["Parameters"]}
        cloud.update_stack(
            StackName=stack,
            UsePreviousTemplate=True,
            Parameters=changed(stands, wanted),
            Capabilities=CAPABILITIES,
        )
        cloud.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig=WAIT)
    except (ClientError, WaiterError) as error:
        raise SwitchError(f"{stack} was not changed: {error}") from error


def main(words: list[str]) -> int:
    """Switch, and say so; give 1 after saying why not."""
    stage, *rest = words or [""]
    if stage not in stages.STAGES:
        print(f"STAGE is {stage or 'missing'}: {', '.join(stages.STAGES)}.", file=sys.stderr)
        return 1
    try:
        wanted, told = asked(rest), stages.settings(stage)
        session = boto3.Session(region_name=told.get("region"), profile_name=told.get("profile"))
        switch(session, str(told.get("stack_name", f"asvi-{stage}")), wanted)
    except SwitchError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{stage} has {' '.join(rest)}. Now write it into infra/samconfig.toml and commit it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
