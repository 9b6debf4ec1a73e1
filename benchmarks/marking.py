"""How long it takes to mark a full mailbox as read."""

from __future__ import annotations

import time
from dataclasses import replace

from clients import ALL, Client, ImapLibrary2
from deliverer import compose
from folder import Folder
from lab import Lab, medians
from proxy import Proxy
from table import Row

MANY = 5000


def mark(lab: Lab) -> list[Row]:
    """Mark 5,000 unread emails on Dovecot."""
    place = lab.place("dovecot")
    emails = (compose(place.user, f"Number {number}") for number in range(1, MANY + 1))
    seconds: dict[str, list[float]] = {}
    with Folder(place, emails) as folder:
        for number in range(lab.repetitions(21)):
            for kind in ALL:
                if kind is not ImapLibrary2 or number % 5 == 0:  # which takes seconds
                    seconds.setdefault(kind.name, []).append(_marked(folder, kind()))
        commands = {kind.name: _commands(folder, kind()) for kind in ALL}
    what = f"mark {MANY:,} as read"
    return [
        Row(what, "ms", medians(seconds.items(), 1000), times=1.3),
        Row(what, "commands", commands, limit=2),
    ]


def _marked(folder: Folder, client: Client, port: int | None = None) -> float:
    """Let a client mark all as read, and return how many seconds it took."""
    folder.make_unread()
    client.open(replace(folder.place, port=port or folder.place.port))
    begin = time.perf_counter()
    client.mark_all_as_read()
    seconds = time.perf_counter() - begin
    client.close()
    folder.check_read()
    return seconds


def _commands(folder: Folder, client: Client) -> int:
    """Return how many commands a client needs, between the opening and the closing."""
    with Proxy(folder.place.port) as proxy:
        _marked(folder, client, proxy.port)
        names = [name for _, name in proxy.traffic.commands()]
    between = names[names.index("SELECT") + 1 :]
    return sum(name not in ("CLOSE", "LOGOUT") for name in between)
