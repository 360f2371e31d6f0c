"""The bank's call to the merchant, server to server."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from cmi_simulator.addresses import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from typing import IO

POSTAUTH = "ACTION=POSTAUTH"
NO_ANSWER = "no answer"
LONGEST_REPLY_BYTES = 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """CMI follows no redirect: the status stands as the answer."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 - the signature is the library's
        fp: IO[bytes],  # noqa: ARG002 - likewise
        code: int,  # noqa: ARG002 - likewise
        msg: str,  # noqa: ARG002 - likewise
        headers: Message,  # noqa: ARG002 - likewise
        newurl: str,  # noqa: ARG002 - likewise
    ) -> None:
        return None


# A proxy of the environment must never see a callback.
_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def post(url: str, fields: Mapping[str, str], timeout_seconds: float) -> str:
    """Post the fields to a loopback address and return the reply's body as it came.

    A status other than 200 is returned as "HTTP 503", silence or a broken answer as
    "no answer". Raises ValueError for an address that is not on this machine.
    """
    if not is_loopback(url):
        raise ValueError("not a loopback address")
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 - checked above
    try:
        with _OPENER.open(request, timeout=timeout_seconds) as reply:
            text: str = reply.read(LONGEST_REPLY_BYTES).decode("utf-8", "replace")
            return text if reply.status == http.HTTPStatus.OK else f"HTTP {reply.status}"
    except urllib.error.HTTPError as error:
        error.close()
        return f"HTTP {error.code}"
    except (OSError, http.client.HTTPException):
        return NO_ANSWER


def was_accepted(url: str, timeout_seconds: float) -> bool:
    """Post nothing to a loopback address and tell whether it answered 200 to 299."""
    if not is_loopback(url):
        raise ValueError("not a loopback address")
    request = urllib.request.Request(url, data=b"", method="POST")  # noqa: S310 - checked above
    try:
        with _OPENER.open(request, timeout=timeout_seconds) as reply:
            return bool(reply.status < http.HTTPStatus.MULTIPLE_CHOICES)
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except (OSError, http.client.HTTPException):
        return False
