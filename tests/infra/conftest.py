"""Everything that the functions do, recorded once."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from functions.intake.lines import COLUMNS
from functions.shared import settings
from functions.shared.aws import files, secrets
from tests.canary.conftest import serving
from tests.handlers.test_letter import paid
from tests.handlers.test_letter_again import again, asked_letters, news
from tests.handlers.test_receipt import handle
from tests.intake.conftest import BUCKET, Bucket
from tests.portal import DECLINED, GOLDEN, GOLDEN_EVENING, NUMBER, Json, Portal
from tests.rights import SEEN, Need
from tests.settlement.bank import serving as bank_serving
from tests.settlement.world import World


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[Need]]:
    """Let every function do all that it does, and give what each needed for it."""
    SEEN.clear()
    files.client.cache_clear()
    with patch.dict(os.environ), mock_aws(), patch.object(Portal, "invoke", _alone):
        where = {"LocationConstraint": "eu-west-3"}
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        portal = Portal.standing()
        _serve(portal.emptied().load(GOLDEN))
        _settle(portal.emptied().load(GOLDEN))
        _take_in(portal.emptied())
        _probe(portal.emptied(), tmp_path_factory.mktemp("site"))
    files.client.cache_clear()
    settings.read.cache_clear()
    return {function: set(needs) for function, needs in SEEN.items()}


_invoke = Portal.invoke


def _alone(portal: Portal, function: str, event: Json) -> Json:
    """Run a function in a container of its own: it has read no secret yet."""
    secrets._kept.clear()
    return _invoke(portal, function, event)


def _serve(portal: Portal) -> None:
    """Pay, be refused, lose a race, look, ask again, hear of a bounce."""
    portal.verdict(portal.checkout().json, DECLINED)
    lost = portal.checkout().json
    order = paid(portal)
    portal.verdict(lost, TransId="T2")
    portal.stream()
    asked_letters(portal)
    news(portal, order, "Bounce")
    asked = {"handle": handle(portal, order)}
    portal.post("/api/receipt/letter", asked | {"email": "b@example.ma"})
    portal.receipt(order)
    again(portal, order)
    portal.post("/api/receipt/pdf", asked)
    by_number = {"reference": order["reference"], "registration_number": NUMBER}
    portal.post("/api/receipt/pdf", by_number)
    portal.now += timedelta(hours=1)
    portal.invoke("LetterFunction", {"sweep": True})
    portal.first_lookup()


def _settle(portal: Portal) -> None:
    """Prove captures, refuse what was never told, release, give up, hand over to the operator."""

    def now() -> datetime:
        return portal.now or GOLDEN_EVENING

    with bank_serving(now) as (bank, address):
        told = {"EVIDENCE": "status-api", "STATUS_API": "body", "STATUS_API_URL": address}
        with patch.dict(os.environ, told):
            settings.read.cache_clear()
            _settled(World(portal, bank))
    settings.read.cache_clear()


def _settled(world: World) -> None:
    unheard = world.open()
    world.authorise(unheard, "T0")
    refused, given_up = world.open(), world.open()
    world.pay(world.open(), "T1")
    world.stream()
    world.pay(refused, "T2")
    world.later(hours=2)
    world.sweep_until_settled()
    assert world.state(given_up) == "expired"
    for _ in range(2):
        world.forget(days=400)


def _take_in(portal: Portal) -> None:
    """Load a file of dues that has a line nobody can read."""
    dues = f"{','.join(COLUMNS)}\n123456789,2020,1,1451.10,BPC2020010004319,BPC,\nnonsense\n"
    Bucket(portal).drop("dues.csv", dues.encode())


def _probe(portal: Portal, root: Path) -> None:
    """Let the canary try the portal."""
    with serving(portal, root):
        portal.invoke("CanaryFunction", {"probe": True})
