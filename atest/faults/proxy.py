"""A TCP proxy between the library and a server, in which everything can go wrong."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from servers.base import ADDRESS

CHUNK = 65536

LINGER = "hh" if os.name == "nt" else "ii"
"""How the system wants to be told how long a socket lingers when it is closed."""

BEGINNING = 0.4
"""Seconds that count as the beginning of a keyword."""

LASTS = 4096
"""A lasting fault is over after so many bytes each way, or a large email would take too long."""


class Proxy:
    """Listens on a free port and passes everything on to a server, until it is armed.

    restart_server: does what it says

    commands, answers: how many bytes came from the client and the server since it was armed
    beginning: how many had come of each when `BEGINNING` was over
    struck: whether the fault has happened
    """

    def __init__(self, port: int, restart_server: Callable[[], None]) -> None:
        self.restart_server = restart_server
        self._server_port = port
        self._links: list[Link] = []
        self.arm(None)
        self._listener = socket.create_server((ADDRESS, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            link.close()

    def arm(self, fault: Fault | None) -> None:
        """Let a fault happen from now on, once its place is reached. None disarms."""
        self.commands = self.answers = 0
        self.beginning = (0, 0)
        self.struck = False
        self._armed_at = time.monotonic()
        self._away_until = 0.0
        self._fault = fault

    def turn_away(self, seconds: float) -> None:
        """Take no new connection for so long."""
        self._away_until = time.monotonic() + seconds

    def passing(self, pipe: Pipe, data: bytes) -> None:
        """Pass on what has come through a pipe, or let the fault have it."""
        before = self.commands if pipe.from_client else self.answers
        if pipe.from_client:
            self.commands += len(data)
        else:
            self.answers += len(data)
        if time.monotonic() - self._armed_at < BEGINNING:
            self.beginning = (self.commands, self.answers)
        fault = self._fault
        if fault is None or fault.of_commands is not pipe.from_client:
            pipe.send(data)
        elif fault.lasting:
            self.struck = True
            if before < LASTS:
                fault.strike(pipe, data)
            else:
                pipe.send(data)
        elif self.struck or before + len(data) <= fault.place:
            pipe.send(data)
        else:
            self.struck = True
            safe = max(0, fault.place - before)
            if safe:
                pipe.send(data[:safe])
            fault.strike(pipe, data[safe:])

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                if time.monotonic() < self._away_until:
                    _reset(client)
                    continue
                try:
                    server = socket.create_connection((ADDRESS, self._server_port))
                except OSError:
                    _reset(client)
                else:
                    self._links.append(Link(self, client, server))


class Link:
    """A connection of a client, and the one of the proxy to the server that belongs to it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy = proxy
        self.hanging = False
        self._swallowing: Pipe | None = None
        self._sockets = (client, server)
        for each in self._sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Pipe(self, client, server, from_client=True)
        Pipe(self, server, client, from_client=False)

    def hang(self) -> None:
        """Let nothing through any more, and tell neither side."""
        self.hanging = True

    def swallow(self, pipe: Pipe) -> None:
        """Lose what comes through a pipe, until something comes through the other."""
        self._swallowing = pipe

    def loses(self, pipe: Pipe) -> bool:
        """Return whether what has come through a pipe is lost."""
        if self._swallowing is not pipe:
            self._swallowing = None
        return self._swallowing is pipe

    def close(self) -> None:
        """End both connections as a program does that is done."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Break both connections off, as a firewall does, or a program that crashes."""
        self.hanging = True  # the pipes must not say goodbye when they wake up
        for each in self._sockets:
            _reset(each)


class Pipe:
    """One direction of a link, in a thread of its own."""

    def __init__(
        self, link: Link, source: socket.socket, sink: socket.socket, *, from_client: bool
    ) -> None:
        self.link = link
        self.from_client = from_client
        self._source = source
        self._sink = sink
        threading.Thread(target=self._run, daemon=True).start()

    def send(self, data: bytes) -> None:
        """Send data on to the other side."""
        if not self.link.hanging:
            self._sink.sendall(data)

    def gather(self, seconds: float) -> bytes:
        """Return what else comes, up to a silence that lasts so long."""
        gathered = b""
        self._source.settimeout(seconds)
        try:
            while data := self._source.recv(CHUNK):
                gathered += data
        except TimeoutError:
            pass
        finally:
            self._source.settimeout(None)
        return gathered

    def _run(self) -> None:
        with suppress(OSError):  # one of the sockets was closed or reset
            while data := self._source.recv(CHUNK):
                if not self.link.loses(self):
                    self.link.proxy.passing(self, data)
        # A side that closes a hanging link is not noticed by the other.
        if not self.link.hanging:
            self.link.close()


Strike = Callable[[Pipe, bytes], None]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and where.

    strike: does it to what has come from there on
    of_commands: whether it happens to what the client sends; else to what the server sends
    place: so many bytes pass unharmed before it
    lasting: whether it goes on, on every connection; else it happens once
    """

    strike: Strike
    of_commands: bool = False
    place: int = 0
    lasting: bool = False


def _reset(sock: socket.socket) -> None:
    with suppress(OSError):
        # Without time to linger, closing is a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
        sock.shutdown(socket.SHUT_RD)  # wakes the pipe that reads, or it would stay open
    sock.close()
