"""Run the bank: `python -m cmi_simulator`, told by CMI_* variables (see settings.py)."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
from typing import NoReturn

from werkzeug.serving import WSGIRequestHandler, make_server

from cmi_simulator.app import Simulator
from cmi_simulator.bank import Bank
from cmi_simulator.clock import running_clock
from cmi_simulator.settings import Settings, SettingsError, read

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Log errors, not every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a request's line would bury the portal's own words."""


def main() -> None:
    """Serve until a signal; exit with 1 and one line when the settings or the port are wrong."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        settings = read(os.environ)
    except SettingsError as error:
        _give_up(str(error))
    bank = Bank(settings, running_clock(settings.start), secrets.token_bytes)
    with _listening(settings) as listener:
        server = make_server(
            HOST,
            settings.port,
            Simulator(bank),
            threaded=True,
            request_handler=QuietHandler,
            fd=listener.fileno(),
        )
        print("ready", flush=True)
        server.serve_forever()


def _listening(settings: Settings) -> socket.socket:
    """Bind before werkzeug does, to say which variable changes a taken port."""
    try:
        return socket.create_server((HOST, settings.port), backlog=128)
    except OSError as error:
        _give_up(f"port {settings.port} cannot be had ({error.strerror}): set CMI_PORT to another")


def _give_up(line: str) -> NoReturn:
    print(f"cmi_simulator: {line}", file=sys.stderr)
    sys.exit(1)


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    main()
