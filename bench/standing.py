"""A portal that stands on an engine: the functions in this process, and what a process needs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from unittest.mock import patch

from local import template
from tests.portal import GOLDEN, Context, Json, Portal, forget
from tests.simulation import deployment

REGION = {
    "AWS_REGION": template.REGION, "AWS_DEFAULT_REGION": template.REGION,
    "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_LAMBDA_LOG_FORMAT": "JSON",
}  # fmt: skip
# Services beside DynamoDB, as botocore names them in variables.
OTHERS = ("SECRETS_MANAGER", "KMS", "SESV2")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where DynamoDB is, and where the rest of AWS."""

    dynamodb: str
    others: str

    def variables(self) -> dict[str, str]:
        """Tell botocore."""
        names = {f"AWS_ENDPOINT_URL_{name}": self.others for name in OTHERS}
        return names | {"AWS_ENDPOINT_URL_DYNAMODB": self.dynamodb}


def environment(function: str, addresses: Addresses) -> dict[str, str]:
    """Give what a function's process is told, as the template has it."""
    named = {
        "POWERTOOLS_SERVICE_NAME": function, "PATH": os.environ["PATH"],
        "POWERTOOLS_TRACE_DISABLED": "false", "STAGE": "dev",
    }  # fmt: skip
    return deployment.environment() | REGION | named | addresses.variables()


@dataclass(slots=True)
class Crowd(Portal):
    """The portal to many payers, who call from `address` until the next one comes."""

    address: str = "192.0.2.1"

    def event(self, method: str, path: str, content: Any = None, **sent: Any) -> Json:  # noqa: ANN401 - as its base
        """Give the event that API Gateway makes of a payer's request."""
        return Portal.event(self, method, path, content, **{"address": self.address, **sent})

    def invoke(self, function: str, event: Json) -> Json:
        """Run a function's handler on an event, now."""
        module, _, name = self.functions[function].rpartition(".")
        answer: Json = getattr(import_module(module), name)(event, Context(function))
        return answer


@contextmanager
def portal(addresses: Addresses) -> Iterator[Crowd]:
    """Run the functions in this process, with the golden due loaded, at the present hour."""
    told = environment("bench", addresses)
    with patch.dict(os.environ, told):
        forget()
        functions = {one.name: one.handler for one in template.read().functions()}
        for handler in functions.values():
            import_module(handler.rpartition(".")[0])
        standing = Crowd(now=datetime.now(UTC), functions=functions)
        standing.load(GOLDEN)
        yield standing
        forget()
