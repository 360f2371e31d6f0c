"""AWS's services beside DynamoDB, as far as the functions call them: they answer at once.

Secrets Manager, KMS and SES on loopback; what they would do is no part of what is measured.
"""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Of nobody, and in the form that the functions ask for outside a developer's machine.
STORE_KEY = "bench-store-key-0123456789"
SECRETS = {
    "StoreKeySecret": STORE_KEY,
    "StatusApiSecret": "bench_user:bench_password",
    "TokenSecret": "bench-tokens-0123456789abcdefghijklmnopqrstuvwxyz",
}
# A signature of the right shape: two numbers of 32 bytes in DER.
SIGNATURE = bytes([0x30, 68, 0x02, 32, *[0x11] * 32, 0x02, 32, *[0x22] * 32])
JSON = "application/x-amz-json-1.1"


class _Service(BaseHTTPRequestHandler):
    """Answers by operation, whoever signed."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a call of Secrets Manager, KMS or SES."""
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation == "GetSecretValue":
            name = json.loads(asked)["SecretId"]
            value = {"current": SECRETS[name], "previous": None, "previous_until": None}
            self._answer({"Name": name, "SecretString": json.dumps(value)})
        elif operation == "Sign":
            self._answer({"Signature": base64.b64encode(SIGNATURE).decode()})
        else:
            self._answer({"MessageId": "0100018f-bench"})

    def _answer(self, document: dict[str, str]) -> None:
        content = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run the stub until the block ends, encrypted if told how; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
