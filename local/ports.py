"""Take a port on the loopback interface, or say in one line who must move."""

import socket

from local.settings import Unusable


def claim(port: int, variable: str) -> socket.socket:
    """Give a socket that listens on 127.0.0.1:`port`; raise Unusable when the port is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise Unusable(
            f"Port {port} cannot be used ({error.strerror}): stop the program that holds it, "
            f"or choose another port with {variable}=<port> make run."
        ) from error
    listening.listen(128)
    return listening


def check(port: int, variable: str) -> None:
    """Raise Unusable when a program that we are about to start could not take the port."""
    claim(port, variable).close()
