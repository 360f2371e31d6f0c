"""AWS by boto3's clients, made at start, as most guides have it."""

from functools import cache

import boto3

from bench.contenders.same import SECRET, Json, key_of, listed, number_of, question

dynamodb = boto3.client("dynamodb")
secrets = boto3.client("secretsmanager")


@cache
def key() -> str:
    """Give the key of sessions, asked for once."""
    return key_of(secrets.get_secret_value(SecretId=SECRET)["SecretString"])


def looked_up(session: str) -> Json:
    """Look a session's number up."""
    return listed(dynamodb.query(**question(number_of(session, key())))["Items"])
