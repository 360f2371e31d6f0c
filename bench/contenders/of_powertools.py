"""AWS's own toolkit as its guides show it: validating resolver, logger, metrics; boto3 beside."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from bench.contenders.clients import looked_up

logger, metrics = Logger(), Metrics()
app = APIGatewayHttpResolver(enable_validation=True)


class Lookup(BaseModel):
    """A renewal."""

    session: str


class Due(BaseModel):
    """A quarter's due."""

    id: str
    year: int
    quarter: int
    amount_centimes: int
    reference: str
    account: str
    state: str


class Answer(BaseModel):
    """What is owed."""

    dues: list[Due]
    unpaid_count: int


@app.post("/api/lookup")
def lookup(asked: Lookup) -> Answer:
    """Look a number up."""
    metrics.add_metric("Lookup", MetricUnit.Count, 1)
    logger.info("lookup")
    return Answer(**looked_up(asked.session))


@metrics.log_metrics
@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an event of the HTTP API."""
    return app.resolve(event, context)
