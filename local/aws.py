"""The embedded AWS: moto behind one lock, on a port of its own.

The lock is what makes its transactions whole: moto's own are not, when threads meet in them.
"""

import json
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.ses.models import RawMessage, ses_backends
from werkzeug.serving import make_server

from local.template import ACCOUNT, REGION

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# How long a server that is told to stop may take to notice.
POLL_SECONDS = 0.1
READING = ("Get", "Query", "Scan", "BatchGet", "Describe", "List")
SENDING = "/v2/email/outbound-emails"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that SES took: its id, who sends it, to which addresses, the whole message."""

    id: str
    source: str
    to: tuple[str, ...]
    raw: bytes


class Locked:
    """A WSGI application that serves one request at a time.

    It sets `written` when data was written, `mailed` when a mail was sent.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self.lock = threading.Lock()
        self.written = threading.Event()
        self.mailed = threading.Event()
        self._application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Serve a request once all that came before it are served."""
        with self.lock:
            answer = list(self._application(environ, start_response))
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith("DynamoDB_") and not target.split(".")[-1].startswith(READING):
            self.written.set()
        if environ["PATH_INFO"] == SENDING:
            self.mailed.set()
        return answer


class _Handler(MotoRequestHandler):
    """Serves without a line of log for each request."""

    def log_request(self, *_: Any) -> None:  # noqa: ANN401 - werkzeug's signature
        """Say nothing."""


class Cloud:
    """AWS on this machine, served from `listening` until `stop`."""

    def __init__(self, listening: socket.socket) -> None:
        self.application = Locked(DomainDispatcherApplication(create_backend_app))
        host, port = listening.getsockname()
        self._server = make_server(
            host,
            port,
            self.application,
            threaded=True,
            request_handler=_Handler,
            fd=listening.fileno(),
        )
        threading.Thread(
            target=self._server.serve_forever, args=[POLL_SECONDS], daemon=True
        ).start()

    def mails(self) -> list[Mail]:
        """Give the mails that SES was asked to send as they are, oldest first."""
        with self.application.lock:
            sent = [mail for mail in self._mails() if isinstance(mail, RawMessage)]
        return [_mail(mail) for mail in sent]

    def take_records(self, table: str) -> list[dict[str, Any]]:
        """Take what is in a table's stream out of it, in the shape of Lambda's events.

        Read in place and emptied: moto keeps the stream inside the table, copies both in every
        transaction (0.4 s at 1 000 records), and keeps every iterator that was ever asked for.
        """
        with self.application.lock:
            found = dynamodb_backends[ACCOUNT][REGION].tables[table]
            source = f"{found.table_arn}/stream/{found.latest_stream_label}"
            shard = found.stream_shard
            if shard is None:
                return []
            written = dynamo_json_dump([record.to_json() for record in shard.items])
            shard.starting_sequence_number += len(shard.items)
            shard.items.clear()
        return [{**record, "eventSourceARN": source} for record in json.loads(written)]

    def forget_letters(self) -> None:
        """Empty the mailbox, and the list of all objects that moto keeps for its dashboard."""
        with self.application.lock:
            self._mails().clear()
            reset_model_data()

    def _mails(self) -> list[Any]:
        sent: list[Any] = ses_backends[ACCOUNT][REGION].sent_messages
        return sent

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


def _mail(sent: RawMessage) -> Mail:
    # moto joins the addresses of the request and those of the message.
    to = tuple(dict.fromkeys(address for _, address in getaddresses(sent.destinations)))
    return Mail(sent.id, sent.source, to, sent.raw_data.encode())
