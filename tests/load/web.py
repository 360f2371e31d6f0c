"""A browser's calls in bulk: one connection kept, from an address of its own on loopback."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30


class Browser:
    """A connection to the portal. `place` chooses the address that it comes from."""

    def __init__(self, portal: str, place: int) -> None:
        site = urlsplit(portal)
        source = (f"127.{1 + place // 250 // 250}.{place // 250 % 250}.{1 + place % 250}", 0)
        self._connection = http.client.HTTPConnection(
            site.hostname or "", site.port, TIMEOUT_SECONDS, source
        )

    def post(self, path: str, content: Any) -> tuple[int, Any]:  # noqa: ANN401 - any JSON
        """Post JSON; give the status and the answer."""
        self._connection.request(
            "POST", path, json.dumps(content), {"Content-Type": "application/json"}
        )
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
