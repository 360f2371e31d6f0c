"""Run inside a function's artifact: start it, then call AWS twice; tell what each call took."""

import importlib
import json
import sys
import time

importlib.import_module(sys.argv[1])

from functions.shared.aws import secrets  # noqa: E402 - the handler comes first, as in Lambda


def spent_ms() -> float:
    """Make a call; give its processor time."""
    since = time.process_time()
    secrets.client().get_secret_value(SecretId="TokenSecret")
    return (time.process_time() - since) * 1e3


print(json.dumps({"first": spent_ms(), "next": spent_ms()}))
