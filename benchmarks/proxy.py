"""A TCP proxy that makes a near server a far one, and keeps account of what passes by."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

HOST = "127.0.0.1"

FAR = 0.025
"""Seconds in each direction: a round trip takes 50 ms."""

_KEPT = 4096
"""So many bytes of each piece are kept for a look at them."""


@dataclass(frozen=True)
class Piece:
    """Some bytes that arrived at the proxy.

    at: when, by time.perf_counter()
    start: the first few of the bytes
    """

    at: float
    from_client: bool
    size: int
    start: bytes


class Traffic(list[Piece]):
    """What passed by, in that order."""

    def since(self, start: int) -> Traffic:
        """Return what came after the first `start` pieces."""
        return Traffic(self[start:])

    def after_push(self) -> Traffic:
        """Return what came after the server's first word of an arrival."""
        for number, piece in enumerate(self):
            if not piece.from_client and b" EXISTS\r\n" in piece.start:
                return Traffic(self[number + 1 :])
        return Traffic()

    def bytes(self) -> int:
        """Return how many bytes passed, both ways."""
        return sum(piece.size for piece in self)

    def round_trips(self) -> int:
        """Return how often the client spoke after it had listened."""
        speakers = [False, *(piece.from_client for piece in self)]
        return sum(now and not before for before, now in pairwise(speakers))

    def commands(self) -> list[tuple[float, str]]:
        """Return when each line came from the client, and its command without the tag.

        Literals are not told from lines; nothing that is counted here has any.
        """
        found, rest = [], b""
        for piece in self:
            if piece.from_client:
                *lines, rest = (rest + piece.start).split(b"\r\n")
                found += [(piece.at, _command(line)) for line in lines if line.strip()]
        return found


def _command(line: bytes) -> str:
    words = line.decode(errors="replace").upper().split()
    if len(words) > 2 and words[1] == "UID":
        return " ".join(words[1:3])
    return words[1] if len(words) > 1 else words[0]


class Proxy:
    """Listens on a free port and passes everything on to a server, later by `delay` each way."""

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self._server_port = port
        self._delay = delay
        self.traffic = Traffic()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more connections. Those that are there end with their client."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self._server_port))
                threading.Thread(target=self._join, args=(client, server), daemon=True).start()

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what comes, until both sides have closed."""
        with client, server:
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threads = [*self._pump(client, server, True), *self._pump(server, client, False)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _pump(
        self, source: socket.socket, sink: socket.socket, from_client: bool
    ) -> tuple[threading.Thread, threading.Thread]:
        """Return the threads of one direction: two, so that no delay holds up what comes next."""
        under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        receive = (source, under_way, from_client)
        return (
            threading.Thread(target=self._receive, args=receive, daemon=True),
            threading.Thread(target=_send, args=(sink, under_way), daemon=True),
        )

    def _receive(
        self,
        source: socket.socket,
        under_way: queue.SimpleQueue[tuple[float, bytes]],
        from_client: bool,
    ) -> None:
        data = b"."
        while data:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            now = time.perf_counter()
            if data:
                self.traffic.append(Piece(now, from_client, len(data), data[:_KEPT]))
            under_way.put((now + self._delay, data))


def _send(sink: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    with suppress(OSError):  # the other side has gone
        while True:
            due, data = under_way.get()
            time.sleep(max(0.0, due - time.perf_counter()))
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
