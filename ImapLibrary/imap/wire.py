"""The byte stream under a connection: TCP or TLS, every operation ending by a deadline.

The standard library's buffered socket file is of no use here. It can't be asked whether a line
is already there, so that an answer which arrived together with another one is overlooked; after
one time-out it refuses to go on; and its time-out starts anew with each byte, so that a server
which dribbles holds it for ever.

The socket never blocks (`sockets`).
"""

from __future__ import annotations

import math
import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, ConnectionLost
from ImapLibrary.imap.sockets import connect, ready, reason

LONGEST_LINE = 16 * 1024 * 1024
"""A line longer than this (a SEARCH answer of two million UIDs) is taken for garbage."""

CHUNK = 256 * 1024

QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux alone has it."""

T = TypeVar("T")


class Wire:
    """A connected socket with a read buffer of its own.

    host, port: where to connect; each address of the host is tried in turn
    deadline: when connecting has to be over; set `deadline` anew for each command

    patience: seconds after which a server is given up that says nothing, before the deadline
    trial: the same until it has said something again; None from then on

    Raises ConnectionFailed if no address can be reached in time. What ends an established
    connection, or takes too long on it, is a ConnectionLost.
    """

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        self.deadline = deadline
        self.patience = math.inf
        self.trial: float | None = None
        self._heard_at = time.monotonic()
        self._buffer = bytearray()
        self._searched = 0  # so many bytes of the buffer are known to hold no line end
        self._socket = connect(host, port, deadline)

    @property
    def unused(self) -> float:
        """For how many seconds nothing has come."""
        return time.monotonic() - self._heard_at

    @property
    def local_address(self) -> str:
        """The address of this machine on the connection, as digits."""
        try:
            return str(self._socket.getsockname()[0])
        except OSError as error:  # some systems have forgotten it when the connection was reset
            raise _broken(error) from error

    @property
    def peer_address(self) -> str:
        """The address of the other end, as digits: the server's, or that of a proxy."""
        try:
            return str(self._socket.getpeername()[0])
        except OSError as error:
            raise _broken(error) from error

    @property
    def tls(self) -> tuple[str, dict[str, Any]] | None:
        """The version of TLS and the server's certificate, as `ssl` tells it; None in plain text.

        Of a certificate that was not checked, nothing is told.
        """
        if not isinstance(self._socket, ssl.SSLSocket):
            return None
        return self._socket.version() or "TLS", dict(self._socket.getpeercert() or {})

    def start_tls(self, context: ssl.SSLContext, host: str, *, agreed: bool = False) -> None:
        """Go on in TLS; the certificate is checked for `host` as `context` says.

        agreed: whether the server was asked in plain text, and agreed

        Raises OSError (ssl.SSLError) as the standard library words it, and ConnectionFailed if
        the server sent something between that and the handshake, as an attacker could have done
        (RFC 9051, section 11.1).
        """
        if self._buffer and not agreed:  # a proxy may have brought it along
            raise OSError("the server speaks plain text")
        if self._buffer:
            raise ConnectionFailed(
                "The server sent data between its agreement to STARTTLS and the TLS handshake. "
                "That is how an attack looks, so the connection was given up."
            )
        secure = context.wrap_socket(
            self._socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._socket = secure
        self._retry(secure.do_handshake)

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._send_some(rest) :]

    def send_until_line(self, data: bytes) -> int:
        """Send `data`, but no more once a line can be read, and return how much of it was sent.

        At the end of the stream the line is an empty one, as in `wait_for_line`. Go on with the rest
        or not at all: in TLS, some of it may be on its way.
        """
        rest = memoryview(data)
        while rest and not self.wait_for_line(Deadline(0)):
            rest = rest[self._send_or_hear(rest) :]
        return len(data) - len(rest)

    def readline(self) -> bytes:
        """Return the next line with its line end, less at the end of the stream."""
        if self.deadline.passed:  # or a flood that came in time keeps us busy beyond it
            raise self._late()
        while not (length := self._line_length()):
            if not self._fill():
                return self._take(len(self._buffer))
        return self._take(length)

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, less at the end of the stream."""
        while len(self._buffer) < size:
            if not self._fill():
                break
        return self._take(size)

    def skip(self, pattern: re.Pattern[bytes]) -> bytes:
        """Return what has come already and is as the pattern says, from its start; maybe nothing."""
        found = pattern.match(self._buffer)
        return self._take(found.end()) if found else b""

    def wait_for_line(self, until: Deadline) -> bool:
        """Return whether a line can be read by then; at the end of the stream it is an empty one.

        until: when to stop waiting. Unlike the wire's own deadline, passing it is no failure.
        """
        while not self._line_length():
            try:
                if not self._receive():
                    return True
            except (ssl.SSLWantReadError, BlockingIOError):
                if not ready(self._socket, selectors.EVENT_READ, until):
                    return False
            except OSError as error:
                raise _broken(error) from error
        return True

    def close(self) -> None:
        """Close the socket. Nothing is sent and nothing raised."""
        self._socket.close()

    def _send_some(self, data: memoryview) -> int:
        try:
            return self._retry(lambda: self._socket.send(data), selectors.EVENT_WRITE)
        except OSError as error:
            raise _broken(error) from error

    def _send_or_hear(self, data: memoryview) -> int:
        """Send some of `data`, or nothing as soon as there is something to read."""
        try:
            return self._socket.send(data)
        except ssl.SSLWantReadError:
            awaited = selectors.EVENT_READ
        except (ssl.SSLWantWriteError, BlockingIOError):
            awaited = selectors.EVENT_READ | selectors.EVENT_WRITE
        except OSError as error:
            # What the other end said before it hung up is still there.
            with suppress(ConnectionLost):
                self.wait_for_line(Deadline(0))
            if not self._line_length():
                raise _broken(error) from error
            return 0
        if not ready(self._socket, awaited, self.deadline):
            raise self._late()
        return 0

    def _fill(self) -> int:
        try:
            return self._retry(self._receive)
        except OSError as error:
            raise _broken(error) from error

    def _line_length(self) -> int:
        """Return how long the first line in the buffer is, 0 if its end is not there yet."""
        end = self._buffer.find(b"\n", self._searched)
        self._searched = len(self._buffer) if end < 0 else 0
        if self._searched > LONGEST_LINE:
            raise ConnectionLost("The server sent a line that does not end.")
        return end + 1

    def _receive(self) -> int:
        if self.deadline.passed:  # seen here too, for a server that never pauses never blocks
            raise self._late()
        data = self._socket.recv(CHUNK)
        self._heard_at, self.trial = time.monotonic(), None
        _acknowledge_at_once(self._socket)
        self._buffer += data
        return len(data)

    def _take(self, size: int) -> bytes:
        with memoryview(self._buffer) as view:
            taken = bytes(view[:size])
        del self._buffer[:size]
        self._searched = 0
        return taken

    def _late(self, limit: Deadline | None = None) -> ConnectionLost:
        return ConnectionLost(f"The server did not answer within {limit or self.deadline}.")

    def _limit(self) -> Deadline:
        """Return when a server has to say something that says nothing now."""
        silence = min(self.patience, self.trial or math.inf)
        return (
            self.deadline.or_sooner(silence)
            if silence < self.deadline.remaining()
            else self.deadline
        )

    def _retry(self, operation: Callable[[], T], event: int = selectors.EVENT_READ) -> T:
        """Do what a non-blocking socket refuses as soon as the socket is ready for it.

        event: what to wait for when the socket itself (rather than TLS) refuses
        """
        while True:
            try:
                return operation()
            except ssl.SSLWantReadError:
                awaited = selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                awaited = selectors.EVENT_WRITE
            except BlockingIOError:
                awaited = event
            limit = self._limit()
            if not ready(self._socket, awaited, limit):
                raise self._late(limit)


def _acknowledge_at_once(sock: socket.socket) -> None:
    """Keep the system from sitting on an acknowledgement, where it lets one ask for that.

    A server with Nagle's algorithm on (GreenMail) sends the second line of an answer only when the
    first was acknowledged: 40 ms for each command. Linux forgets the wish after a while.
    """
    if QUICKACK is not None:
        with suppress(OSError):  # an ended connection; reading tells better
            sock.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)


def _broken(error: OSError) -> ConnectionLost:
    return ConnectionLost(f"The connection broke: {reason(error)}.")
