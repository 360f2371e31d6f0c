"""The usual module: every tool imported, boto3's resource, parameters, idempotency, templates."""

import os
from functools import cache
from typing import Any

import boto3
import jinja2
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel

from bench.contenders.same import SECRET, TABLE, Json, answer, key_of, number_of

tracer, logger, metrics = Tracer(), Logger(), Metrics()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table(TABLE)
mail, keys = boto3.client("sesv2"), boto3.client("kms")
layer = DynamoDBPersistenceLayer(table_name=os.environ.get("IDEMPOTENCY", "Idempotency"))
config = IdempotencyConfig(event_key_jmespath="body")
letters = jinja2.Environment(autoescape=True)


class Lookup(BaseModel):
    """A renewal."""

    session: str


@cache
def _key() -> str:
    return key_of(str(parameters.get_secret(SECRET)))


@app.post("/api/lookup")
@tracer.capture_method
def lookup(asked: Lookup) -> Json:
    """Look a number up."""
    metrics.add_metric("Lookup", MetricUnit.Count, 1)
    logger.info("lookup")
    partition = f"REG#{number_of(asked.session, _key())}"
    condition = Key("pk").eq(partition) & Key("sk").lte("OPEN$")
    found = table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"]
    return answer([_integers(row) for row in found])


def _integers(row: Json) -> Json:
    return {name: value if isinstance(value, str) else int(value) for name, value in row.items()}


@metrics.log_metrics
@tracer.capture_lambda_handler
@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an event of the HTTP API."""
    return app.resolve(event, context)
