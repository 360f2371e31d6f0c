"""The portal under load: built functions in real runtimes, DynamoDB Local, the local gateway.

Secrets, key and mail are the embedded AWS's; the table is Amazon's own DynamoDB Local, whose
transactions are whole. Every function has runtimes of its own, as with reserved concurrency.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import boto3
from werkzeug.wrappers import Response

from functions.shared.aws import table
from local import edge, resources
from local.aws import Cloud
from local.gateway import Gateway, Serving
from local.process import account, environment
from local.settings import Settings
from local.static import Site
from tests.artifact.deployed import listening_socket
from tests.dynamodb import reference
from tests.load.runtime import Function
from tests.portal import TEMPLATE, forget

# A machine of four cores: the look-up may saturate its own runtimes, and no other function's.
RUNTIMES = {"LookupFunction": 3, "CallbackFunction": 10}
OTHERS = 1


@dataclass(frozen=True, slots=True)
class Stand:
    """What runs: the portal's address, its functions, where their logs are."""

    portal: str
    functions: dict[str, Function]
    cloud: Cloud


@contextmanager
def standing(artifacts: Path, folder: Path) -> Iterator[Stand]:
    """Start everything, and end it."""
    with ExitStack() as parts:
        front, aws = listening_socket(), listening_socket()
        cloud = Cloud(aws)
        parts.callback(cloud.stop)
        settings = Settings(front.getsockname()[1], 8001, aws.getsockname()[1], timedelta())
        parts.enter_context(patch.dict(os.environ, account(settings.aws_url)))
        made = resources.make(TEMPLATE, boto3.Session(), settings)
        told = {"AWS_ENDPOINT_URL_DYNAMODB": parts.enter_context(reference.running())}
        reference.table(told["AWS_ENDPOINT_URL_DYNAMODB"], made.table)
        os.environ |= told | {"TABLE": made.table, "STAGE": "local"}
        parts.callback(forget)
        forget()
        functions = {}
        for one in made.functions:
            environ = environment(one, settings.aws_url) | told
            reserved = RUNTIMES.get(one.name, OTHERS)
            running = Function(
                artifacts / one.name, one.handler, environ, folder, one.timeout_seconds, reserved
            )
            parts.callback(running.stop)
            functions[one.name] = running
        for running in functions.values():
            running.load()
        gateway = Gateway(
            edge.read(TEMPLATE, made.headers, settings.languages),
            Site(folder),
            {route: functions[name] for route, name in TEMPLATE.routes().items()},
            lambda _: Response(status=404),
            settings,
        )
        parts.callback(Serving(gateway, front).stop)
        yield Stand(settings.portal_url, functions, cloud)


def rows() -> list[table.Row]:
    """Give every row of the table."""
    pages = table.client().get_paginator("scan").paginate(TableName=table.name())
    return [table.plain(item) for page in pages for item in page["Items"]]
