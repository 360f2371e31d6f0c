"""`make deploy STAGE=dev`: the functions by SAM, then the pages, then a look from outside.

    python -m tools.deploy dev [--dry]        deploy; --dry says what would be done
    python -m tools.deploy dev --destroy      take a trial down again; dev only

The first time SAM asks for what `infra/samconfig.toml` does not say and writes the answers there.
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3

from tools import build, stages
from tools.artifact import ROOT, target
from tools.deploy import cloud, pages, smoke
from tools.deploy.release import release_of

Run = Callable[[list[str]], int]
CONFIG = ROOT / "infra" / "samconfig.toml"
RETAINED = "table, keys, secrets and the buckets of files of dues and of failures"


class DeployError(Exception):
    """Nothing more was done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stage, how commands are run, and which AWS account it is."""

    stage: str
    run: Run
    session: boto3.Session | None = None

    @property
    def stack(self) -> str:
        """Name of the stage's stack."""
        return str(stages.settings(self.stage).get("stack_name", f"asvi-{self.stage}"))

    def do(self, command: list[str]) -> None:
        """Run a command; raise DeployError where it fails."""
        if self.run(command):
            raise DeployError(f"Stopped: {shlex.join(command)} failed; its words stand above.")


def sam_deploy(stage: str, release: str, *, first: bool) -> list[str]:
    """Give the command that deploys the stack; `first`: SAM asks, and remembers in samconfig."""
    told = stages.given(stage) | {"Release": release}
    command = [
        str(build.SAM), "deploy", "--template-file", str(build.OUT / "template.yaml"),
        "--config-file", str(CONFIG), "--config-env", stage,
        "--parameter-overrides", *(f'{name}="{value}"' for name, value in sorted(told.items())),
    ]  # fmt: skip
    return [*command, "--guided"] if first else command


def sam_delete(stage: str, stack: str) -> list[str]:
    """Give the command that deletes the stack."""
    region = stages.settings(stage).get("region", "")
    return [
        str(build.SAM), "delete", "--stack-name", stack, "--no-prompts",
        *(["--region", region] if region else []),
    ]  # fmt: skip


def session(stage: str) -> boto3.Session:
    """Give the account of whoever deploys, in the stage's region."""
    told = stages.settings(stage)
    return boto3.Session(region_name=told.get("region"), profile_name=told.get("profile"))


def deploy(one: Deployment, now: datetime) -> None:
    """Deploy a stage; raise DeployError or BuildError."""
    aws = one.session or session(one.stage)
    refuse_unclean(one.stage)
    built = build.functions(build.Options(target()))
    print(build.table(target(), built))
    if too_large := build.over_budget(built):
        raise DeployError("\n".join(too_large))
    first = cloud.outputs(aws, one.stack) is None
    if not first:  # what production refuses is refused before anything changes
        build.site(one.stage, build.site_of(one.stage))
    codes = {name: packed.code_sha256 for name, packed in built.items()}
    one.do(sam_deploy(one.stage, release_of(stages.given(one.stage), codes), first=first))
    if first:
        build.site(one.stage, build.site_of(one.stage))
    made = cloud.outputs(aws, one.stack)
    if made is None:
        raise DeployError(f"The stack {one.stack} is not there: was the change refused?")
    publish(aws, made, one.stage, now)
    look(one.stage, first=first)


ROLL_BACK = "See docs/runbook.md#deploy-rolled-back."
NOT_YET = "Deployed. What it lacks before it works is in infra/README.md, from step 5 on:"


def look(stage: str, *, first: bool) -> None:
    """Look at the portal from outside; raise DeployError, but the `first` time for what is next."""
    given = stages.parameters(stage)
    wrong = smoke.problems(given["PortalUrl"], given["GatewayOrigin"])
    if wrong and not first:
        raise DeployError("\n".join(["Deployed, but it does not work:", *wrong, ROLL_BACK]))
    print(
        "\n".join([NOT_YET, *wrong] if wrong else [f"{given['PortalUrl']} answers as it should."])
    )


def refuse_unclean(stage: str) -> None:
    """Refuse to deploy to production what no commit holds."""
    if stage == "production" and _git("status", "--porcelain"):
        raise DeployError("The tree has changes that are in no commit: commit them first.")


def publish(aws: boto3.Session, made: dict[str, str], stage: str, now: datetime) -> None:
    """Store the pages, let the CDN ask anew, and delete what is worn out."""
    bucket, root = made["SiteBucketName"], build.site_of(stage)
    remote = cloud.listed(aws, bucket)
    live = cloud.text(aws, bucket, pages.RELEASE)
    before = cloud.text(aws, bucket, pages.KEYS)
    coming = pages.Release(now, _git("rev-parse", "HEAD"), pages.files_of(root))
    keys = pages.merged_keys(cloud.public_keys(aws, [made["SigningKeyId"]]), before)
    puts = pages.puts(root, keys, coming, remote)
    cloud.store(aws, bucket, puts)
    cloud.invalidate(aws, made["DistributionId"], f"asvi-{now:%Y%m%dT%H%M%SZ}")
    worn = pages.removals(coming, pages.Release.read(live) if live else None, remote)
    cloud.remove(aws, bucket, worn)
    print(f"Pages: {len(puts)} files stored, {len(worn)} old ones deleted.")


def rehearse(one: Deployment) -> None:
    """Say what `deploy` would do, without asking AWS anything."""
    refuse_unclean(one.stage)
    print("1. Build the functions (`make build`), refuse what is over budget")
    print(f"2. {shlex.join(sam_deploy(one.stage, '...', first=False))}")
    print(f"   with --guided while there is no stack {one.stack}")
    root = build.site_of(one.stage)
    build.site(one.stage, root)
    print("3. Store in the bucket of pages, in this order (those of /assets/ not yet there):")
    release = pages.Release(datetime.now(UTC), _git("rev-parse", "HEAD"), pages.files_of(root))
    for put in pages.puts(root, b"", release, ()):
        print(f"   {put.described()}")
    print("4. Invalidate /* of the distribution")
    print("5. Delete pages that are no more, and assets that the last release did not need either")
    print(f"6. Look from outside at {stages.parameters(one.stage)['PortalUrl']}")


def destroy(one: Deployment) -> None:
    """Take a trial down; raise DeployError for any other stage."""
    if one.stage != "dev":
        raise DeployError(f"Only dev is destroyed by a command, never {one.stage}.")
    aws = one.session or session(one.stage)
    made = cloud.outputs(aws, one.stack)
    if made is None:
        raise DeployError(f"There is no stack {one.stack}.")
    cloud.empty(aws, made["SiteBucketName"])
    one.do(sam_delete(one.stage, one.stack))
    print(f"Gone, but for what the template keeps: {RETAINED}. Delete these by hand.")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main(arguments: list[str] | None = None, run: Run = subprocess.call) -> int:
    """Deploy, rehearse or destroy; give 1 after saying why not."""
    parser = argparse.ArgumentParser(description="Deploys the portal.")
    parser.add_argument("stage", choices=stages.STAGES)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry", action="store_true", help="only say what would be done")
    what.add_argument("--destroy", action="store_true", help="take dev down")
    given = parser.parse_args(arguments)
    one = Deployment(given.stage, run)
    try:
        if given.destroy:
            destroy(one)
        elif given.dry:
            rehearse(one)
        else:
            deploy(one, datetime.now(UTC))
    except (DeployError, build.BuildError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
