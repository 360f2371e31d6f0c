"""The name of a version: the alias `live` moves to a new one only when this name changes.

SAM publishes a version when it sees other code. A parameter that changes by itself, such as the
one that closes payments, would otherwise stay without effect on what payers call.
"""

import hashlib
import json
from collections.abc import Mapping

NAME = "Release"
DIGITS = 16


def release_of(parameters: Mapping[str, str], code: Mapping[str, str] | str) -> str:
    """Name the version of some parameters and some code: digests by function, or a name before."""
    told = {name: value for name, value in parameters.items() if name != NAME}
    text = json.dumps([told, code], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
