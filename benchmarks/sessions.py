"""What opening and closing a mailbox costs."""

from __future__ import annotations

import gc
import socket
import time
from dataclasses import replace

from clients import ALL, Client
from lab import Lab, medians
from proxy import Proxy
from rawsocket import Place
from table import OURS, Row

REASONS = {
    "CAPABILITY": "the constructor of imaplib",
    "LOGIN": "the protocol",
    "AUTHENTICATE": "the protocol",
    "SELECT": "the protocol",
    "LOGOUT": "the protocol",
}
"""Who asks for a round trip. The greeting comes unasked."""


def open_and_close(lab: Lab) -> list[Row]:
    """Open and close a mailbox on each server."""
    return [row for server in ("embedded", "dovecot") for row in _on(lab, server)]


def _on(lab: Lab, server: str) -> list[Row]:
    place = lab.place(server)
    seconds: dict[str, list[float]] = {}
    for _ in range(lab.repetitions(31)):
        for kind in ALL:
            client = kind()
            begin = time.perf_counter()
            client.open(place)
            client.close()
            seconds.setdefault(client.name, []).append(time.perf_counter() - begin)
    seen = {kind.name: _observed(kind(), place) for kind in ALL}
    commands, held_back = (
        {name: len(names) for name, (names, _) in seen.items()},
        {name: sockets for name, (_, sockets) in seen.items()},
    )
    ours = [f"{name} ({REASONS.get(name, 'nobody')})" for name in seen[OURS][0]]
    what = f"open and close, {server}"
    return [
        Row(what, "ms", medians(seconds.items(), 1000)),
        Row(what, "round trips", commands, limit=len(REASONS), note=", ".join(ours)),
        Row(f"{what}: without TCP_NODELAY", "sockets", held_back, limit=0),
    ]


def _observed(client: Client, place: Place) -> tuple[list[str], int]:
    """Return the commands that it takes, and how many sockets hold small sends back."""
    with Proxy(place.port) as proxy:
        client.open(replace(place, port=proxy.port))
        held_back = sum(
            not each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for each in gc.get_objects()
            if isinstance(each, socket.socket) and _is_connected_to(each, proxy.port)
        )
        client.close()
        return [name for _, name in proxy.traffic.commands()], held_back


def _is_connected_to(each: socket.socket, port: int) -> bool:
    try:
        return bool(each.getpeername()[1] == port)
    except OSError:  # closed, or it listens
        return False
