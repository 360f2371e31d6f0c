"""Makes clients of AWS's services.

By botocore itself: what boto3 adds to it, resources and transfers, nobody here uses, and importing
it takes a tenth of a cold start. That every parameter is of its type is checked where the code is
tried; deployed, a sixth of each call would go into it, and AWS checks again (`docs/bench.md`). So
would an eighth into a User-Agent that botocore writes anew for each request; ours is one name.
"""

import os
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config


def make(service: str, config: Config) -> Any:  # noqa: ANN401 - each service's class is another
    """Make a client of a service, named as botocore names it."""
    local = os.environ.get("STAGE", "local") == "local"
    ours = Config(parameter_validation=local, user_agent="asvi")
    return _session().create_client(service, config=config.merge(ours))


@cache
def _session() -> botocore.session.Session:
    """Give the session of all clients: they share who they are, and what is known of regions."""
    return botocore.session.get_session()
