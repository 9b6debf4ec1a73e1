"""TCP sockets that never block: how one is connected in time, and how it is waited for.

What waits is a selector, for at most a quarter of a second at a time, because Python can raise
Ctrl-C or Robot Framework's time-out only between two such slices where the system does not interrupt
a wait (Windows).
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
from contextlib import suppress
from typing import Any

from ImapLibrary.deadline import SLICE, Deadline
from ImapLibrary.errors import ConnectionFailed

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""As the system gives it: family, kind, protocol, name and the address itself."""


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Return a socket connected to the first address that answers."""
    addresses = _resolve(host, port, deadline)
    failure = OSError("no address")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        # One address that swallows everything must not use up the time of the others.
        share = deadline.or_sooner(deadline.remaining() / (len(addresses) - tried))
        sock = socket.socket(family, kind, protocol)
        try:
            _reach(sock, address, share)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise ConnectionFailed(
        f"Could not connect to {host} port {port}: {reason(failure)}. "
        "Is the server running, and are host and port right?"
    ) from failure


def _resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Return the addresses of a host.

    The system can't be told how long it may ask name servers, nor be interrupted: so it does that
    in a thread, which is left to itself when the time is up.
    """
    found: list[Address] = []
    failures: list[Exception] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  # it is raised where it is waited for
            failures.append(error)

    if _is_address(host):  # no name server has to be asked
        look_up()
    else:
        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        while thread.is_alive() and not deadline.passed:
            thread.join(min(SLICE, deadline.remaining()))
    failed = f"Could not connect to {host} port {port}:"
    if not found and not failures:
        raise ConnectionFailed(
            f"{failed} the name server did not answer within {deadline}. Is the network up, and is "
            "the host name right?"
        )
    for error in failures:
        if not isinstance(error, OSError | UnicodeError):
            raise error
        raise ConnectionFailed(
            f"{failed} the host name is unknown ({reason(error)}). Is it spelled right?"
        ) from error
    return found


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            socket.inet_pton(family, host)
            return True
    return False


def _reach(sock: socket.socket, address: Any, deadline: Deadline) -> None:
    sock.setblocking(False)
    # A command goes out in a few small sends. With Nagle's algorithm each of them would wait
    # until the one before is acknowledged, which can take 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    try:
        sock.connect(address)
    except BlockingIOError:
        if not ready(sock, selectors.EVENT_WRITE, deadline):
            raise TimeoutError(f"no answer within {deadline}") from None
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code)) from None


def ready(sock: socket.socket, event: int, until: Deadline) -> bool:
    """Wait until the socket is ready, and say whether it is."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, event)
        while True:
            remaining = until.remaining()
            if selector.select(min(SLICE, remaining)):
                return True
            if not remaining:
                return False


def reason(error: Exception) -> str:
    """Return the text of an operating system's error without its number."""
    if isinstance(error, ConnectionRefusedError):  # Windows needs two lines to say so
        return "connection refused"
    return getattr(error, "strerror", None) or str(error)
